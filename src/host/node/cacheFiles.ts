// Files of the cache: believed only when they are ours and whole. What is in them decides verdicts.
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Before the contents of every file: what it is, and the SHA-256 of the rest. */
const MAGIC = Buffer.from('insmod-lens cache 2\n');
const DIGEST = 32;

/** Where in a file the contents begin, in bytes. */
export const CONTENTS_AT = MAGIC.length + DIGEST;

/** A file that is not written whole has another name until it is. */
const KEPT = /^[0-9a-f]{32}\.bin$/;
const UNFINISHED = /\.tmp$/;

/** Bytes, milliseconds. Of more than that, what was used longest ago goes first. */
const MOST_BYTES = 256 << 20;
const DAY = 24 * 3600 * 1000;
const OLDEST = 30 * DAY;
/** Longer than writing takes: then whoever wrote was killed. */
const UNFINISHED_FOR = 600 * 1000;

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = constants;
// Windows has no such flag, and no links that anybody could plant.
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * Where a cache is kept: `$XDG_CACHE_HOME/insmod-lens`, or what stands for it (XDG Base Directory Specification). null
 * where this user has no home: relative to the working directory it would end up in what is checked.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string | null {
  const base = env['XDG_CACHE_HOME'];
  if (base && path.isAbsolute(base)) return path.join(base, 'insmod-lens');
  try {
    const home = homedir();
    return path.isAbsolute(home) ? path.join(home, '.cache', 'insmod-lens') : null;
  } catch {
    return null;
  }
}

/** Where what was read of kernels lies in the directory of the cache. */
export const kernelFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'kernels'));

export type KeptFile =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'absent' }
  /** It is there and cannot be used; `reason` is in English. */
  | { readonly kind: 'bad'; readonly reason: string };

export interface ListedFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** When it was used last, in milliseconds since 1970. */
  readonly used: number;
}

/** One directory of files with names of 32 hexadecimal digits. Nothing here throws: a cache that cannot be used is none. */
export class CacheFiles {
  constructor(readonly directory: string) {}

  /** @param room what is read may be put there if it has room for it */
  read(key: string, room?: Uint8Array): KeptFile {
    const file = this.path(key);
    let fd: number | null = null;
    try {
      if (!isOurs(lstatSync(this.directory))) return { kind: 'bad', reason: 'its directory is open to others' };
      fd = openSync(file, O_RDONLY | O_NOFOLLOW);
      const stat = fstatSync(fd);
      if (!stat.isFile() || !isOurs(stat)) return { kind: 'bad', reason: 'it is open to others' };
      if (stat.size > MOST_BYTES) return { kind: 'bad', reason: 'it is damaged' };
      const bytes = readInto(fd, stat.size, room);
      const contents = bytes.subarray(CONTENTS_AT);
      const isWhole =
        bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
        bytes.subarray(MAGIC.length, CONTENTS_AT).equals(sha256(contents));
      return isWhole ? { kind: 'whole', bytes: contents } : { kind: 'bad', reason: 'it is damaged' };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
      return { kind: 'bad', reason: code === 'ELOOP' ? 'it is a link' : 'it cannot be read' };
    } finally {
      if (fd !== null) closeSync(fd);
    }
  }

  /** Some bytes of the contents, fewer at their end; not checked. null where the file cannot be used. */
  readPart(key: string, at: number, length: number): Uint8Array | null {
    let fd: number | null = null;
    try {
      fd = openSync(this.path(key), O_RDONLY | O_NOFOLLOW);
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, CONTENTS_AT + at));
    } catch {
      return null;
    } finally {
      if (fd !== null) closeSync(fd);
    }
  }

  /**
   * A text that changes when a file is written, replaced or given to somebody else; null if there is none that can be used. Of a
   * large file that few readers need, it says without reading that the file is still the one that was written.
   */
  stamp(key: string): string | null {
    let stamp: string | null = null;
    attempt(() => {
      const stat = lstatSync(this.path(key));
      if (!stat.isFile() || !isOurs(stat) || !isOurs(lstatSync(this.directory))) return;
      stamp = [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino].join(':');
    });
    return stamp;
  }

  /** Says that a file was of use, so that it stays. */
  touch(key: string): void {
    const file = this.path(key);
    attempt(() => {
      if (Date.now() - lstatSync(file).mtimeMs > DAY) utimesSync(file, new Date(), new Date());
    });
  }

  /** Whether files can be written; makes the directory. */
  prepare(): boolean {
    return attempt(() => {
      makeDirectory(this.directory);
      if (!isOurs(lstatSync(this.directory))) throw new Error('open to others');
      accessSync(this.directory, constants.W_OK);
    });
  }

  /** Replaces a file as a whole, and removes what is old or too much. Whether it is written. */
  write(key: string, contents: Uint8Array): boolean {
    const unfinished = path.join(this.directory, `${randomBytes(16).toString('hex')}.tmp`);
    const written = attempt(() => {
      makeDirectory(this.directory);
      if (!isOurs(lstatSync(this.directory))) throw new Error('open to others');
      const fd = openSync(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      try {
        for (const part of [MAGIC, sha256(contents), contents]) writeFileSync(fd, part);
      } finally {
        closeSync(fd);
      }
      renameSync(unfinished, this.path(key));
    });
    if (!written) attempt(() => rmSync(unfinished, { force: true }));
    this.prune();
    return written;
  }

  list(): ListedFile[] {
    return this.entries()
      .filter(({ name }) => KEPT.test(name))
      .sort((a, b) => b.used - a.used);
  }

  /** Names under which something is kept. */
  keys(): string[] {
    return this.list().map(({ name }) => path.basename(name, '.bin'));
  }

  /** Removes what was kept; nothing else that may lie there. The number of files that are gone. */
  clear(): number {
    return this.entries().filter(({ name }) => this.removeFile(name)).length;
  }

  private prune(): void {
    const now = Date.now();
    for (const { name, used } of this.entries())
      if (UNFINISHED.test(name) && now - used > UNFINISHED_FOR) this.removeFile(name);
    let total = 0;
    for (const { name, size, used } of this.list()) {
      total += size;
      if (total > MOST_BYTES || now - used > OLDEST) this.removeFile(name);
    }
  }

  private entries(): ListedFile[] {
    const found: ListedFile[] = [];
    attempt(() => {
      if (!isOurs(lstatSync(this.directory))) return;
      for (const name of readdirSync(this.directory)) {
        if (!KEPT.test(name) && !UNFINISHED.test(name)) continue;
        attempt(() => {
          const { size, mtimeMs } = lstatSync(path.join(this.directory, name));
          found.push({ name, size, used: mtimeMs });
        });
      }
    });
    return found;
  }

  /** Forgets one file; whether it is gone. */
  remove(key: string): boolean {
    return this.removeFile(`${key}.bin`);
  }

  private removeFile(name: string): boolean {
    return attempt(() => rmSync(path.join(this.directory, name)));
  }

  /** Where a file lies. */
  path(key: string): string {
    return path.join(this.directory, `${key}.bin`);
  }
}

/**
 * Makes a directory and those above it, for this user alone. Node's own way to make several tries for ever where the kernel
 * lets nobody make one, as in /proc.
 */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const above = path.dirname(directory);
  if (above !== directory) makeDirectory(above);
  mkdirSync(directory, { mode: 0o700 });
}

/** The name of a file in the cache, made from what it is about. */
export const cacheKey = (...parts: readonly string[]): string =>
  sha256(Buffer.from(parts.join('\0')))
    .toString('hex')
    .slice(0, 32);

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Only this user can have written it. Where there are no users, everything is. */
function isOurs({ uid, mode }: Stats): boolean {
  const own = process.geteuid?.();
  return own === undefined || (uid === own && (mode & 0o022) === 0);
}

function readInto(fd: number, size: number, room: Uint8Array | undefined): Buffer {
  if (!room || room.length < size) return readFileSync(fd);
  const length = readSync(fd, room, 0, size, 0);
  return Buffer.from(room.buffer, room.byteOffset, length);
}

function attempt(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
