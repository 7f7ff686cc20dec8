// Sizes of the last two builds of each module, kept in the extension's own storage: what grew is told from them.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectFile } from '../../../../formats/ko/objectFile';
import { decodeUtf8 } from '../../../../formats/bytes/strings';
import { symbolKey, type BuildSizes } from '../../../../report/view/growth';
import type { LoadResult } from '../../../../report/types';

interface Build extends BuildSizes {
  /** Identity of the file's contents. */
  readonly stamp: string;
}

interface Kept {
  readonly current: Build;
  readonly previous: Build | null;
}

/** One write at a time: two of one module would be lost in each other. */
let writing: Promise<void> = Promise.resolve();

/** Notes a build, whichever kernels it was held against. `memory` is the directory to keep it in. */
export function rememberBuild(memory: string, modulePath: string, stamp: string, sizes: BuildSizes): Promise<void> {
  const next = writing.then(() => note(memory, modulePath, stamp, sizes));
  writing = next.catch(() => undefined);
  return next;
}

/** What was noted last of each module: analysis and documents ask for the same again and again. */
const lastNoted = new Map<string, string>();

/** Notes a build after the answer that nobody should wait longer for; of no weight when it fails. */
export function keepSizes(
  memory: string,
  modulePath: string,
  stamp: string,
  object: ObjectFile | null,
  results: readonly LoadResult[],
): void {
  const noted = [stamp, ...results.map(({ kernel }) => kernel.release)].join('\0');
  if (lastNoted.get(modulePath) === noted) return;
  lastNoted.set(modulePath, noted);
  setImmediate(() => {
    void rememberBuild(memory, modulePath, stamp, sizesOfBuild(object, results)).catch(() => undefined);
  });
}

async function note(memory: string, modulePath: string, stamp: string, sizes: BuildSizes): Promise<void> {
  const kept = await readKept(memory, modulePath);
  const same = kept?.current.stamp === stamp;
  const totals = same ? { ...kept.current.totals, ...sizes.totals } : sizes.totals;
  const previous = same ? kept.previous : (kept?.current ?? null);
  const next: Kept = { current: { ...sizes, totals, stamp }, previous };
  if (same && JSON.stringify(kept) === JSON.stringify(next)) return;
  await mkdir(memory, { recursive: true });
  const file = fileOf(memory, modulePath);
  // Whole or not at all: another window may be reading it.
  await writeFile(`${file}.${process.pid}`, JSON.stringify(next));
  await rename(`${file}.${process.pid}`, file);
}

/** The build before the one with this stamp; null when none is known. */
export async function buildBefore(memory: string, modulePath: string, stamp: string): Promise<BuildSizes | null> {
  const kept = await readKept(memory, modulePath);
  if (!kept) return null;
  return kept.current.stamp === stamp ? kept.previous : kept.current;
}

/** Sizes of sections and symbols are those in the file; only the totals are a kernel's. */
export function sizesOfBuild(object: ObjectFile | null, results: readonly LoadResult[]): BuildSizes {
  const sections: Record<string, number> = {};
  const symbols: Record<string, number> = {};
  object?.sections.shdrs.forEach(({ sh_size }, i) => {
    const name = decodeUtf8(object.sectionNames[i] ?? '');
    if (i > 0 && sh_size > 0) sections[name] = (sections[name] ?? 0) + sh_size;
  });
  for (const { symbol, name, size } of object?.containers() ?? []) {
    const key = symbolKey(object?.sectionNames[object.symbols.section(symbol)] ?? '', name);
    symbols[key] = (symbols[key] ?? 0) + size;
  }
  const totals = results.map(({ kernel, layout }) => [kernel.release, [layout.coresize, layout.initsize]] as const);
  return { totals: Object.fromEntries(totals), sections, symbols };
}

async function readKept(memory: string, modulePath: string): Promise<Kept | null> {
  try {
    return JSON.parse(await readFile(fileOf(memory, modulePath), 'utf8')) as Kept;
  } catch {
    // Not there, or of no use: then nothing is known of earlier builds.
    return null;
  }
}

function fileOf(memory: string, modulePath: string): string {
  return path.join(memory, `${createHash('sha1').update(path.resolve(modulePath)).digest('hex')}.json`);
}
