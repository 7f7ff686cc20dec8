// What the replay needs of the library (src/index.ts): its contract, and the one place where the two are connected.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { System, type LoadResult } from '../../../src/index';
import { readKernelImage } from '../../../src/host/node/kernelImages';
import { readSnapshot } from '../../../src/host/node/targets';
import type { KernelFacts } from '../../../src/target/types';
import { KERNELS, labKernel, labRelease } from './kernels';
import { recordedDir } from './paths';
import type { LogLine, Syscall } from './recording';

export interface EngineLogLine {
  readonly level: number;
  readonly text: string;
}

export interface EngineSection {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export interface EngineRegion {
  readonly name: string;
  readonly sections: readonly EngineSection[];
}

export interface EngineParameter {
  readonly name: string;
  readonly perm: number;
  /** As sysfs prints it; null when the engine cannot know. */
  readonly value: string | null;
}

/** The parts of an insmod result that a real kernel lets us see. */
export interface EngineResult {
  readonly module: { readonly name: string };
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  readonly errno: number;
  readonly log: readonly EngineLogLine[];
  readonly taints: string;
  readonly layout: { readonly regions: readonly EngineRegion[]; readonly coresize: number };
  readonly params: readonly EngineParameter[];
  readonly findings: readonly { readonly code: string }[];
}

export interface EngineRemoval {
  readonly errno: number;
  readonly log: readonly EngineLogLine[];
}

/** One entry of `System.modules`. */
export interface EngineModule {
  readonly name: string;
  readonly coresize: number;
  readonly refcount: number;
  readonly holders: readonly string[];
  readonly taints: string;
  readonly params: readonly EngineParameter[];
}

export interface EngineSystem {
  insmod(
    file: { path: string; bytes: Uint8Array },
    args: string,
    options: { flags: number; syscall: Syscall; initResult: number },
  ): EngineResult;
  rmmod(name: string, options: { flags: number }): EngineRemoval;
  readonly modules: readonly EngineModule[];
}

/** A recorded kernel, ready to be booted any number of times. */
export interface EngineTarget {
  boot(cmdline: string): EngineSystem;
}

/** How a module is put into a system: as the library does, or watched. */
export type Insmod = (system: System, ...args: Parameters<System['insmod']>) => LoadResult;

const plainly: Insmod = (system, file, args, options) => system.insmod(file, args, options);

/**
 * The engine's picture of the kernel that was recorded, read from recorded/RELEASE/target.json.br; null where that
 * kernel has none, and the replay then says that it did not run.
 */
export function loadRecordedTarget(release: string, insmod?: Insmod): EngineTarget | null {
  const facts = storedFacts(release);
  return facts && targetOf(facts, insmod);
}

/**
 * The recorded facts, with the BTF of that kernel where its image is in the lab: it is megabytes, and the modules whose
 * types are checked against it are there as well. null where that kernel has none.
 */
export async function recordedFacts(release: string): Promise<KernelFacts | null> {
  const facts = storedFacts(release);
  const inLab = KERNELS.find(({ key }) => labRelease(key) === release);
  if (!facts || !inLab) return facts;
  return withBtfOf(facts, labKernel(inLab.key).vmlinuz);
}

/** Facts with the BTF of the image they are of. */
export async function withBtfOf(facts: KernelFacts, vmlinuz: string): Promise<KernelFacts> {
  const bytes = (await readKernelImage(vmlinuz)).readBtf();
  return bytes ? { ...facts, btf: { bytes, source: `.BTF of ${path.basename(vmlinuz)}` } } : facts;
}

function storedFacts(release: string): KernelFacts | null {
  const file = path.join(recordedDir(release), TARGET_FILE);
  return existsSync(file) ? readSnapshot(file) : null;
}

/** A kernel of these facts. */
export function targetOf(facts: KernelFacts, insmod: Insmod = plainly): EngineTarget {
  return {
    boot(cmdline) {
      const system = new System(facts, { cmdline });
      return {
        insmod: (module, args, options) => insmod(system, module, args, options),
        rmmod: (name, options) => system.rmmod(name, options),
        get modules() {
          return system.modules;
        },
      };
    },
  };
}

/** The snapshot beside a recording. */
export const TARGET_FILE = 'target.json.br';

/** The engine's log in the form of a recording. */
export function logLines(log: readonly EngineLogLine[]): LogLine[] {
  return log.map(({ level, text }): LogLine => [level, text]);
}
