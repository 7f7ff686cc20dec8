// The kernels of the suite, and where their unpacked packages keep things.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { labDir } from './paths';
import type { MachineKind } from './qemu';

export interface KernelChoice {
  readonly key: string;
  /** Debian suite, and which of Debian's two archives has it. */
  readonly suite: string;
  readonly archive: 'main' | 'security';
  readonly compiler: string;
  /** Built inside a debootstrap of this suite, when this machine's own compiler is too old. */
  readonly chroot?: string;
  /** The machine it is booted on; a PC where there is none. */
  readonly machine?: MachineKind;
}

export const KERNELS: readonly KernelChoice[] = [
  { key: '5.10', suite: 'bullseye-security', archive: 'security', compiler: 'gcc-12' },
  { key: '6.1', suite: 'bookworm', archive: 'main', compiler: 'gcc-12' },
  { key: '6.12', suite: 'trixie', archive: 'main', compiler: 'gcc-14', chroot: 'trixie' },
  { key: '7.2', suite: 'forky', archive: 'main', compiler: 'gcc-14', chroot: 'trixie' },
];

export function kernelChoice(key: string): KernelChoice {
  const choice = KERNELS.find(k => k.key === key);
  if (!choice) throw new Error(`unknown kernel ${key}; there are ${KERNELS.map(k => k.key).join(' ')}`);
  return choice;
}

/** A kernel whose packages are unpacked in the lab. */
export interface LabKernel extends KernelChoice {
  readonly dir: string;
  readonly release: string;
  readonly vmlinuz: string;
  /** /lib/modules/RELEASE */
  readonly modules: string;
  readonly headers: string;
  readonly commonHeaders: string;
  readonly kbuild: string;
}

function firstExisting(candidates: readonly string[]): string {
  const found = candidates.find(existsSync);
  if (found === undefined) throw new Error(`none of these exists: ${candidates.join(' ')}`);
  return found;
}

/** The release of a kernel in the lab, or null when it was not fetched yet. */
export function labRelease(key: string): string | null {
  const file = path.join(labDir(), key, 'release');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** Where the parts of an unpacked kernel are; newer Debian releases moved everything below /usr/lib/modules. */
export function labKernel(key: string): LabKernel {
  const choice = kernelChoice(key);
  const dir = path.join(labDir(), key);
  const release = labRelease(key);
  if (release === null) throw new Error(`kernel ${key} is not in ${dir}`);
  const base = release.replace(/-amd64$/, '');
  const moduleDirs = [`usr/lib/modules/${release}`, `lib/modules/${release}`].map(p => path.join(dir, p));
  const modules = firstExisting(moduleDirs.map(p => path.join(p, 'kernel'))).replace(/\/kernel$/, '');
  return {
    ...choice,
    dir,
    release,
    modules,
    vmlinuz: firstExisting([`${dir}/boot/vmlinuz-${release}`, ...moduleDirs.map(p => path.join(p, 'vmlinuz'))]),
    headers: path.join(dir, 'usr/src', `linux-headers-${release}`),
    commonHeaders: path.join(dir, 'usr/src', `linux-headers-${base}-common`),
    kbuild: firstExisting([base, key].map(v => path.join(dir, 'usr/lib', `linux-kbuild-${v}`))),
  };
}
