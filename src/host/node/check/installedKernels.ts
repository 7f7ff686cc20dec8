// The kernels of a root filesystem: each with its modules, and the image or headers that say what it would do with them.
import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { InputError, isDirectory, isThere, namesIn, realPath } from '../files';
import { readKernelImage } from '../kernelImages';
import { placesOf } from '../targets';

export interface InstalledKernel {
  readonly release: string;
  /** Its lib/modules/RELEASE. */
  readonly modules: string;
  /** The image, else what leads to the headers; null where neither is there. */
  readonly target: string | null;
  /** The boot loader's default, as far as links and numbers tell. */
  readonly bootsNext: boolean;
}

/** The one that boots next first, then newer ones before older ones. */
export async function installedKernels(root: string): Promise<InstalledKernel[]> {
  const directories = new Map<string, string>();
  for (const place of ['lib/modules', 'usr/lib/modules']) {
    for (const name of namesIn(path.join(root, place))) {
      const modules = path.join(root, place, name);
      // With a merged /usr both are one.
      if (isDirectory(modules) && !directories.has(realPath(modules))) directories.set(realPath(modules), modules);
    }
  }
  const unnamed = await unnamedImages(path.join(root, 'boot'));
  const kernels = [...directories.values()].map(modules => {
    const release = path.basename(modules);
    const target = imageOf(root, release, modules) ?? unnamed.get(release) ?? headersOf(modules);
    return { release, modules, target };
  });
  kernels.sort((a, b) => byNumbers(b.release, a.release));
  const next = linkedRelease(root) ?? kernels.find(({ target }) => target !== null)?.release;
  return kernels
    .map(kernel => ({ ...kernel, bootsNext: kernel.release === next }))
    .sort((a, b) => Number(b.bootsNext) - Number(a.bootsNext));
}

const byNumbers = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

const IMAGE_NAMES = ['vmlinuz', 'vmlinux', 'Image', 'zImage', 'kernel'];

/** The image that is named after the release, or lies beside its modules. */
function imageOf(root: string, release: string, modules: string): string | null {
  const places = [
    ...IMAGE_NAMES.map(name => path.join(root, 'boot', `${name}-${release}`)),
    ...IMAGE_NAMES.map(name => path.join(modules, name)),
  ];
  return places.find(file => isThere(file) && !isDirectory(file)) ?? null;
}

/** How images are called on boards, where the name has no release. */
const UNNAMED_IMAGE = /^(?:(?:vmlinu[xz]|[bz]?Image|uImage|linux)(?:\.\w+)?|kernel\w*(?:\.img)?|.*boot\.img)$/;

/** Such images by the release that each contains. */
async function unnamedImages(boot: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of namesIn(boot)) {
    const file = path.join(boot, name);
    const release = UNNAMED_IMAGE.test(name) && !isDirectory(file) ? await releaseOf(file) : null;
    if (release !== null && !found.has(release)) found.set(release, file);
  }
  return found;
}

async function releaseOf(file: string): Promise<string | null> {
  try {
    return (await readKernelImage(file)).release;
  } catch (error) {
    // Another file by that name.
    if (error instanceof InputError) return null;
    throw error;
  }
}

function headersOf(modules: string): string | null {
  try {
    return placesOf(modules) === null ? null : modules;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Where Debian's and other systems' links to the default kernel lead. */
function linkedRelease(root: string): string | null {
  for (const link of ['vmlinuz', 'boot/vmlinuz', 'boot/vmlinuz-linux']) {
    try {
      const [, release] = /^vmlinuz-(\d.*)$/.exec(path.basename(readlinkSync(path.join(root, link)))) ?? [];
      if (release !== undefined) return release;
    } catch {
      // No link: the next place.
    }
  }
  return null;
}
