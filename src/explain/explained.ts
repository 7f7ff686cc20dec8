// What a log says of one thing: by lines of the kernel, or by lines of a tool.
import type { Severity } from '../findings/types';
import type { CauseId } from './causes';
import type { Advice, Effect } from './causes/types';

/** Something the log says, once for each module and cause. */
export interface Explained {
  /** Codes of findings that print this; several where the line alone cannot tell which, none where no finding does. */
  readonly codes: readonly string[];
  /** Name of the cause in the tables; null for a finding whose page says everything. */
  readonly cause: CauseId | null;
  readonly effect: Effect;
  readonly severity: Severity;
  readonly module: string | null;
  /** The first of {@link symbols}. */
  readonly symbol: string | null;
  readonly symbols: readonly string[];
  /** Messages of the log without what stands before them, in their order. */
  readonly lines: readonly string[];
  /** What a finding says of it, where the line tells enough for that. */
  readonly explanation: string | null;
  readonly advice: Advice | null;
}

/** Lines of insmod, modprobe or another tool, once for each errno or cause. */
export interface ExplainedTool {
  readonly lines: readonly string[];
  /** The first of {@link modules}; null where the lines name none. */
  readonly module: string | null;
  readonly modules: readonly string[];
  readonly errno: number | null;
  /** Findings this errno may come from: the line itself does not tell. */
  readonly causes: readonly string[];
  readonly cause: CauseId | null;
  readonly effect: Effect;
  readonly advice: Advice;
}

/** Whether a line says that a module was refused or crashed. */
export const isFailure = ({ effect }: { readonly effect: Effect }): boolean =>
  effect === 'refused' || effect === 'crashed';

/** Whether it is of a tool; everything else is of the kernel. */
export const isOfTool = (one: Explained | ExplainedTool): one is ExplainedTool => 'errno' in one;
