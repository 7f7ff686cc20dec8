// How a module is handed to the kernel, beside its bytes and arguments.
import type { Compression } from '../../features';

export type Syscall = 'finit_module' | 'init_module';

export interface LoadOptions {
  readonly flags: number;
  readonly syscall: Syscall;
  /** What the module's init is taken to return. */
  readonly initResult: number;
  /** The format of the file, when the caller has unpacked it; null for a plain file. */
  readonly compression: Compression | null;
  /** The first bytes of that compressed file; null for a plain file. */
  readonly packedHead: Uint8Array | null;
  /** Name of the process that loads, for messages that print it. */
  readonly comm: string;
  /** Refusals of the module as a whole are passed over, which no kernel does: to see what it would refuse next. */
  readonly goOn?: boolean;
}

/** The file that a module was unpacked from, as far as the loader looks at it. */
export type Packing = Pick<LoadOptions, 'compression' | 'packedHead'>;
