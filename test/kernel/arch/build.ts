// Builds the fixture modules of other architectures with the cross compilers of this machine or of a debootstrap.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { linkPackages, makeInChroot } from '../lib/build';
import { fixturesDir, kernelTestDir, labDir } from '../lib/paths';
import { progress, run } from '../lib/shell';
import { crossArguments } from './buildKernel';
import type { ArchLabKernel } from './kernels';

/** Debian's build trees say what they are built for; their kbuild is that of this machine. */
export function makeArguments({ headers, choice }: ArchLabKernel, sources: string): string[] {
  const { cross, compiler, debianArch } = choice;
  if (choice.options !== undefined)
    return ['-C', headers, `M=${sources}`, 'KBUILD_MODPOST_WARN=1', ...crossArguments(choice), 'modules'];
  return [
    ...['-C', `/usr/src/${path.basename(headers)}`, `M=${sources}`, 'KBUILD_MODPOST_WARN=1', `CC=${cross}${compiler}`],
    ...['DEB_BUILD_ARCH=amd64', `DEB_HOST_ARCH=${debianArch}`, `DEB_HOST_GNU_TYPE=${cross.slice(0, -1)}`],
    ...(choice.without ?? []).map(option => `${option}=`),
    ...[`CROSS_COMPILE=${cross}`, 'modules'],
  ];
}

/** The cross compiler is installed inside where it is missing. */
function makeWithCompiler(kernel: ArchLabKernel, suite: string, work: string): void {
  const { cross } = kernel.choice;
  const install = `apt-get install -y -q --no-install-recommends gcc-${cross.slice(0, -1)}`;
  const before = `command -v ${cross}gcc >/dev/null || ${install}`;
  makeInChroot(kernel, suite, work, makeArguments(kernel, '/build'), before);
}

/** Compiles every fixture for `kernel` into its recording. */
export function buildArchFixtures(kernel: ArchLabKernel): void {
  progress(`${kernel.key}: building fixtures`);
  const work = path.join(labDir(), 'build', kernel.key);
  rmSync(work, { recursive: true, force: true });
  cpSync(path.join(kernelTestDir(), 'fixtures'), work, { recursive: true });
  cpSync(path.join(kernelTestDir(), 'arch', 'fixtures'), work, { recursive: true });
  if (kernel.chroot === undefined) {
    if (kernel.choice.options === undefined) linkPackages(kernel);
    run('make', makeArguments(kernel, work));
  } else makeWithCompiler(kernel, kernel.chroot, work);
  const into = fixturesDir(kernel.release);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(work).filter(file => file.endsWith('.ko'))) {
    const sections = ['--remove-section=.BTF', '--remove-section=.BTF.base', '--remove-section=.comment'];
    run(`${kernel.choice.cross}objcopy`, ['--strip-debug', ...sections, path.join(work, name), path.join(into, name)]);
  }
}
