// Tells one build of this program from another: a later one may know better what was kept by an earlier.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

let known: string | undefined;

/** A digest of the program that is running. */
export function thisBuild(): string {
  return (known ??= createHash('sha256').update(readFileSync(__filename)).digest('hex'));
}
