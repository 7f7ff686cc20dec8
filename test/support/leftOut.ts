// What a run of the tests left out, for scripts/test.mjs to say at the end.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';

/** Notes what was not run; `reason` says how to have it. Returns the reason. */
export function leftOut(what: string, reason: string): string {
  const directory = path.join(repositoryRoot(), '.build');
  mkdirSync(directory, { recursive: true });
  appendFileSync(path.join(directory, 'left-out.txt'), `${what}: ${reason}\n`);
  return reason;
}
