// Reading files, with errors a person can act on.
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

/** What the command cannot work with: a missing or unreadable file, a target that lacks something. One line. */
export class InputError extends Error {
  override readonly name = 'InputError';

  /** @param path the file or directory it is about, named first in the message */
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}

/** The bytes of a file. Throws {@link InputError}. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw inputError(path, error);
  }
}

/** As {@link readBytes}, but null when there is no such file. */
export function readBytesIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw inputError(path, error);
  }
}

/** Text of a small file as UTF-8, null when there is no such file. */
export function readTextIfThere(path: string): string | null {
  const bytes = readBytesIfThere(path);
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Parts of a file that is too large to read whole. */
export interface FileParts {
  readonly size: number;
  /** Up to `length` bytes at `offset`; fewer where the file ends. */
  read(offset: number, length: number): Uint8Array;
}

/** Opens a file, hands it to `use`, closes it. Throws {@link InputError}. */
export function withFileParts<T>(path: string, use: (parts: FileParts) => T): T {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const file = fd;
    const { size } = fstatSync(file);
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

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function isThere(path: string): boolean {
  return existsSync(path);
}

/** The reason of a failed system call in plain words. An {@link InputError} is returned as it is. */
export function inputError(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = errorCode(error);
  const words = code === null ? null : (REASONS[code] ?? `cannot be read (${code})`);
  return new InputError(path, words ?? (error instanceof Error ? error.message : String(error)));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'no such file or directory',
  EISDIR: 'is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many levels of symbolic links',
  ERR_FS_FILE_TOO_LARGE: 'too large to be read',
  ENAMETOOLONG: 'file name too long',
};

function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function errorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
