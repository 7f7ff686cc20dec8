// What was found out about module files, kept from one check to the next: only files that changed are looked at again.
import { createHash, type Hash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { KernelFacts } from '../../../target/types';
import { isRecord } from '../../../target/snapshot';
import type { ExaminedColumns } from '../../../graph/tree/columns';
import { LEFT_OUT, renumbered } from '../../../graph/tree/renumber';
import { toOs } from '../osPath';
import { CacheFiles } from '../cacheFiles';
import { digestsOf } from '../stampedFile';

/** What one check leaves behind for the next of the same kernel. */
interface Kept {
  readonly schema: 1;
  readonly files: readonly string[];
  /** Size, times of change and inode of each file. */
  readonly stamps: readonly string[];
  readonly parts: readonly ExaminedColumns[];
}

/** After so many checks with changes in between everything is looked at anew, so that the parts do not become many. */
const MOST_PARTS = 4;

/** Milliseconds; file systems are exact to two seconds at the worst. */
const RECENT = 2000;

/** Where the results of checks lie in the directory of the cache. */
export const checkFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'check'));

/**
 * Stamps of files as they are now. Empty for a file that cannot be asked, and for one that was written a moment ago: it
 * may be written again at what the clock of the file system takes for the same time. These never count as unchanged.
 */
export function stampsOf(files: readonly string[]): string[] {
  const recent = Date.now() - RECENT;
  return files.map(file => {
    try {
      const { size, mtimeMs, ctimeMs, ino } = statSync(toOs(file));
      if (mtimeMs > recent) return '';
      return `${size}:${mtimeMs}:${ctimeMs}:${ino}`;
    } catch {
      return '';
    }
  });
}

export class CheckCache {
  private readonly files: CacheFiles;
  private readonly key: string;

  /**
   * @param tool tells one build of this program from another
   * @param settings whatever else an answer depends on
   * @param complain is told, in one line, why what is kept cannot be used
   */
  constructor(
    directory: string,
    tool: string,
    facts: KernelFacts,
    settings: string,
    private readonly complain: (line: string) => void,
  ) {
    this.files = checkFiles(directory);
    this.key = keyOf(tool, facts, settings);
  }

  /** Columns of those of `files` that are still the same, by their numbers in that list. */
  recall(files: readonly string[], stamps: readonly string[]): ExaminedColumns[] {
    const kept = this.read();
    if (!kept || kept.parts.length > MOST_PARTS) return [];
    this.files.touch(this.key);
    const now = new Map(files.map((file, number) => [file, number]));
    const numbers = Int32Array.from(kept.files, (file, old) => {
      const number = now.get(file);
      const isSame = number !== undefined && stamps[number] !== '' && stamps[number] === kept.stamps[old];
      return isSame ? number : LEFT_OUT;
    });
    return kept.parts.map(part => renumbered(part, numbers));
  }

  /** Keeps all that is known now. A cache that cannot be written is none. */
  keep(files: readonly string[], stamps: readonly string[], parts: readonly ExaminedColumns[]): void {
    const kept: Kept = { schema: 1, files, stamps, parts };
    this.files.write(this.key, serialize(kept));
  }

  private read(): Kept | null {
    const found = this.files.read(this.key);
    if (found.kind === 'absent') return null;
    const kept = found.kind === 'whole' ? parse(found.bytes) : null;
    if (!kept) {
      const reason = found.kind === 'bad' ? found.reason : 'it is damaged';
      this.complain(`cache: ${path.join(this.files.directory, `${this.key}.bin`)} is not used: ${reason}`);
    }
    return kept;
  }
}

/** The checksum says that the bytes are those that were written; this, that they are what is read here. */
function parse(bytes: Uint8Array): Kept | null {
  try {
    const kept: unknown = deserialize(bytes);
    if (!isRecord(kept) || kept['schema'] !== 1) return null;
    const { files, stamps, parts } = kept;
    const isWhole = isTexts(files) && isTexts(stamps) && files.length === stamps.length && Array.isArray(parts);
    return isWhole ? (kept as unknown as Kept) : null;
  } catch {
    return null;
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string');

/** Everything that is known of a kernel: the loader may ask for any of it. */
function keyOf(tool: string, { exports, btf, ...facts }: KernelFacts, settings: string): string {
  const hash = createHash('sha256');
  // Megabytes that need not be read for their name.
  const types = btf && { source: btf.source, digests: btf.outline?.digests ?? digestsOf(btf.bytes) };
  addTo(hash, { tool, settings, facts, types, exports: exports.text });
  return hash.digest('hex').slice(0, 32);
}

/** Plain data, whatever its shape; members in the order of their names. */
function addTo(hash: Hash, value: unknown): void {
  if (value instanceof Uint8Array) {
    hash.update(`bytes ${value.length}:`).update(value);
  } else if (Array.isArray(value)) {
    hash.update(`list ${value.length}:`);
    for (const item of value) addTo(hash, item);
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    hash.update(`members ${members.length}:`);
    for (const [name, member] of members) {
      addTo(hash, name);
      addTo(hash, member);
    }
  } else {
    const text = `${typeof value} ${String(value)}`;
    hash.update(`${text.length}:${text}`);
  }
}
