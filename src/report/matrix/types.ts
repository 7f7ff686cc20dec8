// Several modules against several kernels: what `insmod-lens matrix --format json` prints.
import type { Finding } from '../../findings/types';

export interface Matrix {
  readonly schema: 1;
  /** The kernels, in the order asked for. */
  readonly kernels: readonly { readonly release: string; readonly arch: string; readonly target: string }[];
  readonly modules: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly name: string;
  readonly path: string;
  /** One for each kernel, in their order. */
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  /** Positive errno, 0 for a module that loads. */
  readonly errno: number;
  readonly errnoName: string | null;
  /** Code of the first finding that refuses the module or fails its init; null where nothing does. */
  readonly check: string | null;
  /** The message of that finding; for an unchecked module what was not checked. */
  readonly reason: string | null;
  /** Modules that were loaded first, or would have to be. */
  readonly needs: readonly string[];
  readonly findings: readonly Finding[];
  /** What would come next if the kernel did not refuse the module as a whole. */
  readonly next: readonly Finding[];
  /** With --source: what a build for that kernel would not change. */
  readonly source?: SourceComparison;
}

/** The symbols a module's source asks for, held against one kernel and what the module needs there. */
export interface SourceComparison {
  /** Whether the module would load if it were built for this kernel, as far as its symbols go. */
  readonly fits: boolean;
  /** Codes of findings that a build for this kernel settles, e.g. vermagic, symbol-version. */
  readonly settledByBuild: readonly string[];
  /** Codes of other findings that refuse the module. */
  readonly otherwise: readonly string[];
  /** Symbols that nobody exports. */
  readonly missing: readonly string[];
  /** Symbols kept for GPL-compatible modules, which this one is not. */
  readonly gplOnly: readonly string[];
  /** Symbols in a namespace that the module does not import. */
  readonly namespaces: readonly { readonly symbol: string; readonly namespace: string }[];
}
