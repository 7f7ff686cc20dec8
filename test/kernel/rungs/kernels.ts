// The kernels between 6.12 and 7.3, as Debian's backports had them one after the other. Of most the archive keeps the image
// and no headers, so the image is the target, and fixtures are those of a neighbor, stamped anew.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { labRelease, type KernelChoice } from '../lib/kernels';
import { labDir, kernelTestDir } from '../lib/paths';
import type { BootedKernel } from '../lib/record';

const SUITE = { suite: 'trixie-backports', archive: 'main', compiler: 'gcc-14' } as const;

/** Recorded kernels whose fixtures are used. From 6.19 on, exports have a table of flags, as in 7.2. */
const BASES = { before: '6.12.117+deb13-amd64', behind: '7.2.12+deb14-amd64' } as const;

export interface RungChoice extends KernelChoice {
  /** The release whose fixtures are stamped for this kernel. */
  readonly base: string;
}

export const RUNGS: readonly RungChoice[] = [
  ...['6.16', '6.17', '6.18'].map(key => ({ key, ...SUITE, base: BASES.before })),
  ...['6.19', '7.0', '7.1', '7.3'].map(key => ({ key, ...SUITE, base: BASES.behind })),
];

export function rungChoice(key: string): RungChoice {
  const choice = RUNGS.find(rung => rung.key === key);
  if (!choice) throw new Error(`unknown kernel ${key}`);
  return choice;
}

/** The kernel that a recording is of. */
export function rungOfRelease(release: string): RungChoice {
  return rungChoice(release.split('.', 2).join('.'));
}

/** Where recordings of these kernels are. */
export function rungRecordedRoot(): string {
  return path.join(kernelTestDir(), 'rungs', 'recorded');
}

export function rungCasesFile(release: string): string {
  return path.join(rungRecordedRoot(), release, 'cases.jsonl.br');
}

/** Releases that have a recording. */
export function rungReleases(): string[] {
  return existsSync(rungRecordedRoot()) ? readdirSync(rungRecordedRoot()) : [];
}

/** A kernel of the rungs whose image is in the lab. */
export function rungKernel(key: string): BootedKernel {
  const dir = path.join(labDir(), key);
  const release = labRelease(key);
  if (release === null) throw new Error(`kernel ${key} is not in ${dir}`);
  const modules = path.join(dir, 'usr/lib/modules', release);
  const images = [path.join(dir, 'boot', `vmlinuz-${release}`), path.join(modules, 'vmlinuz')];
  const vmlinuz = images.find(existsSync);
  if (vmlinuz === undefined) throw new Error(`none of these exists: ${images.join(' ')}`);
  return { key, release, vmlinuz, modules };
}
