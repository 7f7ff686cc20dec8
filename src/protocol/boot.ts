// What the extension asks about a module on a real kernel, and what it hears while the machine runs. Plain data.
import type { AnalyseRequest, TargetChoice } from './analysis';
import type { BootReport } from '../report/boot/types';

export interface BootEditorRequest {
  /** The module, its parameters, the command line and what is loaded first. */
  readonly request: AnalyseRequest;
  readonly target: TargetChoice;
  /** The image to boot; null to look beside the target. */
  readonly image: string | null;
  /** QEMU's program, or the directory it is in; null for PATH. */
  readonly qemu: string | null;
}

export interface BootEditorAnswer {
  readonly report: BootReport;
  /** Of the module's bytes, in hexadecimal: they are not part of a bug report themselves. */
  readonly sha256: string;
  readonly size: number;
  /** Names of modules that were loaded first, and of those that are not at hand. */
  readonly loaded: readonly string[];
  readonly absent: readonly string[];
}

/** What is told while a machine runs. */
export type BootEvent =
  /** A line on the console of the kernel. */
  | { readonly kind: 'console'; readonly text: string }
  /** A debugger may connect; `script` is what it runs, `gdb` a program that can, null for none. */
  | { readonly kind: 'debugger'; readonly script: string; readonly port: number; readonly gdb: string | null };
