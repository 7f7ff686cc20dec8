// Kernel images: envelopes, packings, and the tables of the kernel inside.
import { gzipSync } from 'node:zlib';
import { unpackKernel } from '../../../src/host/node/unpackKernel';
import { kernelOfElf } from '../../../src/target/image/elfParts';
import { factsOfKernel, readImage } from '../../../src/target/image/imageFacts';
import { makeElf } from '../../support/elf';
import { smallKernel } from '../../support/kernelImage';
import type { FuzzTarget, Input } from '../lib/types';

const SIZE = 48 << 10;

/** The same kernel as an image, packed, and as a vmlinux with sections. */
function seeds(): Input[] {
  const kernel = smallKernel(SIZE);
  const elf = makeElf([
    { name: '__ksymtab', data: kernel.slice(0x1000, 0x1000 + 12 * 50), flags: 2 },
    { name: '.rodata', data: kernel.slice(SIZE / 2, SIZE / 2 + 512), flags: 2 },
  ]);
  return [kernel, new Uint8Array(gzipSync(kernel)), elf];
}

export const images: FuzzTarget = {
  name: 'images',
  longest: 64 << 10,
  seeds,
  words: [
    'HdrS',
    'zimg',
    'ANDROID!',
    'Linux version ',
    'IKCFG_ST',
    '\x1f\x8b\x08',
    '\xfd7zXZ\0',
    '\x28\xb5\x2f\xfd',
    '.linux',
  ],
  async run(bytes) {
    await readImage(bytes, unpackKernel);
    const elf = kernelOfElf({
      size: bytes.length,
      read: (offset, length) => bytes.subarray(offset, offset + Math.max(0, length)),
    });
    if (elf) await factsOfKernel(elf, unpackKernel);
  },
};
