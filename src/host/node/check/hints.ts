// What the files of a tree say of themselves, whatever the kernel: asked for by `check --hints`.
import type { Finding } from '../../../findings/types';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { openObject } from '../../../formats/ko/objectFile';
import { openLocator } from '../../places/locate';
import { readModule } from '../decompress';
import { InputError } from '../files';
import { Pacer } from '../pacer';

/** Hints by module, located in the source. A file that cannot be read has none: the check itself says so. */
export async function hintsOf(
  files: readonly string[],
  isWanted: (module: number) => boolean,
): Promise<ReadonlyMap<number, readonly Finding[]>> {
  const hints = new Map<number, readonly Finding[]>();
  const pacer = new Pacer();
  for (const [module, file] of files.entries()) {
    if (!isWanted(module)) continue;
    await pacer.breathe();
    const own = await hintsOfFile(file);
    if (own.length > 0) hints.set(module, own);
  }
  return hints;
}

async function hintsOfFile(file: string): Promise<readonly Finding[]> {
  try {
    const { bytes } = await readModule(file);
    return (await openLocator(file, openObject(bytes), moduleNameOfPath(file))).hints();
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
