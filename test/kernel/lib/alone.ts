// What only one of the test files that run side by side may do at a time: fetching, and installing packages.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { labDir } from './paths';

/** Milliseconds between two looks. */
const GLANCE = 200;

/** Runs `work` while no other process does anything of the kind; the others wait. */
export function alone<T>(work: () => T): T {
  const lock = path.join(labDir(), 'fetching.pid');
  mkdirSync(labDir(), { recursive: true });
  while (!taken(lock)) {
    if (isLeft(lock)) rmSync(lock, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GLANCE);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The lock is a name for a file that holds the process id already: it is made by one only, and never empty. */
function taken(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid));
    linkSync(own, lock);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Whether the process that made it is gone. */
function isLeft(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
