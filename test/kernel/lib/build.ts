// Builds the fixture modules for one kernel, strips them, and puts them beside the recording.
import { cpSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ensureChroot } from './machine';
import type { LabKernel } from './kernels';
import { fixturesDir, kernelTestDir, labDir } from './paths';
import { progress, run } from './shell';

/** The one fixture that keeps its type information; elsewhere it would only make the files large. */
const KEEPS_BTF = 'btf.ko';

/** The parts of Debian's packages that a module is built with. */
export type Packages = Pick<LabKernel, 'headers' | 'commonHeaders' | 'kbuild'>;

/** Debian's build tree refers to its other parts by their installed paths; what is installed there is left alone. */
export function linkPackages(kernel: Packages): void {
  const links = [
    [kernel.headers, `/usr/src/${path.basename(kernel.headers)}`],
    [kernel.commonHeaders, `/usr/src/${path.basename(kernel.commonHeaders)}`],
    [kernel.kbuild, `/usr/lib/${path.basename(kernel.kbuild)}`],
  ] as const;
  for (const [target, link] of links) {
    const there = lstatSync(link, { throwIfNoEntry: false });
    if (there && !there.isSymbolicLink()) continue;
    rmSync(link, { force: true });
    symlinkSync(target, link);
  }
}

/** Arguments for make that build the modules of a directory for a kernel whose packages are linked. */
export function makeArguments(kernel: LabKernel, sources: string): string[] {
  // Undefined symbols are wanted in some fixtures: modpost shall only warn of them.
  const tree = `/usr/src/${path.basename(kernel.headers)}`;
  return ['-C', tree, `M=${sources}`, 'KBUILD_MODPOST_WARN=1', `CC=${kernel.compiler}`, 'modules'];
}

/**
 * Runs make inside the debootstrap; the mounts live in a namespace of their own and vanish with it.
 *
 * @param before a line of shell that is run inside first
 */
export function makeInChroot(
  kernel: Packages,
  suite: string,
  work: string,
  make: readonly string[],
  before: string | null = null,
): void {
  const root = ensureChroot(suite);
  const mounts = [
    [kernel.headers, `/usr/src/${path.basename(kernel.headers)}`],
    [kernel.commonHeaders, `/usr/src/${path.basename(kernel.commonHeaders)}`],
    [kernel.kbuild, `/usr/lib/${path.basename(kernel.kbuild)}`],
    [work, '/build'],
  ] as const;
  for (const [, place] of mounts) mkdirSync(root + place, { recursive: true });
  const script = mounts.map(([from, place]) => `mount --bind '${from}' '${root}${place}'`);
  script.push(`mount --rbind /dev '${root}/dev'`, `mount -t proc proc '${root}/proc'`);
  if (before !== null) script.push(`chroot '${root}' sh -c '${before}'`);
  script.push(`exec chroot '${root}' make ${make.map(argument => `'${argument}'`).join(' ')}`);
  run('unshare', ['-m', 'sh', '-ec', script.join('\n')]);
}

function strip(work: string, name: string, into: string): void {
  const btf = name === KEEPS_BTF ? [] : ['--remove-section=.BTF', '--remove-section=.BTF.base'];
  run('objcopy', ['--strip-debug', ...btf, path.join(work, name), path.join(into, name)]);
}

/** Compiles every fixture for `kernel` into test/kernel/recorded/RELEASE/fixtures. */
export function buildFixtures(kernel: LabKernel): void {
  progress(`${kernel.key}: building fixtures`);
  const work = path.join(labDir(), 'build', kernel.key);
  rmSync(work, { recursive: true, force: true });
  cpSync(path.join(kernelTestDir(), 'fixtures'), work, { recursive: true });
  if (kernel.chroot === undefined) {
    linkPackages(kernel);
    run('make', makeArguments(kernel, work));
  } else {
    makeInChroot(kernel, kernel.chroot, work, makeArguments(kernel, '/build'));
  }
  const into = fixturesDir(kernel.release);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(work).filter(file => file.endsWith('.ko'))) strip(work, name, into);
}
