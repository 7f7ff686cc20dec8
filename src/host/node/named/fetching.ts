// Files of a mirror: over HTTP, or of a directory that has the same files.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { note, reasonOf } from '../../../findings/notes';
import { InputError, isThere } from '../files';

/** Who wants to see how far a download is; bytes. */
export type DownloadListener = (file: string, done: number, total: number) => void;

export interface Wanted {
  /** Bytes and SHA-256 (hexadecimal) that it must have; null for an index that says so itself. */
  readonly expected: { readonly size: number; readonly sha256: string } | null;
  /** The file to write. */
  readonly to: string;
  readonly listener: DownloadListener;
  readonly signal: AbortSignal | null;
}

/** No file of a mirror is larger than any kernel's package, in bytes. */
const MOST_FILE = 2 ** 30;

/**
 * Fetches a file below a mirror; false where the mirror has no such file. Throws {@link InputError} where it cannot be had, or is
 * not what was expected.
 */
export async function fetchFile(mirror: string, place: string, wanted: Wanted): Promise<boolean> {
  const from = `${mirror}/${place}`;
  const { expected, to, listener, signal } = wanted;
  const hash = createHash('sha256');
  let done = 0;
  try {
    const opened = await openFile(from, signal);
    if (!opened) return false;
    const total = expected?.size ?? opened.size ?? 0;
    const counted = async function* (pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      for await (const piece of pieces) {
        hash.update(piece);
        done += piece.length;
        if (done > (expected?.size ?? MOST_FILE)) return;
        listener(path.basename(place), done, total);
        yield piece;
      }
    };
    await pipeline(opened.bytes, counted, createWriteStream(to, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(from, note('not-fetched', { reason: causeOf(error) }));
  }
  if (expected && (done !== expected.size || hash.digest('hex') !== expected.sha256))
    throw new InputError(from, note('not-as-listed'));
  return true;
}

interface Opened {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes; null where the server does not say. */
  readonly size: number | null;
}

async function openFile(from: string, signal: AbortSignal | null): Promise<Opened | null> {
  if (!/^https?:/.test(from)) {
    const file = from.startsWith('file:') ? fileURLToPath(from) : from;
    if (!isThere(file)) return null;
    return { bytes: createReadStream(file, signal ? { signal } : {}) as AsyncIterable<Uint8Array>, size: null };
  }
  const answer = await fetch(from, { signal });
  if (answer.status === 404) return null;
  if (!answer.ok || answer.body === null) throw new InputError(from, note('server-answers', { status: answer.status }));
  const length = Number(answer.headers.get('content-length') ?? NaN);
  const bytes = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]) as AsyncIterable<Uint8Array>;
  return { bytes, size: Number.isSafeInteger(length) ? length : null };
}

/** Of a failed fetch the cause says more than the error. */
function causeOf(error: unknown): ReturnType<typeof reasonOf> {
  return reasonOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
