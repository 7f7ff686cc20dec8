// What one module of a tree does by itself: the loader tries it, with the symbols of other modules left open.
import type { VerifyPkcs7 } from '../../target/types';
import { rememberingVerdicts } from '../../linux/crypto/asymmetric_keys/rememberedVerdicts';
import type { Kernel } from '../../linux/kernel/module/kernel';
import { infoValues } from '../../linux/kernel/module/loadInfo';
import { loadModule } from '../../linux/kernel/module/loadModule';
import { bootMachine } from '../../linux/kernel/module/machine';
import { bsearchExport } from '../../linux/kernel/module/moduleExports';
import { newLoad } from '../../linux/kernel/module/newLoad';
import { TAINT_PROPRIETARY_MODULE } from '../../linux/kernel/module/taints';
import { Trial, type OpenImport } from '../../linux/kernel/module/trial';
import type { Load, Machine } from '../../linux/kernel/module/types';

/** What a trial found out about one module. */
export interface Examined {
  readonly name: string;
  readonly imports: readonly OpenImport[];
  readonly exports: readonly ExaminedExport[];
  /** Values of import_ns. */
  readonly namespaces: readonly string[];
  /** Bytes of per-cpu memory. */
  readonly percpu: number;
  /** Why something could not be checked. */
  readonly notChecked: readonly string[];
}

export interface ExaminedExport {
  readonly name: string;
  /** null when the module supplies none, or its kernel looks at none. */
  readonly crc: number | null;
  readonly namespace: string | null;
}

export interface ExamineOptions {
  /** Kernel command line. */
  readonly cmdline: string;
  /** false leaves out relocations of what the loader does not read later. */
  readonly relocations: boolean;
}

/** As insmod and kmod ask. */
const LOAD = { flags: 0, syscall: 'finit_module', initResult: 0, compression: null, comm: 'insmod' } as const;

export class Examiner {
  private readonly trial: Trial;
  private readonly machine: Machine;

  constructor(kernel: Kernel, verify: VerifyPkcs7, { cmdline, relocations }: ExamineOptions) {
    this.trial = new Trial(kernel.arch.addresses.moduleArea, relocations);
    this.machine = bootMachine(kernel, cmdline, rememberingVerdicts(verify), null, null, this.trial);
  }

  /**
   * Tries an uncompressed module file. Null unless it would load with nothing to say beyond notices, whatever other
   * modules are there, as long as what it leaves open is exported.
   */
  examine(file: Uint8Array): Examined | null {
    const { trial } = this;
    trial.begin();
    const machine = { ...this.machine, modules: [], taints: 0, printed: new Set<string>() };
    const load = newLoad(machine, file, '', LOAD);
    if (!loadModule(load).loads || trial.addressesMatter || !isQuiet(load)) return null;
    const { mod, info } = load;
    // Look-ups search by halves: in an unsorted table they miss some names. And tables of old kernels have rules of their own.
    for (const exports of mod.exports) {
      if (exports.table !== '' && exports.table !== '_gpl') return null;
      if (exports.entries.some(entry => bsearchExport(exports, entry.name) !== entry)) return null;
    }
    return {
      name: mod.name,
      imports: trial.open.slice(),
      exports: mod.exports.flatMap(({ entries }) => entries),
      namespaces: infoValues(info, 'import_ns'),
      percpu: mod.percpuSize,
      notChecked: load.stages.flatMap(({ outcome, notes }) => (outcome === 'not-checked' ? notes : [])),
    };
  }
}

/** Nothing to report, and nothing about it that would change how other modules may use each other's symbols. */
function isQuiet({ findings, mod }: Load): boolean {
  const isReported = findings.some(({ severity }) => severity === 'error' || severity === 'warning');
  return !isReported && (mod.taints & (1 << TAINT_PROPRIETARY_MODULE)) === 0;
}
