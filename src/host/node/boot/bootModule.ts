// A module on its target's real kernel, and beside it what the simulation says: everything from a file to the report.
import { note, noteText } from '../../../findings/notes';
import { english, type Translate } from '../../../findings/words';
import { openObject } from '../../../formats/ko/objectFile';
import { System, type KernelFacts, type ModuleFile, type RmmodResult } from '../../../index';
import { strerror } from '../../../linux/errno';
import type { TargetChoice } from '../../../protocol/analysis';
import { compareBoot, type Simulated } from '../../../report/boot/compare';
import { summarise } from '../../../report/boot/summary';
import { crashFrames } from '../../../report/boot/crashFrames';
import type { BootReport } from '../../../report/boot/types';
import { readModule } from '../decompress';
import { InputError } from '../files';
import type { Needs } from '../needs/loadNeeds';
import { loadNeedsOf, modulesDirectory } from '../openChoice';
import { withKernel, type BootedKernel } from './bootImage';
import { placeFrames } from './crashPlaces';
import { debugScript, withoutInit } from './debugScript';
import { machineFor } from './machines';
import { findQemu } from './qemu';
import { runBoot, type BootOptions } from './runBoot';
import { loadStep, removeStep } from './steps';
import { symbolFile } from './symbolFile';

export interface BootRequest {
  readonly file: ModuleFile;
  readonly facts: KernelFacts;
  readonly target: TargetChoice;
  /** Parameters in one string, one char for each byte. */
  readonly args: string;
  readonly flags: number;
  readonly syscall: 'finit_module' | 'init_module';
  /** Words of the kernel command line. */
  readonly cmdline: string;
  /** Files of modules to load before everything else. */
  readonly loaded: readonly string[];
  /** The image to boot; null to look beside the target. */
  readonly image: string | null;
  /** QEMU's program, or the directory it is in; null for PATH. */
  readonly qemu: string | null;
  /** Whether the module stays loaded. */
  readonly keep: boolean;
}

export interface BootControls extends Pick<BootOptions, 'timeout' | 'accelerator' | 'signal' | 'onLine'> {
  /** What is loaded before the module, and what of it is not at hand. */
  readonly told?: (loaded: readonly string[], absent: readonly string[]) => void;
  /** Words of the summary; English without. */
  readonly t?: Translate;
}

/** Name of the process that loads: a few messages print it. */
const INIT = 'init';

/** Boots and loads. Throws InputError where QEMU, an image or a file is missing. */
export async function bootModule(request: BootRequest, controls: BootControls): Promise<BootReport> {
  const equipment = equip(request);
  return withKernel(request, kernel => bootKernel(request, controls, equipment, kernel));
}

async function bootKernel(
  request: BootRequest,
  controls: BootControls,
  equipment: Equipment,
  { image, bootable, modules }: BootedKernel,
): Promise<BootReport> {
  const { file, facts, args, flags, syscall, keep, cmdline } = request;
  const before = await neededFiles(request, modules, controls);
  const untouched = simulate(request, before, 0);
  const { name } = untouched.result.module;
  const steps = [
    ...before.map(each => loadStep({ ...each, isAsked: false })),
    loadStep({ ...file, args, flags, syscall, name }),
    ...(keep ? [] : [removeStep(name)]),
  ];
  const real = await runBoot(steps, { ...equipment, image: await bootable, cmdline, ...controls });
  const load = real.steps[before.length] ?? null;
  const removal = real.steps[before.length + 1] ?? null;
  // The simulation takes the result of the real init, which it never runs.
  const initResult = load?.initReturned ?? 0;
  const simulated = initResult === 0 ? untouched : simulate(request, before, initResult);
  const compared = load ? compareBoot(simulated, load, removal) : [];
  // Another image than the target's may have been given.
  const booted = bootedRelease(real) ?? facts.release;
  const { verdict, summary } = summarise(name, booted, real, before.length, strerror);
  const names = steps.flatMap(step => (step.op === 'insmod' ? step : []));
  return {
    schema: 1,
    module: { name, path: file.path },
    kernel: { release: facts.release, arch: facts.arch, image },
    verdict,
    summary: noteText(summary, controls.t ?? english),
    frames: await placeFrames(verdict === 'crashed' ? crashFrames(real.console) : [], names),
    real,
    simulated: simulated.result,
    facts: compared,
    agrees: compared.every(({ outcome }) => outcome !== 'differs'),
  };
}

/** The release that a kernel has for itself; null for one that never came so far. */
const bootedRelease = ({ version }: Pick<BootReport['real'], 'version'>): string | null =>
  /^Linux version (\S+)/.exec(version ?? '')?.[1] ?? null;

export interface DebugControls extends Pick<BootControls, 'timeout' | 'signal' | 'onLine' | 'told'> {
  readonly port: number;
  /** Is given the script when a debugger may connect. */
  readonly ready: (script: string) => void;
}

/**
 * Boots twice: first with the module's init out of reach, to learn where everything lies, then with a debugger that starts the
 * machine and stops it before init. Ends with the machine. Throws as {@link bootModule}.
 */
export async function debugModule(request: BootRequest, controls: DebugControls): Promise<void> {
  const equipment = equip(request);
  return withKernel(request, kernel => debugKernel(request, controls, equipment, kernel));
}

async function debugKernel(
  request: BootRequest,
  controls: DebugControls,
  equipment: Equipment,
  { bootable, scratch, modules }: BootedKernel,
): Promise<void> {
  const { file, args, flags, syscall, cmdline } = request;
  const { port, ready, told, onLine, ...rest } = controls;
  const before = await neededFiles(request, modules, told === undefined ? {} : { told });
  const { result } = simulate(request, before, 0);
  const files = [
    ...before.map(each => ({ ...each, args: '' })),
    { ...file, args, flags, syscall, name: result.module.name },
  ];
  // Under emulation a breakpoint may be set before there is code.
  const booting = { ...equipment, image: await bootable, cmdline, accelerator: 'tcg' as const, ...rest };
  const steps = files.map(loadStep);
  const last = steps.length - 1;
  const trial = steps.map((step, i) => (i === last ? { ...step, bytes: withoutInit(step.bytes) } : step));
  const real = await runBoot(trial, booting);
  const learnt = files.flatMap((each, i) => {
    const step = real.steps[i];
    return step?.shown ? { symbols: symbolFile(each.path, each.bytes, scratch), bytes: each.bytes, step } : [];
  });
  if (learnt.length <= last) {
    const { summary } = summarise(result.module.name, request.facts.release, real, last, strerror);
    throw new InputError(file.path, note('nothing-to-debug', { reason: summary }));
  }
  ready(debugScript(equipment.machine, learnt, port));
  await runBoot(steps, { ...booting, ...(onLine && { onLine }), debugPort: port });
}

type Equipment = Pick<BootOptions, 'machine' | 'program'>;

/** What runs the kernel of a request. */
function equip({ facts, target, qemu }: BootRequest): Equipment {
  const machine = machineFor(facts.arch, target.path);
  return { machine, program: findQemu(machine, qemu) };
}

/** Modules to load first: those asked for, then what the module needs, in the order of the simulation. */
async function neededFiles(
  request: BootRequest,
  modules: BootedKernel['modules'],
  { told }: Pick<BootControls, 'told'>,
): Promise<ModuleFile[]> {
  const { file, facts, target, cmdline } = request;
  const files: ModuleFile[] = [];
  for (const each of request.loaded) files.push(await plainFile(each));
  const object = openObject(file.bytes);
  if (!object) return files;
  const needs = (directory: string | null): Promise<Needs> => {
    const system = new System(facts, { cmdline });
    for (const each of files) system.insmod(each);
    return loadNeedsOf(system, { path: file.path, object }, { facts, modules: directory, cmdline });
  };
  const beside = modulesDirectory(target);
  const first = await needs(beside);
  // Modules that are in packages are written out only for the few modules that need others.
  const { loaded, absent } = isWhole(first) || beside !== null ? first : await needs(await modules());
  const missing = [...absent];
  for (const need of loaded) {
    if (need.path === null) missing.push(need.name);
    else files.push(await plainFile(need.path));
  }
  told?.(
    loaded.flatMap(need => (need.path === null ? [] : need.name)),
    missing,
  );
  return files;
}

/** Whether everything that a module needs is at hand. */
const isWhole = ({ loaded, absent }: Needs): boolean =>
  absent.length === 0 && loaded.every(({ path: file }) => file !== null);

async function plainFile(file: string): Promise<ModuleFile> {
  const { bytes } = await readModule(file);
  return { path: file, bytes };
}

function simulate(request: BootRequest, before: readonly ModuleFile[], initResult: number): Simulated {
  const { file, facts, args, flags, syscall, cmdline, keep } = request;
  const system = new System(facts, { cmdline });
  for (const each of before) system.insmod(each, '', { comm: INIT });
  const result = system.insmod(file, args, { flags, syscall, initResult, comm: INIT });
  const { modules } = system;
  const removal: RmmodResult | null = keep ? null : system.rmmod(result.module.name);
  return { result, modules, removal };
}
