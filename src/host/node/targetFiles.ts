// The disk of this machine, as sources of targets read it.
import { readdirSync, readlinkSync, type Dirent } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { TargetFiles } from '../../target/files';
import { readModule } from './decompress';
import { isAutomounted } from './automounts';
import { isDirectory, isLink, isThere, readBytesIfThere, readTextIfThere, withFileParts } from './files';
import { signersOf } from './lazyPkcs7';

export const DISK: TargetFiles = {
  path,
  runningRelease: os.release(),
  isThere,
  isAutomounted,
  isDirectory,
  isLink,
  readLink: link => readlinkSync(link),
  list: directory => entriesOf(directory).map(entry => ({ name: entry.name, isDirectory: entry.isDirectory() })),
  read: readBytesIfThere,
  readText: readTextIfThere,
  withParts: withFileParts,
  // Read on demand: most targets are directories.
  readImage: async file => (await import('./kernelImages')).readKernelImage(file),
  readPackage: async (file, read) => (await import('./packages/readPackage')).readPackage(file, read),
  readNamed: async (name, read) => (await import('./named/namedKernel')).readNamed(name, read),
  readModule: async file => (await readModule(file)).bytes,
  unpackText(format, bytes, most) {
    try {
      return UNPACK[format](bytes, most).toString('utf8');
    } catch {
      return null;
    }
  },
  signersOf,
};

const UNPACK = {
  none: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  gzip: (bytes: Uint8Array, maxOutputLength: number) => gunzipSync(bytes, { maxOutputLength }),
  brotli: (bytes: Uint8Array, maxOutputLength: number) => brotliDecompressSync(bytes, { maxOutputLength }),
};

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // A directory that cannot be listed has nothing to offer; others may have.
    return [];
  }
}
