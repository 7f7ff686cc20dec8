// The few files in the packages of a kernel that say how it loads modules.
import { posix } from 'node:path';
import { readSections } from '../../../formats/elf/sectionByName';
import { readExports } from '../../../formats/ko/exports';
import { MODULE_FILE } from '../../../formats/ko/moduleName';
import { toBytes } from '../../../formats/bytes/strings';
import { isDeclarationHeader } from '../../../target/declarations';
import { isWellKnownModule } from '../../../target/build/ownModules';
import { symversRow } from '../../../target/symvers';
import { unpackModule } from '../decompress';
import { InputError } from '../files';
import { packageEntries } from './entries';
import { placeOf } from './packageEntry';

/** By absolute path. Throws {@link InputError}. */
export async function filesOfKernel(packages: readonly string[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let modules: string | null = null;
  for (const file of packages) {
    for await (const entry of packageEntries(file)) {
      const place = placeOf(entry);
      if (place === null) continue;
      if (isWanted(place, entry.size)) files.set(place, await entry.read());
      modules ??= MODULE_FILE.test(place) ? modulesDirectory(place) : null;
    }
  }
  if (modules !== null && ![...files.keys()].some(place => SYMVERS.test(place)))
    files.set(posix.join(modules, 'symvers'), await symversOfModules(packages));
  return files;
}

const SYMVERS = /\/(?:Module\.)?symvers[^/]*$/;
/** Bytes: an image with all its drivers, not a vmlinux with debug information. */
const MOST_FILE = 2 ** 28;
const MOST_MODULE = 2 ** 20;

const WANTED: readonly RegExp[] = [
  /^\/boot\/(?:vmlinu[xz]|Image|kernel|config)[^/]*$/,
  /\/lib\/modules\/[^/]+\/(?:vmlinu[xz]|Image|config|modules\.builtin|modules\.builtin\.modinfo|symvers[^/]*)$/,
  /\/(?:Module\.symvers|\.config|include\/config\/(?:auto\.conf|kernel\.release)|include\/generated\/\w+\.h)$/,
  /\/usr\/src\/[^/]+\/(?:Makefile|certs\/[^/]+)$/,
  /\/build\/Makefile$/,
];

function isWanted(place: string, size: number): boolean {
  if (size > MOST_FILE) return false;
  if (MODULE_FILE.test(place)) return size <= MOST_MODULE && isWellKnownModule(place);
  return WANTED.some(form => form.test(place)) || isDeclarationHeader(place);
}

const modulesDirectory = (place: string): string | null => /^.*\/lib\/modules\/[^/]+(?=\/)/.exec(place)?.[0] ?? null;

/** What the modules of a kernel export, as Module.symvers has it, where no package lists it. */
async function symversOfModules(packages: readonly string[]): Promise<Uint8Array> {
  const lines: string[] = [];
  for (const file of packages) {
    for await (const entry of packageEntries(file)) {
      const place = placeOf(entry);
      if (place === null || !MODULE_FILE.test(place) || entry.size > MOST_FILE) continue;
      const bytes = await unpacked(place, await entry.read());
      const table = bytes && readSections(bytes);
      if (!bytes || !table) continue;
      const owner = place.slice((modulesDirectory(place) ?? '').length + '/kernel/'.length).replace(MODULE_FILE, '');
      for (const { name, type, crc, namespace } of readExports(bytes, table))
        lines.push(symversRow({ name, crc: crc ?? 0, owner, type, namespace: namespace ?? '' }));
    }
  }
  return toBytes(lines.join(''));
}

async function unpacked(place: string, bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await unpackModule(place, bytes);
  } catch (error) {
    // One that is damaged exports nothing that anybody could use.
    if (error instanceof InputError) return null;
    throw error;
  }
}
