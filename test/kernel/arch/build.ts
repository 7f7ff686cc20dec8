// Builds the fixture modules of other architectures with the cross compilers of this machine or of a debootstrap.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { linkPackages } from '../lib/build';
import { ensureChroot } from '../lib/machine';
import { fixturesDir, kernelTestDir, labDir } from '../lib/paths';
import { progress, run } from '../lib/shell';
import type { ArchLabKernel } from './kernels';

/** Debian's build trees say what they are built for; their kbuild is that of this machine. */
function makeArguments({ headers, choice }: ArchLabKernel, sources: string): string[] {
  const { cross, compiler, debianArch } = choice;
  return [
    ...['-C', `/usr/src/${path.basename(headers)}`, `M=${sources}`, 'KBUILD_MODPOST_WARN=1', `CC=${cross}${compiler}`],
    ...['DEB_BUILD_ARCH=amd64', `DEB_HOST_ARCH=${debianArch}`, `DEB_HOST_GNU_TYPE=${cross.slice(0, -1)}`],
    ...(choice.without ?? []).map(option => `${option}=`),
    ...[`CROSS_COMPILE=${cross}`, 'modules'],
  ];
}

/** In a namespace of its own, so that nothing stays mounted. */
function makeInChroot(kernel: ArchLabKernel, suite: string, work: string): void {
  const root = ensureChroot(suite);
  const compiler = `gcc-${kernel.choice.cross.slice(0, -1)}`;
  const mounts = [
    [kernel.headers, `/usr/src/${path.basename(kernel.headers)}`],
    [kernel.commonHeaders, `/usr/src/${path.basename(kernel.commonHeaders)}`],
    [kernel.kbuild, `/usr/lib/${path.basename(kernel.kbuild)}`],
    [work, '/build'],
  ] as const;
  for (const [, place] of mounts) mkdirSync(root + place, { recursive: true });
  const script = mounts.map(([from, place]) => `mount --bind '${from}' '${root}${place}'`);
  script.push(`mount --rbind /dev '${root}/dev'`, `mount -t proc proc '${root}/proc'`);
  const make = makeArguments(kernel, '/build').map(argument => `'${argument}'`);
  const install = `command -v ${kernel.choice.cross}gcc >/dev/null || apt-get install -y -q --no-install-recommends ${compiler}`;
  script.push(`chroot '${root}' sh -c '${install}'`, `exec chroot '${root}' make ${make.join(' ')}`);
  run('unshare', ['-m', 'sh', '-ec', script.join('\n')]);
}

/** Compiles every fixture for `kernel` into its recording. */
export function buildArchFixtures(kernel: ArchLabKernel): void {
  progress(`${kernel.key}: building fixtures`);
  const work = path.join(labDir(), 'build', kernel.key);
  rmSync(work, { recursive: true, force: true });
  cpSync(path.join(kernelTestDir(), 'fixtures'), work, { recursive: true });
  cpSync(path.join(kernelTestDir(), 'arch', 'fixtures'), work, { recursive: true });
  if (kernel.chroot === undefined) {
    linkPackages(kernel);
    run('make', makeArguments(kernel, work));
  } else makeInChroot(kernel, kernel.chroot, work);
  const into = fixturesDir(kernel.release);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(work).filter(file => file.endsWith('.ko'))) {
    const sections = ['--remove-section=.BTF', '--remove-section=.BTF.base', '--remove-section=.comment'];
    run(`${kernel.choice.cross}objcopy`, ['--strip-debug', ...sections, path.join(work, name), path.join(into, name)]);
  }
}
