// What was found out about module files, kept from one check to the next: only files that changed are looked at again.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { KernelFacts } from '../../../target/types';
import type { ExaminedColumns } from '../../../graph/tree/columns';
import { LEFT_OUT, renumbered } from '../../../graph/tree/renumber';

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

/** `$XDG_CACHE_HOME/insmod-lens`, or what stands for it (XDG Base Directory Specification). */
export function cacheDirectory(): string {
  const given = process.env['XDG_CACHE_HOME'];
  return path.join(given && path.isAbsolute(given) ? given : path.join(homedir(), '.cache'), 'insmod-lens');
}

/**
 * Stamps of files as they are now. Empty for a file that cannot be asked, and for one that was written a moment ago: it
 * may be written again at what the clock of the file system takes for the same time. These never count as unchanged.
 */
export function stampsOf(files: readonly string[]): string[] {
  const recent = Date.now() - RECENT;
  return files.map(file => {
    try {
      const { size, mtimeMs, ctimeMs, ino } = statSync(file);
      if (mtimeMs > recent) return '';
      return `${size}:${mtimeMs}:${ctimeMs}:${ino}`;
    } catch {
      return '';
    }
  });
}

export class CheckCache {
  private readonly file: string;

  /**
   * @param tool tells one build of this program from another
   * @param settings whatever else an answer depends on
   */
  constructor(directory: string, tool: string, facts: KernelFacts, settings: string) {
    this.file = path.join(directory, 'check', `${keyOf(tool, facts, settings)}.bin`);
  }

  /** Columns of those of `files` that are still the same, by their numbers in that list. */
  recall(files: readonly string[], stamps: readonly string[]): ExaminedColumns[] {
    const kept = this.read();
    if (!kept || kept.parts.length > MOST_PARTS) return [];
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
    const fresh = `${this.file}.${process.pid}`;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(fresh, serialize(kept), { mode: 0o600 });
      renameSync(fresh, this.file);
    } catch {
      rmSync(fresh, { force: true });
    }
  }

  private read(): Kept | null {
    try {
      const kept = deserialize(readFileSync(this.file)) as Partial<Kept>;
      return kept.schema === 1 && kept.files && kept.stamps && kept.parts ? (kept as Kept) : null;
    } catch {
      // Not there, or not whole.
      return null;
    }
  }
}

/** Everything the loader asks of a kernel. */
function keyOf(tool: string, facts: KernelFacts, settings: string): string {
  const { release, arch, vermagic, config, distribution, builtin, trustedKeys, ownSigners, btf } = facts;
  const { structModule, declarations = null } = facts;
  const hash = createHash('sha256');
  const told = { tool, settings, release, arch, vermagic, config, distribution, builtin, ownSigners };
  const layout = structModule && [structModule.size, structModule.init, structModule.exit];
  hash.update(JSON.stringify({ ...told, layout, declarations }));
  hash.update(facts.exports.text);
  for (const certificate of trustedKeys?.certificates ?? []) hash.update(certificate).update('\0');
  if (btf) hash.update(btf.bytes);
  return hash.digest('hex').slice(0, 32);
}
