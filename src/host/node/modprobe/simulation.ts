// modprobe on a machine: each step simulated on one System, commands only told of.
import { statIfThere } from '../files';
import { decodeUtf8 } from '../../../formats/bytes/strings';
import { ENOENT, errnoName } from '../../../linux/errno';
import type { InsertMachine } from '../../../kmod/insert';
import type { KmodModule } from '../../../kmod/moduleLookup';
import { expandCommand, type ProbeStep } from '../../../kmod/probe';
import type { RemoveMachine } from '../../../kmod/remove';
import type { LoadResult, LogLine, System } from '../../../index';
import { readModule } from '../decompress';

/** What was done, or would be; all text is Unicode. */
export interface SimulatedStep {
  readonly action: 'insmod' | 'rmmod' | 'install' | 'remove' | 'builtin';
  readonly module: string;
  /** The file of insmod. */
  readonly path: string | null;
  /** Parameters, or the command of `install` and `remove`, which is not run. */
  readonly text: string;
  readonly errno: number;
  readonly errnoName: string | null;
  readonly log: readonly LogLine[];
  /** Of insmod, where the file was there. */
  readonly result: LoadResult | null;
}

export interface SimulationOptions {
  /** Flags of finit_module: 1 ignore modversions, 2 ignore vermagic. */
  readonly insertFlags: number;
  /** Flags of delete_module. */
  readonly removeFlags: number;
  readonly tell: (step: SimulatedStep) => void;
  /** A complaint of modprobe -r; true when modprobe ends with it. */
  readonly complain: (text: string) => boolean;
}

/** A file of that path, which is a byte string. */
export function existsFile(path: string): boolean {
  return statIfThere(Buffer.from(path, 'latin1')) !== null;
}

export function simulationOn(system: System, options: SimulationOptions): InsertMachine & RemoveMachine {
  const { tell, complain } = options;
  const find = (name: string) => system.modules.find(module => module.name === name) ?? null;
  const command = (action: 'install' | 'remove', module: KmodModule, text: string): number => {
    tell({ ...plainStep(action, module.name), text: decodeUtf8(text) });
    return 0;
  };
  return {
    isLoaded: name => find(name) !== null,
    holders: name => find(name)?.holders ?? [],
    useCount: name => find(name)?.refcount ?? null,
    complain,
    run: (module, text) => command('remove', module, expandCommand(text, '')),
    remove: name => {
      const { errno, errnoName, log } = system.rmmod(name, { flags: options.removeFlags });
      tell({ ...plainStep('rmmod', name), errno, errnoName, log });
      return errno;
    },
    insert: async step => {
      if (step.command !== null)
        return command('install', step.module, expandCommand(step.command, step.options.trimEnd()));
      const done = await insert(system, step, options.insertFlags);
      tell(done);
      return done.errno;
    },
  };
}

async function insert(system: System, step: ProbeStep, flags: number): Promise<SimulatedStep> {
  const told = stepOf(step);
  // A name that stands for nothing, or a modules.dep that is older than the tree.
  if (step.path === null || !existsFile(step.path)) return { ...told, errno: ENOENT, errnoName: errnoName(ENOENT) };
  const path = Buffer.from(step.path, 'latin1').toString();
  const result = system.insmod(await readModule(path), step.options, { flags, comm: 'modprobe' });
  return { ...told, errno: result.errno, errnoName: result.errnoName, log: result.log, result };
}

/** A step before it is done. */
export function stepOf({ module, path, builtin, command, options }: ProbeStep): SimulatedStep {
  const name = decodeUtf8(module.name);
  if (command !== null) return { ...plainStep('install', name), text: decodeUtf8(command) };
  if (path === null && builtin) return plainStep('builtin', name);
  return { ...plainStep('insmod', name), path: path && decodeUtf8(path), text: decodeUtf8(options) };
}

/** A step without anything to say of it. */
export function plainStep(action: SimulatedStep['action'], module: string): SimulatedStep {
  return { action, module, path: null, text: '', errno: 0, errnoName: null, log: [], result: null };
}
