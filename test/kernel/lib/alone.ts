// What only one of the test files that run side by side may do at a time: fetching, and installing packages.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { labDir } from './paths';

/** Longer than fetching takes, in milliseconds: whoever holds the lock since then is gone. */
const STALE = 10 * 60_000;

/** Runs `work` while no other process does anything of the kind; the others wait. */
export function alone<T>(work: () => T): T {
  const lock = path.join(labDir(), 'fetching');
  mkdirSync(labDir(), { recursive: true });
  while (!taken(lock)) {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE) rmSync(lock, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A directory is made by one only. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
