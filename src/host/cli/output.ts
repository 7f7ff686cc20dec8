// The one place that prints, and knows what became of it.
import { writeSync } from 'node:fs';
import { CANNOT_RUN, leaveWith } from './exitStatus';
import { printable } from './printable';

/** To standard output, as it is. */
export function out(text: string | Uint8Array): void {
  process.stdout.write(text);
}

/** To standard error, as it is. */
export function err(text: string | Uint8Array): void {
  process.stderr.write(text);
}

/** A line of this command about itself on standard error, whatever it quotes. */
export function complain(line: string): void {
  err(`insmod-lens: ${printable(line)}\n`);
}

/**
 * Output that is lost, as on a full disk, must not pass for an answer: the status says that the command could not run, and
 * standard error says why, where it can. Only a reader that goes away, such as head(1), has seen all it wanted.
 */
export function watchOutput(): void {
  process.stdout.on('error', lost('standard output'));
  process.stderr.on('error', lost('standard error'));
}

function lost(stream: string): (error: NodeJS.ErrnoException) => void {
  let isKnown = false;
  return ({ code = 'error' }) => {
    if (code === 'EPIPE' || isKnown) return;
    isKnown = true;
    leaveWith(CANNOT_RUN);
    try {
      // The stream may be the one that is broken.
      writeSync(2, `insmod-lens: ${stream}: cannot be written (${printable(code)})\n`);
    } catch {
      // Nobody can be told.
    }
  };
}
