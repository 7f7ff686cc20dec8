// Tables of exports whose entries are addresses, in both byte orders.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ByteReader } from '../../../src/formats/bytes/byteReader';
import type { Shdr } from '../../../src/formats/elf/header';
import { readExports } from '../../../src/target/image/exports';
import type { KernelBytes } from '../../../src/target/image/kernelBytes';
import { parseSymvers } from '../../../src/target/symvers';

const COUNT = 400;
const ENTRY = 24;
const TABLE = 0x2000;
const CRCS = TABLE + COUNT * ENTRY;
const STRINGS = CRCS + 4 * COUNT;
const NAME = 16;
const NAMESPACE = STRINGS + COUNT * NAME;
const SIZE = 0x1_0000;
const nameOf = (i: number): string => `symbol_${String(i).padStart(4, '0')}`;
const crcOf = (i: number): number => 0x1000_0000 + i;

/** A kernel whose first byte in memory is at `base`. Only the last of its exports is in a namespace. */
function kernelAt(base: bigint, littleEndian: boolean, hasSections: boolean): KernelBytes {
  const bytes = Buffer.alloc(SIZE);
  // An ELF file has headers before what is loaded first.
  const first = hasSections ? 0x1000 : 0;
  const addressOf = (at: number): bigint => base + BigInt(at - first);
  // What address 0 would lead to where only half of it is looked at.
  bytes.write('H\0', first, 'latin1');
  const word = (value: bigint, at: number): unknown =>
    littleEndian ? bytes.writeBigUInt64LE(value, at) : bytes.writeBigUInt64BE(value, at);
  for (let i = 0; i < COUNT; i++) {
    const name = STRINGS + i * NAME;
    bytes.write(`${nameOf(i)}\0`, name, 'latin1');
    word(addressOf(TABLE), TABLE + i * ENTRY);
    word(addressOf(name), TABLE + i * ENTRY + 8);
    word(i === COUNT - 1 ? addressOf(NAMESPACE) : 0n, TABLE + i * ENTRY + 16);
    if (littleEndian) bytes.writeUInt32LE(crcOf(i), CRCS + 4 * i);
    else bytes.writeUInt32BE(crcOf(i), CRCS + 4 * i);
  }
  bytes.write('A_NAMESPACE\0', NAMESPACE, 'latin1');
  const section = (sh_offset: number, sh_size: number): Shdr =>
    ({ sh_addr: addressOf(sh_offset), sh_offset, sh_size, sh_type: 1 }) as Shdr;
  const sections = new Map([
    ['.head.text', section(first, TABLE - first)],
    ['__ksymtab', section(TABLE, COUNT * ENTRY)],
    ['__kcrctab', section(CRCS, 4 * COUNT)],
    ['__ksymtab_strings', section(STRINGS, SIZE - STRINGS)],
  ]);
  const r = new ByteReader(bytes, littleEndian);
  return { containers: [], r, is64: true, machine: null, sections: hasSections ? sections : null };
}

const KERNELS = {
  'at the top, little-endian, without section headers': kernelAt(0xffff_ffff_8000_0000n, true, false),
  'at address 0, big-endian, without section headers': kernelAt(0n, false, false),
  'at an address whose low half is 0, with section headers': kernelAt(0xc000_0000_0000_0000n, true, true),
  'at an address whose low half is 0, big-endian, with section headers': kernelAt(0xc000_0000_0000_0000n, false, true),
};

for (const [where, kernel] of Object.entries(KERNELS))
  test(`exports of a kernel ${where}`, () => {
    const found = readExports(kernel);
    assert.equal(found?.count, COUNT);
    const table = parseSymvers(found.symvers);
    for (let i = 0; i < COUNT; i++) {
      const { crc, namespace } = table.row(table.findName(nameOf(i)));
      assert.deepEqual([crc, namespace], [crcOf(i), i === COUNT - 1 ? 'A_NAMESPACE' : null], nameOf(i));
    }
  });
