// Module files: counts, sizes and names no compiler would write.
import { makeElf, type SectionSpec } from '../../support/elf';
import { buildModule } from '../../support/builtModule';
import { factsOf, fixture, type Generation } from '../../support/recorded';
import { moduleSteps } from './steps';
import type { Trap } from './types';

const MIB = 1 << 20;
const MILLION = 1_000_000;

/** A module that loads but for these sections. */
const moduleWith = (after: readonly SectionSpec[], modinfo: readonly string[] = [], generation: Generation = '6.1') =>
  buildModule(factsOf(generation), { name: 'trap', after, modinfo }).bytes;

const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes);

/** Bytes without a NUL. */
const noNul = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0x41);

/** `count` symbols whose fields `write` fills in. */
function symtab(count: number, write: (view: DataView, at: number, index: number) => void): Uint8Array {
  const table = new Uint8Array(24 * count);
  const view = new DataView(table.buffer);
  for (let i = 1; i < count; i++) write(view, 24 * i, i);
  return table;
}

/** Many headers, each naming the same bytes; made without an object per section. */
function manySections(
  count: number,
  names: Uint8Array,
  same: {
    readonly offset: number;
    readonly type: number;
    readonly flags: number;
    readonly size: number;
    readonly name: number;
  },
): Uint8Array {
  const first = moduleWith([{ name: '.huge', type: 3, data: names }]);
  const old = new DataView(first.buffer);
  const shoff = Number(old.getBigUint64(40, true));
  const shnum = old.getUint16(60, true);
  const bytes = new Uint8Array(first.length + (count - shnum) * 64);
  bytes.set(first);
  const view = new DataView(bytes.buffer);
  view.setUint16(60, count, true);
  for (let i = shnum; i < count; i++) {
    const at = shoff + 64 * i;
    view.setUint32(at, same.name, true);
    view.setUint32(at + 4, same.type, true);
    view.setUint32(at + 8, same.flags, true);
    view.setUint32(at + 24, same.offset, true);
    view.setUint32(at + 32, same.size, true);
    view.setUint32(at + 48, 1, true);
  }
  return bytes;
}

/** All headers get their names from `.huge`, which has no end. */
function hugeNames(bytes: Uint8Array, ends: boolean): Uint8Array {
  const view = new DataView(bytes.buffer);
  const shoff = Number(view.getBigUint64(40, true));
  const shnum = view.getUint16(60, true);
  for (let i = 0; i < shnum; i++)
    if (view.getUint32(shoff + 64 * i + 32, true) >= 10 * MIB) {
      view.setUint16(62, i, true);
      if (ends) bytes[view.getUint32(shoff + 64 * i + 24, true) + view.getUint32(shoff + 64 * i + 32, true) - 1] = 0;
    }
  return bytes;
}

export const MODULE_TRAPS: readonly Trap[] = [
  {
    name: 'e_shnum and sh_size as large as they can be',
    make() {
      const bytes = Uint8Array.from(fixture('6.1', 'minimal').bytes);
      const view = new DataView(bytes.buffer);
      const shoff = Number(view.getBigUint64(40, true));
      for (let at = shoff; at + 64 <= bytes.length; at += 64) view.setBigUint64(at + 32, 0x1_0000_0000n, true);
      view.setUint16(60, 0xffff, true);
      return moduleSteps(bytes);
    },
  },
  {
    name: '65535 sections in a file of a few bytes',
    make() {
      const bytes = Uint8Array.from(fixture('6.1', 'minimal').bytes);
      new DataView(bytes.buffer).setUint16(60, 0xffff, true);
      return moduleSteps(bytes);
    },
  },
  {
    name: '65000 sections with one name',
    make: () => moduleSteps(manySections(65000, noNul(16), { offset: 64, type: 1, flags: 2, size: 1, name: 1 })),
  },
  {
    name: '65000 sections with one name of 20 MB that ends',
    make: () =>
      moduleSteps(
        hugeNames(manySections(65000, noNul(20 * MIB), { offset: 64, type: 1, flags: 2, size: 1, name: 1 }), true),
      ),
  },
  {
    name: '65000 sections with one name of 20 MB without end',
    make: () =>
      moduleSteps(
        hugeNames(manySections(65000, noNul(20 * MIB), { offset: 64, type: 1, flags: 0, size: 1, name: 1 }), false),
      ),
  },
  {
    name: '65000 symbol tables, string tables and relocation sections over the same bytes',
    make: () => moduleSteps(manySections(65000, noNul(MIB), { offset: 64, type: 4, flags: 2, size: MIB, name: 1 })),
  },
  {
    name: 'a string table of 100 MB without NUL',
    make: () =>
      moduleSteps(
        makeElf([
          { name: '.symtab', type: 2, data: symtab(1000, (view, at) => view.setUint32(at, 1, true)), link: '.strtab' },
          { name: '.modinfo', flags: 2, data: Buffer.from('name=trap\0') },
          { name: '.gnu.linkonce.this_module', flags: 3, data: new Uint8Array(1024) },
          { name: '.strtab', type: 3, data: noNul(100 * MIB) },
        ]),
      ),
  },
  ...(['undefined', 'function', 'global'] as const).map((kind): Trap => ({
    name: `a million ${kind} symbols whose names are one of 50 MB`,
    make() {
      const info = kind === 'undefined' ? 0x10 : kind === 'function' ? 0x02 : 0x11;
      const table = symtab(MILLION, (view, at, i) => {
        view.setUint32(at, 1 + (i % 1000), true);
        view.setUint8(at + 4, info);
        view.setUint16(at + 6, kind === 'undefined' ? 0 : 1, true);
        view.setUint32(at + 8, i, true);
      });
      const strings = noNul(50 * MIB);
      strings[0] = 0;
      strings[strings.length - 1] = 0;
      const bytes = buildModule(factsOf('6.1'), { name: 'trap' }).bytes;
      return moduleSteps(withSymbols(bytes, table, strings));
    },
  })),
  {
    name: 'a million entries in .modinfo',
    make: () =>
      moduleSteps(
        moduleWith(
          [],
          Array.from({ length: MILLION }, (_, i) => `alias=a${i}`),
        ),
      ),
  },
  {
    name: 'a million versions without end',
    make() {
      const table = noNul(64 * MILLION);
      const view = new DataView(table.buffer);
      for (let i = 0; i < MILLION; i++) view.setUint32(64 * i + 8, i, false);
      return moduleSteps(moduleWith([{ name: '__versions', flags: 2, data: table }]));
    },
  },
  {
    name: 'a hundred thousand parameters, and as many arguments',
    make() {
      const table = zeros(40 * 100_000);
      const args = Array.from({ length: 100_000 }, (_, i) => `p${i}=1`).join(' ');
      return moduleSteps(moduleWith([{ name: '__param', flags: 3, align: 8, data: table }]), args);
    },
  },
  ...[0, 1, 2, 11].map((type): Trap => ({
    name: `a million relocations of type ${type} at one place`,
    make: () => moduleSteps(withRelocations((view, at) => view.setUint32(at + 8, type, true))),
  })),
  {
    name: 'a million relocations behind the section, of symbols there are none of',
    make: () =>
      moduleSteps(
        withRelocations((view, at) => {
          view.setUint32(at, 0x1000_0000, true);
          view.setUint32(at + 8, 1, true);
          view.setUint32(at + 12, 0x1111_1111, true);
        }),
      ),
  },
  {
    name: 'sections that fill memory with the same bytes',
    make: () =>
      moduleSteps(manySections(600, noNul(2 * MIB), { offset: 64, type: 1, flags: 2, size: 2 * MIB, name: 1 })),
  },
  {
    name: 'a gigabyte of .bss',
    make: () => moduleSteps(moduleWith([{ name: '.bss', type: 8, flags: 3, size: 1 << 30, data: zeros(0) }])),
  },
];

/** A million of them, of 64 bytes of code. */
function withRelocations(write: (view: DataView, at: number) => void): Uint8Array {
  const rela = zeros(24 * MILLION);
  const view = new DataView(rela.buffer);
  for (let i = 0; i < MILLION; i++) write(view, 24 * i);
  return moduleWith([
    { name: '.text', flags: 6, data: zeros(64) },
    { name: '.rela.text', type: 4, data: rela, link: '.symtab', info: '.text' },
  ]);
}

/** The module with other tables of symbols and names, put behind it. */
export function withSymbols(module: Uint8Array, table: Uint8Array, strings: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(module.length + table.length + strings.length);
  bytes.set(module);
  bytes.set(table, module.length);
  bytes.set(strings, module.length + table.length);
  const view = new DataView(bytes.buffer);
  const shoff = Number(view.getBigUint64(40, true));
  const point = (index: number, offset: number, size: number): void => {
    view.setBigUint64(shoff + 64 * index + 24, BigInt(offset), true);
    view.setBigUint64(shoff + 64 * index + 32, BigInt(size), true);
  };
  for (let i = 1; i < view.getUint16(60, true); i++) {
    if (view.getUint32(shoff + 64 * i + 4, true) !== 2) continue;
    point(i, module.length, table.length);
    point(view.getUint32(shoff + 64 * i + 40, true), module.length + table.length, strings.length);
  }
  return bytes;
}
