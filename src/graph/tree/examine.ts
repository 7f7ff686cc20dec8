// What one module of a tree does by itself: the loader tries it, with the symbols of other modules left open.
import { told } from '../../findings/all';
import { noteText, type Note } from '../../findings/notes';
import type { VerifyPkcs7 } from '../../target/types';
import { rememberingVerdicts } from '../../linux/crypto/asymmetric_keys/rememberedVerdicts';
import type { Packing } from '../../linux/kernel/module/loadOptions';
import type { Kernel, Load, Machine } from '../../linux/kernel/module/types';
import { infoValues } from '../../linux/kernel/module/loadInfo';
import { loadModule, type LoadOutcome } from '../../linux/kernel/module/loadModule';
import { bootMachine, justBooted } from '../../linux/kernel/module/machine';
import { bsearchExport } from '../../linux/kernel/module/moduleExports';
import { newLoad } from '../../linux/kernel/module/newLoad';
import { TAINT_PROPRIETARY_MODULE } from '../../linux/kernel/module/taints';
import type { Examined, ExaminedExport } from './examined';
import { readLoosely, readOpen } from './readLoosely';
import { Trial } from '../../linux/kernel/module/trial';

/** What came of a trial. */
export type Verdict =
  | { readonly kind: 'passes'; readonly examined: Examined }
  /** No other module has a say in it. */
  | { readonly kind: 'answered'; readonly load: Load; readonly outcome: LoadOutcome }
  /** The loader has to be asked again, with what the module needs loaded. */
  | { readonly kind: 'open'; readonly load: Load };

export interface ExamineOptions {
  /** Kernel command line. */
  readonly cmdline: string;
  /** false leaves out relocations of what the loader does not read later. */
  readonly relocations: boolean;
}

const NONE: readonly ExaminedExport[] = [];

/** As insmod and kmod ask. */
const LOAD = { flags: 0, syscall: 'finit_module', initResult: 0, comm: 'insmod' } as const;

const NOT_PACKED: Packing = { compression: null, packedHead: null };

export class Examiner {
  private readonly trial: Trial;
  private readonly machine: Machine;
  private readonly texts = new WeakMap<Note, string>();

  constructor(kernel: Kernel, verify: VerifyPkcs7, { cmdline, relocations }: ExamineOptions) {
    this.trial = new Trial(kernel.features.addresses.moduleArea, relocations);
    this.machine = bootMachine(kernel, cmdline, rememberingVerdicts(verify), null, null, this.trial);
  }

  /**
   * Tries a module; `file` is unpacked. `passes` means: it would load with no warning beside any other modules, provided that
   * the symbols it leaves open are exported.
   */
  examine(file: Uint8Array, packing = NOT_PACKED): Verdict {
    const { trial } = this;
    trial.begin();
    const load = newLoad(justBooted(this.machine), file, '', { ...LOAD, ...packing });
    const outcome = loadModule(load);
    if (outcome.loads && !trial.undecided && isQuiet(load) && exportsAreFound(load))
      return { kind: 'passes', examined: this.examined(load) };
    return isFinal(load, trial) ? { kind: 'answered', load, outcome } : { kind: 'open', load };
  }

  /** What a module that does not pass imports and exports. */
  needsOf({ load }: Exclude<Verdict, { kind: 'passes' }>, file: Uint8Array, path: string): Examined {
    const isBound = load.stages.some(({ name }) => name === 'simplify_symbols');
    if (isBound) return readOpen(load, this.trial.open, path);
    const read = readLoosely(file, path, load.machine.kernel);
    return load.mod.name === '' ? read : { ...read, name: load.mod.name };
  }

  private examined(load: Load): Examined {
    const { mod, info } = load;
    const notChecked: string[] = [];
    for (const { outcome, notes } of load.stages)
      if (outcome === 'not-checked') for (const reason of notes) notChecked.push(this.textOf(reason));
    return {
      name: mod.name,
      imports: this.trial.open,
      exports: mod.exports.length === 0 ? NONE : mod.exports.flatMap(({ entries }) => entries),
      namespaces: infoValues(info, 'import_ns'),
      percpu: mod.percpuSize,
      unchecked: load.unchecked.length > 0,
      notChecked,
    };
  }

  /** Modules of a tree mostly lack the same. */
  private textOf(reason: Note): string {
    let text = this.texts.get(reason);
    if (text === undefined) this.texts.set(reason, (text = noteText(reason)));
    return text;
  }
}

/**
 * Whether the answer is the same on a machine with other modules. Until memory is laid out none of them is asked about, and
 * later only by those who leave symbols open; but for lines that are printed only once.
 */
function isFinal({ regions, machine }: Load, { open, undecided }: Trial): boolean {
  return machine.printed.size === 0 && (regions.length === 0 || (open.length === 0 && !undecided));
}

/** Look-ups search by halves and miss names in an unsorted table; and some tables of old kernels have rules of their own. */
function exportsAreFound({ mod }: Load): boolean {
  return mod.exports.every(
    exports =>
      (exports.table === '' || exports.table === '_gpl') &&
      exports.entries.every(entry => bsearchExport(exports, entry.name) === entry),
  );
}

/** Nothing to report, and nothing about it that would change how other modules may use each other's symbols. */
function isQuiet({ findings, mod }: Load): boolean {
  const isReported = findings.some(({ definition, facts }) => {
    const severity = told(definition.severity, facts);
    return severity === 'error' || severity === 'warning';
  });
  return !isReported && (mod.taints & (1 << TAINT_PROPRIETARY_MODULE)) === 0;
}
