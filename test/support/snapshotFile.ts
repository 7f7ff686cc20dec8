// Writes snapshots as `capture` prints them, compressed as the end of the name asks.
import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { snapshotText } from '../../src/target/snapshot';
import type { KernelFacts } from '../../src/target/types';

export function writeSnapshot(file: string, facts: KernelFacts): void {
  writeFileSync(file, pack(file, Buffer.from(snapshotText(facts))));
}

function pack(file: string, text: Buffer): Buffer {
  if (file.endsWith('.gz')) return gzipSync(text, { level: 9 });
  // Without the hint brotli guesses the size and uses a smaller window.
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  return file.endsWith('.br') ? brotliCompressSync(text, { params }) : text;
}
