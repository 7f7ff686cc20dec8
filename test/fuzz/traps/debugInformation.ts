// Debug information that leads in circles, or nowhere for long.
import { makeElf } from '../../support/elf';
import { locateAll } from '../targets/dwarf';
import type { Trap } from './types';

const MIB = 1 << 20;
const MILLION = 1_000_000;
const NOWHERE = 'nowhere/trap.ko';

/** An abbreviation: code, tag, children, attributes as pairs of name and form. */
const abbrev = (code: number, tag: number, children: boolean, ...pairs: readonly number[]): number[] => [
  code,
  tag,
  children ? 1 : 0,
  ...pairs,
  0,
  0,
];

/** A module with one unit of DWARF 4 whose entries are `entries`, and code that refers to everything. */
function withDwarf(abbrevs: Iterable<number>, entries: Uint8Array, line: Uint8Array = new Uint8Array()): Uint8Array {
  const header = new DataView(new ArrayBuffer(11));
  header.setUint32(0, 7 + entries.length, true);
  header.setUint16(4, 4, true);
  header.setUint8(10, 8);
  const symbols = new DataView(new ArrayBuffer(24 * 102));
  for (let i = 1; i <= 100; i++) {
    symbols.setUint32(24 * i, 1, true);
    symbols.setUint8(24 * i + 4, 2);
    symbols.setUint16(24 * i + 6, 1, true);
    symbols.setUint32(24 * i + 8, i, true);
    symbols.setUint32(24 * i + 16, 1, true);
  }
  // An undefined symbol that the code refers to: its line is asked for.
  symbols.setUint32(24 * 101, 3, true);
  symbols.setUint8(24 * 101 + 4, 0x10);
  const use = new DataView(new ArrayBuffer(24));
  use.setUint32(0, 50, true);
  use.setUint32(8, 4, true);
  use.setUint32(12, 101, true);
  // The first field of .debug_info that can be an address points to each symbol in turn.
  const rela = new DataView(new ArrayBuffer(24 * 100));
  for (let i = 0; i < 100; i++) {
    rela.setUint32(24 * i, 12, true);
    rela.setUint32(24 * i + 8, 1, true);
    rela.setUint32(24 * i + 12, i + 1, true);
  }
  return makeElf([
    { name: '.text', flags: 6, data: new Uint8Array(256) },
    { name: '.rela.text', type: 4, data: new Uint8Array(use.buffer), link: '.symtab', info: '.text' },
    { name: '.debug_abbrev', data: Buffer.concat([Uint8Array.from(abbrevs), new Uint8Array(1)]) },
    { name: '.debug_info', data: Buffer.concat([new Uint8Array(header.buffer), entries]) },
    { name: '.debug_line', data: line },
    { name: '.rela.debug_info', type: 4, data: new Uint8Array(rela.buffer), link: '.symtab', info: '.debug_info' },
    { name: '.symtab', type: 2, data: new Uint8Array(symbols.buffer), link: '.strtab' },
    { name: '.strtab', type: 3, data: Buffer.from('\0f\0g\0') },
  ]);
}

/** A line program of version 4 with these opcodes. */
function lineProgram(opcodes: Uint8Array): Uint8Array {
  const header = Buffer.from([1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0x61, 0, 0, 0, 0, 0]);
  const start = Buffer.alloc(10);
  start.writeUInt32LE(6 + header.length + opcodes.length, 0);
  start.writeUInt16LE(4, 4);
  start.writeUInt32LE(header.length, 6);
  return Buffer.concat([start, header, opcodes]);
}

const CODE = abbrev(1, 0x2e, true, 0x11, 0x01, 0x31, 0x13, 0x47, 0x13);
const repeated = (count: number, piece: Uint8Array): Uint8Array =>
  Buffer.alloc(count * piece.length, Buffer.from(piece));
/** The first entry, with its address, and what follows. */
const entries = (rest: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0]), rest]);

const trap = (name: string, make: () => Uint8Array): Trap => ({
  name,
  make() {
    const bytes = make();
    return [{ name: 'places', run: () => locateAll(NOWHERE, bytes) }];
  },
});

export const DWARF_TRAPS: readonly Trap[] = [
  trap('an entry that is its own origin and specification', () => {
    const references = Buffer.alloc(8);
    references.writeUInt32LE(11, 0);
    references.writeUInt32LE(11, 4);
    return withDwarf(CODE, entries(references));
  }),
  trap('forms that are forms that are forms', () =>
    withDwarf(abbrev(1, 0x2e, true, 0x11, 0x01, 0x03, 0x16), entries(Buffer.alloc(4 * MIB, 0x16))),
  ),
  trap('numbers of millions of bytes', () =>
    withDwarf(abbrev(1, 0x2e, true, 0x11, 0x01, 0x03, 0x0f, 0x3a, 0x0f), entries(Buffer.alloc(4 * MIB, 0xff))),
  ),
  trap('entries nested a million deep', () =>
    withDwarf(abbrev(1, 0x2e, true, 0x11, 0x01), repeated(MILLION, entries(new Uint8Array()))),
  ),
  trap('entries of one byte without end', () => withDwarf(abbrev(1, 0x0b, true), Buffer.alloc(16 * MIB, 1))),
  trap('a line program that advances for ever', () =>
    withDwarf(CODE, entries(new Uint8Array(8)), lineProgram(Buffer.alloc(8 * MIB, 0xff))),
  ),
  trap('a line program that sets columns for ever', () =>
    withDwarf(CODE, entries(new Uint8Array(8)), lineProgram(Buffer.alloc(16 * MIB, 5))),
  ),
  trap('200000 line programs of a few bytes', () =>
    withDwarf(CODE, entries(new Uint8Array(8)), repeated(200_000, lineProgram(Buffer.from([0, 1, 1])))),
  ),
  trap('300000 units of a few bytes', () => {
    const unit = Buffer.from([8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1]);
    return withDwarf(CODE, Buffer.concat([entries(new Uint8Array(8)), repeated(300_000, unit)]));
  }),
  trap('an abbreviation of a million attributes', () => {
    const attributes = new Uint8Array(2 * MILLION).fill(0x19);
    const one = Buffer.concat([Buffer.from([1, 0x2e, 1, 0x11, 0x01]), attributes, Buffer.from([0, 0])]);
    return withDwarf(one, Buffer.alloc(MIB, 1));
  }),
];
