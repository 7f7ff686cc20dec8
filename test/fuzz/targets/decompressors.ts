// Packed modules: unpacked as the command does, and as the kernel does.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { InputError } from '../../../src/index';
import { unpackModule } from '../../../src/host/node/decompress';
import { kernelDecompress } from '../../../src/host/node/kernelDecompress';
import { inflate } from '../../../src/host/places/inflate';
import { fixture } from '../../support/recorded';
import type { FuzzTarget } from '../lib/types';

const FORMATS = ['gzip', 'xz', 'zstd'] as const;
/** Larger outputs take longer, and find nothing more. */
const MOST = 32 << 20;

export const decompressors: FuzzTarget = {
  name: 'decompressors',
  longest: 16 << 10,
  seeds: () => {
    const { bytes } = fixture('6.1', 'minimal');
    return [gzipSync(bytes), deflateSync(bytes), brotliCompressSync(bytes)].map(one => new Uint8Array(one));
  },
  words: ['\x1f\x8b\x08', '\xfd7zXZ\0', '\x28\xb5\x2f\xfd', 'YZ', '\0\x01', '\0\x04', '\x21\x01'],
  async run(bytes) {
    try {
      await unpackModule('fuzzed.ko', bytes, MOST);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    for (const format of FORMATS) {
      // The thread that unpacks xz takes long to start.
      if (format === 'xz' && bytes[0] !== 0xfd) continue;
      kernelDecompress(bytes, format, { bytes: MOST, milliseconds: 500 });
    }
    for (const format of ['zlib', 'zstd'] as const) inflate(format, bytes, MOST);
  },
};
