// A kernel's packages for tests that want them but can do without.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { labRelease } from './kernels';
import { installMissing } from './machine';
import { fetchKernel } from './packages';
import { labDir } from './paths';
import { hasProgram } from './shell';
import { leftOut } from '../../support/leftOut';

const NEEDED = ['curl', 'xz', 'dpkg-deb'];

/** Fetches a kernel if it is not in the lab; null when it is there now, else why not and how to have it. */
export function ensureKernel(key: string): string | null {
  if (labRelease(key) !== null) return null;
  const reason = alone(() => whyNot(key));
  return reason === null ? null : leftOut(`modules of Debian's kernel ${key}`, reason);
}

/** Longer than fetching takes, in milliseconds: whoever holds the lock since then is gone. */
const STALE = 10 * 60_000;

/** Files of tests run side by side: one of them fetches and installs, the others wait. */
function alone<T>(work: () => T): T {
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

function whyNot(key: string): string | null {
  if (!hasProgram('apt-get')) return `needs Debian's kernel packages of ${key}: run it on Debian`;
  if (process.getuid?.() !== 0 && !NEEDED.every(hasProgram))
    return `needs ${NEEDED.join(', ')} to fetch Debian's kernel packages of ${key}: install them, or run as root`;
  try {
    installMissing(NEEDED);
    fetchKernel(key);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return `could not fetch Debian's kernel packages of ${key} (${reason}); with a mirror in apt's sources it works`;
  }
}
