// A file in a package.
import { posix } from 'node:path';

export interface PackageEntry {
  /** As the package has it: relative, often with ./ in front. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** false for directories, links and devices. */
  readonly isFile: boolean;
  /** The contents; to be called before the next entry is asked for, at most once. */
  read(): Promise<Uint8Array>;
}

/** Where packages put the image of a kernel. */
export const IMAGE_PLACE = /^\/boot\/(?:vmlinu[xz]|Image|kernel)[^/]*$|\/lib\/modules\/[^/]+\/(?:vmlinu[xz]|Image)$/;

/** A path in the system the package is for, which never leads out of it; null for what is no file. */
export function placeOf({ name, isFile }: PackageEntry): string | null {
  return isFile ? posix.resolve('/', name) : null;
}
