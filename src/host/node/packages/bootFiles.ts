// What a boot takes out of the packages of a kernel: its image, and its modules.
import { mkdirSync, writeFileSync } from 'node:fs';
import path, { posix } from 'node:path';
import { MODULE_FILE } from '../../../formats/ko/moduleName';
import { packageEntries } from './entries';
import { IMAGE_PLACE, placeOf } from './packageEntry';

/** Bytes: an image with all its drivers, not a vmlinux with debug information. */
const MOST_FILE = 2 ** 28;

/** What depmod reads beside the modules. */
const LIST = /\/lib\/modules\/[^/]+\/modules\.[\w.]+$/;

/** The first image in packages, which are read no further; null where none has one. Throws {@link InputError}. */
export async function imageInPackages(packages: readonly string[]): Promise<Uint8Array | null> {
  for (const file of packages)
    for await (const entry of packageEntries(file)) {
      const place = placeOf(entry);
      if (place === null || !IMAGE_PLACE.test(place) || entry.size > MOST_FILE) continue;
      // Read before the package is closed.
      const image = await entry.read();
      return image;
    }
  return null;
}

/** Writes the modules in packages below `root`; their directory, or null where there are none. Throws {@link InputError}. */
export async function writeModules(packages: readonly string[], root: string): Promise<string | null> {
  let directory: string | null = null;
  for (const file of packages)
    for await (const entry of packageEntries(file)) {
      const place = placeOf(entry);
      const above = place === null ? null : /^.*\/lib\/modules\/[^/]+(?=\/)/.exec(place)?.[0];
      if (place === null || !above || entry.size > MOST_FILE || !(MODULE_FILE.test(place) || LIST.test(place)))
        continue;
      const to = path.join(root, ...place.split(posix.sep));
      mkdirSync(path.dirname(to), { recursive: true });
      writeFileSync(to, await entry.read());
      directory ??= path.join(root, ...above.split(posix.sep));
    }
  return directory;
}
