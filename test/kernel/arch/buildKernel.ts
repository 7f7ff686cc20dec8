// Kernels that Debian has no package of: built from Debian's package of the source, with the options in a file here.
import { availableParallelism } from 'node:os';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installMissing } from '../lib/machine';
import { fetchSource } from '../lib/packages';
import { kernelTestDir, labDir } from '../lib/paths';
import { progress, run } from '../lib/shell';
import { labRelease } from '../lib/kernels';
import { builtTree, type ArchKernelChoice } from './kernels';

/** What make is told of the compiler. All kernels that are built here are of arm. */
export function crossArguments({ cross, compiler }: ArchKernelChoice): string[] {
  return ['ARCH=arm', `CROSS_COMPILE=${cross}`, `CC=${cross}${compiler}`];
}

/**
 * Builds image and modules where the lab does not have them, which takes some minutes.
 *
 * @param options the file beside this one with the options that are set; all others are off
 */
export function buildArchKernel(choice: ArchKernelChoice, options: string): void {
  const { key, cross } = choice;
  const tree = builtTree(choice);
  if (tree === null || labRelease(key) !== null) return;
  installMissing([`${cross}gcc-12`, 'flex', 'bison', 'bc', 'perl']);
  const source = fetchSource(choice, key.slice(key.indexOf('-') + 1));
  progress(`${key}: building the kernel`);
  mkdirSync(tree, { recursive: true });
  const fragment = path.join(kernelTestDir(), 'arch', options);
  const make = (...more: string[]): string =>
    run('nice', ['make', '-s', '-C', source, `O=${tree}`, ...crossArguments(choice), ...more]);
  make(`KCONFIG_ALLCONFIG=${fragment}`, 'allnoconfig');
  // The same words in the banner, whoever builds it.
  const builder = ['KBUILD_BUILD_USER=suite', 'KBUILD_BUILD_HOST=suite', 'KBUILD_BUILD_TIMESTAMP=2026-01-01'];
  make(`-j${availableParallelism()}`, ...builder, 'zImage', 'modules');
  const release = readFileSync(path.join(tree, 'include/config/kernel.release'), 'utf8').trim();
  const dir = path.join(labDir(), key);
  make(`INSTALL_MOD_PATH=${dir}`, 'DEPMOD=true', 'modules_install');
  mkdirSync(path.join(dir, 'boot'), { recursive: true });
  copyFileSync(path.join(tree, 'arch/arm/boot/zImage'), path.join(dir, 'boot', `vmlinuz-${release}`));
  writeFileSync(path.join(dir, 'release'), `${release}\n`);
}
