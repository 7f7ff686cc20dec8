// The image of a kernel beside its headers: what the kernel itself says stands above what was written down about it.
import { concat } from '../../formats/bytes/concat';
import { byteString } from '../../formats/bytes/strings';
import { InputError, type ImageReading, type TargetFiles } from '../files';
import { parseSymvers } from '../symvers';
import type { ExportTable } from '../exportTable';
import type { ImageExports } from '../image/exports';
import type { TargetPlaces } from './places';

export interface FoundImage {
  readonly path: string;
  readonly image: ImageReading;
}

/** The first image that is of that release; null where there is none that can be read. */
export async function findImage({ images, release }: TargetPlaces, files: TargetFiles): Promise<FoundImage | null> {
  for (const path of images) {
    if (!files.isThere(path) || files.isDirectory(path)) continue;
    const image = await readable(path, files);
    if (image?.release === release) return { path, image };
  }
  return null;
}

async function readable(path: string, files: TargetFiles): Promise<ImageReading | null> {
  try {
    return await files.readImage(path);
  } catch (error) {
    // What is wrong with it is said to those who name it; headers alone are enough for a simulation.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/**
 * Exports by trust: of vmlinux the image's own, of modules those that Module.symvers lists. Where both say the same of
 * vmlinux, as they do when they are of one build, that is Module.symvers as it is; as a rule it takes no second table to see.
 */
export function mergedExports(
  listed: ExportTable,
  { symvers, digest }: ImageExports,
): { readonly table: ExportTable; readonly same: boolean } {
  if (listed.vmlinuxDigest() === digest || isSame(listed, parseSymvers(symvers))) return { table: listed, same: true };
  const parts = [symvers];
  let start = 0;
  for (let end = 0; start < listed.text.length; start = end) {
    const newline = listed.text.indexOf(NEWLINE, start);
    end = newline < 0 ? listed.text.length : newline + 1;
    const line = listed.text.subarray(start, end);
    if (!isVmlinux(line)) parts.push(line);
  }
  return { table: parseSymvers(concat(parts)), same: false };
}

const NEWLINE = 10;

const isVmlinux = (line: Uint8Array): boolean => byteString(line, 0, line.length).split('\t').includes('vmlinux', 2);

function isSame(listed: ExportTable, own: ExportTable): boolean {
  let count = 0;
  for (let i = 0; i < listed.size; i++) {
    if (!listed.isVmlinux(i)) continue;
    count++;
    const other = own.findNameOf(listed, i);
    if (other < 0 || !own.isLike(other, listed, i)) return false;
  }
  return count === own.size;
}
