// What is known of one module of a tree once it was tried.
import type { OpenImport } from '../../linux/kernel/module/trial';

/** What a trial found out about one module; valid until the next one begins. */
export interface Examined {
  readonly name: string;
  readonly imports: readonly OpenImport[];
  readonly exports: readonly ExaminedExport[];
  /** Values of import_ns. */
  readonly namespaces: readonly string[];
  /** Bytes of per-cpu memory. */
  readonly percpu: number;
  /** Something essential could not be checked. */
  readonly unchecked: boolean;
  /** Why something could not be checked. */
  readonly notChecked: readonly string[];
}

export interface ExaminedExport {
  readonly name: string;
  /** null when the module supplies none, or its kernel looks at none. */
  readonly crc: number | null;
  readonly namespace: string | null;
}
