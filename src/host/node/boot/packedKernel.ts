// Kernels whose image lies inside a package: a package file on this machine, or one that is fetched by the kernel's name.
import path from 'node:path';
import { PACKAGE_NAME } from '../../../target/sources/packageFile';
import { KERNEL_NAME } from '../../../target/kernelName';
import { isDirectory } from '../files';

export interface PackedKernel {
  /** The package, or the name of the kernel. */
  readonly name: string;
  /** null where the packages have none. Throws InputError. */
  readonly image: () => Promise<Uint8Array | null>;
  /** Writes its modules below a directory; where they are then, or null for none. Throws InputError. */
  readonly writeModules: (root: string) => Promise<string | null>;
}

/** Null for a target of another kind. */
export function packedKernel(target: string): PackedKernel | null {
  if (KERNEL_NAME.test(target))
    return {
      name: target,
      image: async () => (await import('../named/namedImage')).namedImage(target),
      writeModules: async root => (await import('../named/namedImage')).namedModules(target, root),
    };
  if (!PACKAGE_NAME.test(target) || isDirectory(target)) return null;
  return {
    name: path.resolve(target),
    image: async () => (await import('../packages/bootFiles')).imageInPackages(await siblings(target)),
    writeModules: async root => (await import('../packages/bootFiles')).writeModules(await siblings(target), root),
  };
}

async function siblings(target: string): Promise<string[]> {
  const { packagesOfKernel } = await import('../packages/siblings');
  return packagesOfKernel(target).filter(file => !HEADERS.test(path.basename(file)));
}

/** Large packages that have no image and no modules. */
const HEADERS = /headers|devel/;
