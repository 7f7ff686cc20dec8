// What one of a kernel's own modules tells of that kernel: it was built by the same build.
import { readSections } from '../../formats/elf/sectionByName';
import { getModinfo } from '../../formats/ko/modinfo';
import { MODULE_FILE } from '../../formats/ko/moduleName';
import { readModuleSignature } from '../../formats/ko/signature';
import { thisModuleShape } from '../../formats/ko/thisModule';
import type { StructModuleFacts } from '../../formats/btf/btf';
import { InputError, type TargetFiles } from '../files';

export interface OwnModuleFacts {
  readonly structModule: StructModuleFacts;
  /** The module's vermagic, which is the kernel's; null when the kernel sets none. */
  readonly vermagic: string | null;
  /** Its signature (PKCS#7), to be read when someone asks who signed; null without one. */
  readonly signature: Uint8Array | null;
  /** The file that was read. */
  readonly path: string;
}

/**
 * Reads one small module of the kernel that has both an init and an exit function; null when there is none that can be
 * read and was built for `release`. Tries modules nearly every kernel has before it looks around.
 */
export async function readOwnModule(
  directory: string,
  release: string,
  files: TargetFiles,
): Promise<OwnModuleFacts | null> {
  let tried = 0;
  for (const file of candidates(directory, files)) {
    if (++tried > MAX_TRIED) return null;
    const facts = await readFacts(file, release, files);
    if (facts) return facts;
  }
  return null;
}

/** Small, on every architecture, with init and exit. */
const WELL_KNOWN = [
  'fs/nls/nls_utf8.ko',
  'fs/nls/nls_iso8859-1.ko',
  'fs/nls/nls_ascii.ko',
  'crypto/michael_mic.ko',
  'drivers/net/dummy.ko',
  'crypto/crc32_generic.ko',
  'drivers/block/loop.ko',
];

/** Whether it is one of the modules that are asked first, at any place. */
export function isWellKnownModule(place: string): boolean {
  return WELL_KNOWN.some(name => place.replace(/\.(?:xz|zst|gz)$/, '').endsWith(`/${name}`));
}

const SUFFIXES = ['', '.xz', '.zst', '.gz'];
/** Limits of the search: modules read, directories listed. */
const MAX_TRIED = 24;
const MAX_DIRECTORIES = 200;

function* candidates(directory: string, files: TargetFiles): Generator<string> {
  const { path, isThere } = files;
  // An installed tree has its modules under kernel/, a build tree has them beside their sources.
  for (const top of [path.join(directory, 'kernel'), directory]) {
    for (const name of WELL_KNOWN) {
      for (const suffix of SUFFIXES) {
        const file = path.join(top, name + suffix);
        if (isThere(file)) yield file;
      }
    }
  }
  const installed = path.join(directory, 'kernel');
  yield* modulesBelow(isThere(installed) ? installed : directory, files);
}

/** Modules in a tree, directory by directory, nearest first. */
function* modulesBelow(top: string, { path, list }: TargetFiles): Generator<string> {
  const queue = [top];
  for (let listed = 0; listed < MAX_DIRECTORIES; listed++) {
    const directory = queue.shift();
    if (directory === undefined) return;
    for (const entry of list(directory)) {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory) queue.push(file);
      else if (MODULE_FILE.test(entry.name)) yield file;
    }
  }
}

async function readFacts(file: string, release: string, files: TargetFiles): Promise<OwnModuleFacts | null> {
  const bytes = await readOrNull(file, files);
  const shape = bytes && thisModuleShape(bytes);
  if (!bytes || !shape || shape.init === null || shape.exit === null) return null;
  const modinfo = readSections(bytes)?.find('.modinfo')?.bytes ?? new Uint8Array();
  const vermagic = getModinfo(modinfo, 'vermagic');
  // A module of another kernel, left over in the directory, would tell the wrong things.
  if (vermagic !== null && vermagic.split(' ')[0] !== release) return null;
  const structModule = { ...shape, source: `.gnu.linkonce.this_module of ${file}` };
  return { structModule, vermagic, signature: signatureOf(bytes), path: file };
}

async function readOrNull(file: string, files: TargetFiles): Promise<Uint8Array | null> {
  try {
    return await files.readModule(file);
  } catch (error) {
    // Unreadable or damaged: another module will do.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The signature of a module, or null. */
function signatureOf(module: Uint8Array): Uint8Array | null {
  const signature = readModuleSignature(module);
  return signature && signature.sig_len > 0 ? module.slice(signature.sigStart, signature.sigEnd) : null;
}
