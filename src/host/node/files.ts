// Reading files, with errors a person can act on.
import { note, reasonOf, type Note } from '../../findings/notes';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { resolve } from 'node:path';
import { InputError, type FileParts } from '../../target/files';
import { toOs } from './osPath';

export { InputError };

/** Node reads no more than that at once, in bytes. */
const MOST_BYTES = 2 ** 31 - 1;
/** What people and kbuild write is smaller by far, in bytes. */
const MOST_TEXT = 2 ** 26;

/** Does not wait for somebody to write into a pipe that is called like a file. */
export const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file for reading. Only regular files: a link of a workspace may lead to a pipe or a device, where reading
 * does not end. Throws what the file system does, or {@link InputError}.
 */
export function openFile(path: string): { readonly fd: number; readonly size: number } {
  const fd = openSync(toOs(path), OPEN_FLAGS);
  try {
    const stat = fstatSync(fd);
    if (stat.isFile()) return { fd, size: stat.size };
    throw new InputError(path, stat.isDirectory() ? note('is-directory') : note('no-regular-file'));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The bytes of a file, up to `most` of them. Throws {@link InputError}. */
export function readBytes(path: string, most = MOST_BYTES): Uint8Array {
  try {
    return readWhole(path, most);
  } catch (error) {
    throw inputError(path, error);
  }
}

/** Writes a text into a file that the user named. Throws {@link InputError}. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(toOs(path), text);
  } catch (error) {
    throw inputError(path, error);
  }
}

/** As {@link readBytes}, but null when there is no such file. */
export function readBytesIfThere(path: string, most = MOST_BYTES): Uint8Array | null {
  try {
    return readWhole(path, most);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw inputError(path, error);
  }
}

/** Text of a small file as UTF-8, null when there is no such file. */
export function readTextIfThere(path: string, most = MOST_TEXT): string | null {
  const bytes = readBytesIfThere(path, most);
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** As {@link readTextIfThere}, and null, too, when it cannot be read. */
export function readTextIfReadable(path: string, most = MOST_TEXT): string | null {
  try {
    return readTextIfThere(path, most);
  } catch {
    return null;
  }
}

function readWhole(path: string, most: number): Uint8Array {
  const { fd, size } = openFile(path);
  try {
    if (size > most) throw new InputError(path, note('too-large'));
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Opens a file, hands it to `use`, closes it. Throws {@link InputError}. */
export function withFileParts<T>(path: string, use: (parts: FileParts) => T): T {
  let fd: number | null = null;
  try {
    const opened = openFile(path);
    const { fd: file, size } = opened;
    fd = file;
    const read = (offset: number, length: number): Uint8Array => {
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
    };
    return use({ size, read });
  } catch (error) {
    throw inputError(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** What a path leads to; null where nothing is found, whatever the reason: names from files may be no path at all. */
export function statIfThere(path: string | Buffer): Stats | null {
  try {
    return statSync(typeof path === 'string' ? toOs(path) : path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** Identity of a file's contents: changes with every write. */
export function stampOfStat({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}

/** Identifies a file with its current contents among all states of all files; null if it is not there. */
export function identityOf(file: string): string | null {
  const stat = statIfThere(file);
  return stat && [realPath(file), stampOfStat(stat), stat.ctimeMs].join('\0');
}

/** As {@link statIfThere}, but of a link itself. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(toOs(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return false;
  }
}

export function isDirectory(path: string): boolean {
  return statIfThere(path)?.isDirectory() ?? false;
}

/** Names in a directory, sorted; none where it cannot be listed. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(toOs(directory), 'utf8').sort();
  } catch {
    return [];
  }
}

/** The path with all links resolved; the absolute path where that is not possible. */
export function realPath(file: string): string {
  try {
    return realpathSync(toOs(file), 'utf8');
  } catch {
    return resolve(file);
  }
}

export function isThere(path: string): boolean {
  return existsSync(toOs(path));
}

/** Throws {@link InputError} where no file can be opened. */
export function requireFile(path: string): void {
  try {
    closeSync(openFile(path).fd);
  } catch (error) {
    throw inputError(path, error);
  }
}

/** The reason of a failed system call in plain words. An {@link InputError} is returned as it is. */
export function inputError(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = errorCode(error);
  return new InputError(path, code === null ? reasonOf(error) : (REASONS[code] ?? note('unreadable', { code })));
}

const REASONS: Readonly<Record<string, Note>> = {
  ENOENT: note('no-such-file'),
  ENOTDIR: note('no-such-file'),
  EISDIR: note('is-directory'),
  EACCES: note('permission-denied'),
  EPERM: note('permission-denied'),
  ELOOP: note('too-many-links'),
  ERR_FS_FILE_TOO_LARGE: note('too-large'),
  ENAMETOOLONG: note('name-too-long'),
};

function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function errorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
