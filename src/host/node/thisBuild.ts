// Tells one build of this program from another: a later one may know better what was kept by an earlier.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

declare const __BUILD__: string | undefined;

let known = typeof __BUILD__ === 'string' ? __BUILD__ : undefined;

/** A digest of the program that is running; a program of several files has it written in. */
export function thisBuild(): string {
  return (known ??= createHash('sha256').update(readFileSync(__filename)).digest('hex'));
}
