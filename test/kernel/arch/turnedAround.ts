// Modules in the other byte order: every number of the headers, tables and fields of a fixture turned around.
import { SHF_EXECINSTR, SHT_REL, SHT_RELA, SHT_SYMTAB } from '../../../src/formats/elf/constants';
import { structSizes } from '../../../src/formats/elf/header';
import type { ArchKo, ArchSection } from './archKo';

export const SUITE = ['suite_code', 'suite_places'];
const R_MIPS_64 = 18;

/** Widths of the fields of each structure, in order; 0 ends what is turned around, negative widths are left alone. */
const LAYOUTS = {
  ehdr: {
    64: [-16, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2],
    32: [-16, 2, 2, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2],
  },
  shdr: { 64: [4, 4, 8, 8, 8, 8, 4, 4, 8, 8], 32: [4, 4, 4, 4, 4, 4, 4, 4, 4, 4] },
  sym: { 64: [4, -1, -1, 2, 8, 8], 32: [4, 4, 4, -1, -1, 2] },
  rel: { 64: [8, 4, -4], 32: [4, 4] },
  rela: { 64: [8, 4, -4, 8], 32: [4, 4, 4] },
  version: { 64: [8, -56], 32: [4, -60] },
} as const;

function turn(bytes: Uint8Array, at: number, width: number): void {
  bytes.subarray(at, at + width).reverse();
}

function turnFields(bytes: Uint8Array, start: number, end: number, widths: readonly number[]): void {
  let at = start;
  const size = widths.reduce((sum, width) => sum + Math.abs(width), 0);
  while (at + size <= end)
    for (const width of widths) {
      if (width > 0) turn(bytes, at, width);
      at += Math.abs(width);
    }
}

/** Words of a section: of four bytes, but of eight where a relocation writes as many. */
export function turnWords(bytes: Uint8Array, start: number, size: number, wide: ReadonlySet<number>): void {
  for (let at = 0; at + 4 <= size;) {
    const width = wide.has(at) && at + 8 <= size ? 8 : 4;
    turn(bytes, start + at, width);
    at += width;
  }
}

export function wideFields(ko: ArchKo, section: ArchSection): Set<number> {
  const relocations = ko.relocations(ko.relocationsOf(section.name));
  const entries = Array.from({ length: relocations.count }, (_, i) => i);
  return new Set(entries.filter(i => relocations.type(i) === R_MIPS_64).map(i => relocations.offset(i)));
}

/** The file in the other byte order. */
export function turnedAround(ko: ArchKo): Uint8Array {
  const bytes = Uint8Array.from(ko.bytes);
  const bits = ko.format.is64 ? 64 : 32;
  const { ehdr, shdr } = structSizes(ko.format.is64);
  for (const section of ko.sections) {
    const { sh_offset, sh_size, sh_type, sh_flags, name } = section;
    const end = Math.min(sh_offset + sh_size, bytes.length);
    if (sh_type === SHT_SYMTAB) turnFields(bytes, sh_offset, end, LAYOUTS.sym[bits]);
    else if (sh_type === SHT_REL) turnFields(bytes, sh_offset, end, LAYOUTS.rel[bits]);
    else if (sh_type === SHT_RELA) turnFields(bytes, sh_offset, end, LAYOUTS.rela[bits]);
    else if (name === '__versions') turnFields(bytes, sh_offset, end, LAYOUTS.version[bits]);
    else if (SUITE.includes(name)) turnWords(bytes, sh_offset, sh_size, wideFields(ko, section));
    else if (sh_flags & SHF_EXECINSTR) turnWords(bytes, sh_offset, sh_size, new Set());
  }
  const shoff = ko.shoff;
  turnFields(bytes, shoff, shoff + ko.sections.length * shdr, LAYOUTS.shdr[bits]);
  turnFields(bytes, 0, ehdr, LAYOUTS.ehdr[bits]);
  bytes[5] = 2;
  return bytes;
}
