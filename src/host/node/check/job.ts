// What a check is about, as it is sent to every thread that takes part.
import type { ExaminedColumns } from '../../../graph/tree/columns';
import type { LoadResult } from '../../../report/types';
import type { UnpackBudget } from './unpackBudget';
import type { Finding } from '../../../findings/types';

export interface TargetChoice {
  readonly path: string;
  readonly modules?: string;
}

export interface CheckJob {
  /** Module files; a module is known by its place in this list. */
  readonly files: readonly string[];
  readonly targets: readonly TargetChoice[];
  /** Kernel command line. */
  readonly cmdline: string;
  readonly relocations: boolean;
  readonly budget: UnpackBudget;
}

/** A file that could not be read, or not be unpacked. */
export interface Unreadable {
  readonly module: number;
  /** One line that names the file. */
  readonly reason: string;
}

/** What one thread found out about the files it took. */
export interface ExaminingResult {
  /** By target. */
  readonly columns: readonly ExaminedColumns[];
  /** Of modules that are refused whatever other modules do. */
  readonly answers: readonly LoadAnswer[];
  readonly unreadable: readonly Unreadable[];
}

/** A module that has to be loaded before another. */
export interface NeededModule {
  readonly path: string;
  /** What it needs itself, by places in the same list. */
  readonly needs: readonly number[];
}

/** One module to be loaded on a machine of its own. */
export interface LoadTask {
  readonly target: number;
  readonly module: number;
  readonly path: string;
  /** Modules to be loaded first, in this order. */
  readonly dependencies: readonly NeededModule[];
  /** Modules of the kernel's own whose files are not at hand, as Module.symvers names them; they count as loaded. */
  readonly listed: readonly string[];
  /** Some of them clash with others: nothing may be taken from another machine. */
  readonly apart: boolean;
}

/** What the loader says of one module, as far as a check reports it. */
export interface LoadAnswer {
  readonly target: number;
  readonly module: number;
  readonly name: string;
  readonly verdict: LoadResult['verdict'];
  readonly errno: number;
  readonly errnoName: string | null;
  readonly depends: readonly string[];
  readonly findings: readonly Finding[];
  /** Reasons why a stage could not be checked. */
  readonly notChecked: readonly string[];
  /** Dependencies that would be refused themselves. */
  readonly refusedDependencies: readonly string[];
}
