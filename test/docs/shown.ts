// An example as a page shows it.
import type { Finding } from '../../src/findings/types';

export interface Shown {
  /** What was done to which module on which kernel, as a sentence. */
  readonly about: string;
  /** What a terminal shows: commands, the kernel's lines, the tool's. */
  readonly session: readonly string[];
  /** The finding the page is about; null where the tool's line is all there is. */
  readonly finding: Pick<Finding, 'code' | 'message' | 'explanation'> | null;
}

/** Lines nearly every module of ours leads to: they are the subject of one page, and noise on the others. */
const USUAL = /loading out-of-tree module taints kernel|module verification failed: signature/;

/** The log as far as a page is interested, line by line. */
export function logLines(log: readonly { readonly text: string }[], code: string): string[] {
  const lines = log.flatMap(({ text }) => text.split(/\n|\\x0a/));
  return code === 'taint-notice' ? lines : lines.filter(line => !USUAL.test(line));
}
