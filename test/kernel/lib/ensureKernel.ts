// A kernel's packages for tests that want them but can do without.
import { fetchArchKernel } from '../arch/fetch';
import { alone } from './alone';
import { labRelease } from './kernels';
import { installMissing, whyNotInstallable } from './machine';
import { fetchKernel, fetchUserModeLinux } from './packages';
import { recordedReleases } from './paths';
import { hasProgram } from './shell';
import { leftOut } from '../../support/leftOut';

const NEEDED = ['curl', 'xz', 'dpkg-deb'];

/** Fetches a kernel if it is not in the lab; null when it is there now, else why not and how to have it. */
export function ensureKernel(key: string): string | null {
  return ensure(key, () => fetchKernel(key, recordedReleases()));
}

/** The same for a kernel of another architecture: see arch/kernels.ts. */
export function ensureArchKernel(key: string): string | null {
  return ensure(key, () => fetchArchKernel(key));
}

/** User-mode Linux of the suite whose kernel is of that series. */
export function ensureUserModeLinux(key: string): string | null {
  return ensure(`uml-${key}`, () => fetchUserModeLinux(key));
}

function ensure(key: string, fetch: () => void): string | null {
  if (labRelease(key) !== null) return null;
  const reason = alone(() => whyNot(key, fetch));
  return reason === null ? null : leftOut(`modules of Debian's kernel ${key}`, reason);
}

function whyNot(key: string, fetch: () => void): string | null {
  if (!hasProgram('apt-get')) return `needs Debian's kernel packages of ${key}: run it on Debian`;
  const uninstallable = whyNotInstallable(NEEDED);
  if (uninstallable !== null) return `fetching it ${uninstallable}`;
  try {
    installMissing(NEEDED);
    fetch();
    return null;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return `could not fetch Debian's kernel packages of ${key} (${reason}); with a mirror in apt's sources it works`;
  }
}
