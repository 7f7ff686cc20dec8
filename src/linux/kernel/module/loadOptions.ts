// How a module is handed to the kernel, beside its bytes and arguments.
import type { Compression } from '../../features';

export type Syscall = 'finit_module' | 'init_module';

export interface LoadOptions {
  readonly flags: number;
  readonly syscall: Syscall;
  /** What the module's init is taken to return. */
  readonly initResult: number;
  /** How the file was compressed before whoever calls unpacked it; null when the bytes are the file's own. */
  readonly compression: Compression | null;
  /** The first bytes of that compressed file; null when there was none. */
  readonly packedHead: Uint8Array | null;
  /** Name of the process that loads, for messages that print it. */
  readonly comm: string;
  /** Refusals of the module as a whole are passed over, which no kernel does: to see what it would refuse next. */
  readonly goOn?: boolean;
}
