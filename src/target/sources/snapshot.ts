// Snapshots on disk: .json, .json.gz, .json.br.
import { note } from '../../findings/notes';
import { writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib';
import { MAX_SNAPSHOT, parseSnapshot, snapshotText, type SnapshotOptions } from '../snapshot';
import type { KernelFacts } from '../types';
import { InputError, inputError, readBytes } from '../../host/node/files';

/** Reads a snapshot; the end of its name tells how it is compressed. Throws {@link InputError}. */
export function readSnapshot(file: string): KernelFacts {
  const bytes = readBytes(file);
  const result = parseSnapshot(unpack(file, bytes).toString('utf8'));
  if (!result.ok) throw new InputError(file, result.reason);
  return result.facts;
}

/** Writes a snapshot, compressed as the end of the name asks. Throws {@link InputError}. */
export function writeSnapshot(file: string, facts: KernelFacts, options: SnapshotOptions = {}): void {
  const text = Buffer.from(snapshotText(facts, options));
  try {
    writeFileSync(file, pack(file, text));
  } catch (error) {
    throw inputError(file, error);
  }
}

function unpack(file: string, bytes: Uint8Array): Buffer {
  try {
    if (file.endsWith('.gz')) return gunzipSync(bytes, { maxOutputLength: MAX_SNAPSHOT });
    if (file.endsWith('.br')) return brotliDecompressSync(bytes, { maxOutputLength: MAX_SNAPSHOT });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    throw new InputError(file, note('compressed-corrupted'));
  }
}

function pack(file: string, text: Buffer): Buffer {
  if (file.endsWith('.gz')) return gzipSync(text, { level: 9 });
  // Without the hint brotli guesses the size and uses a smaller window.
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  return file.endsWith('.br') ? brotliCompressSync(text, { params }) : text;
}
