// Modules that are large in one respect, with the C source they would have been built from.
import type { KernelFacts } from '../../src/target/types';
import { makeElf, type SectionSpec } from './elf';

/** What there is a lot of. */
export type LargeKind = 'symbols' | 'relocations' | 'sections' | 'parameters' | 'exports' | 'imports';
export const LARGE_KINDS: readonly LargeKind[] = [
  'symbols',
  'relocations',
  'sections',
  'parameters',
  'exports',
  'imports',
];

export interface LargeModule {
  readonly bytes: Uint8Array;
  readonly source: string;
}

const NAME_OFFSET = 24;
const [OBJECT, FUNC, SECTION] = [0x11, 0x12, 0x03];
/** Undefined and weak: the loader looks for it and goes on. */
const WEAK = 0x20;
const [R_X86_64_64, R_X86_64_PC32] = [1, 2];

interface Symbol {
  readonly name: string;
  readonly info: number;
  /** Name of its section; '' for an undefined one. */
  readonly section: string;
  readonly value: number;
  readonly size: number;
}

interface Relocation {
  readonly offset: number;
  readonly type: number;
  /** Name of the symbol. */
  readonly symbol: string;
  readonly addend: number;
}

/** Collects a module part by part. */
class Parts {
  readonly sections: SectionSpec[] = [];
  readonly symbols: Symbol[] = [];
  readonly lines: string[] = [];

  section(name: string, flags: number, data: Uint8Array, relocations: readonly Relocation[] = []): void {
    this.sections.push({ name, flags, data, align: 8 });
    if (relocations.length > 0) this.relocations.push({ section: name, relocations });
  }

  readonly relocations: { readonly section: string; readonly relocations: readonly Relocation[] }[] = [];
}

const [ALLOC, WRITABLE, CODE] = [2, 3, 6];

const MAKE: Readonly<Record<LargeKind, (parts: Parts, numbers: readonly string[]) => void>> = {
  symbols({ symbols, sections, lines }, numbers) {
    sections.push({ name: '.data', flags: WRITABLE, data: new Uint8Array(4 * numbers.length), align: 8 });
    for (const [i, number] of numbers.entries()) {
      symbols.push({ name: `s${number}`, info: OBJECT, section: '.data', value: 4 * i, size: 4 });
      lines.push(`int s${number};`);
    }
  },
  relocations(parts, numbers) {
    parts.symbols.push({ name: 'pointers', info: OBJECT, section: '.data', value: 0, size: 8 * numbers.length });
    parts.lines.push('static int t;', 'void *pointers[] = {', ...numbers.map(() => '&t,'), '};');
    const all = numbers.map((_, i) => ({ offset: 8 * i, type: R_X86_64_64, symbol: '.data', addend: 0 }));
    parts.section('.data', WRITABLE, new Uint8Array(8 * numbers.length), all);
  },
  sections(parts, numbers) {
    for (const number of numbers) {
      const section = `.data.s${number}`;
      parts.section(section, WRITABLE, new Uint8Array(4));
      parts.symbols.push({ name: `s${number}`, info: OBJECT, section, value: 0, size: 4 });
      parts.lines.push(`int s${number} __section("${section}") = 1;`);
    }
  },
  parameters(parts, numbers) {
    const names = numbers.map(number => `p${number}\0`).join('');
    const width = names.length / numbers.length;
    const rows = new DataView(new ArrayBuffer(40 * numbers.length));
    const relocations = numbers.flatMap((_, i) => [
      { offset: 40 * i, type: R_X86_64_64, symbol: '.rodata', addend: width * i },
      { offset: 40 * i + 16, type: R_X86_64_64, symbol: 'param_ops_int', addend: 0 },
      { offset: 40 * i + 32, type: R_X86_64_64, symbol: '.data', addend: 4 * i },
    ]);
    for (const [i, number] of numbers.entries()) {
      rows.setUint16(40 * i + 24, 0o644, true);
      parts.symbols.push({ name: `__param_p${number}`, info: OBJECT, section: '__param', value: 40 * i, size: 40 });
      parts.lines.push(`static int p${number};`, `module_param(p${number}, int, 0644);`);
    }
    parts.symbols.push({ name: 'param_ops_int', info: 0x10, section: '', value: 0, size: 0 });
    parts.section('.data', WRITABLE, new Uint8Array(4 * numbers.length));
    parts.section('.rodata', ALLOC, Buffer.from(names, 'latin1'));
    parts.section('__param', ALLOC, new Uint8Array(rows.buffer), relocations);
  },
  exports(parts, numbers) {
    const names = numbers.map(number => `e${number}\0`).join('');
    const width = names.length / numbers.length;
    const relocations = numbers.flatMap((number, i) => [
      { offset: 12 * i, type: R_X86_64_PC32, symbol: `e${number}`, addend: 0 },
      { offset: 12 * i + 4, type: R_X86_64_PC32, symbol: '__ksymtab_strings', addend: width * i },
    ]);
    for (const [i, number] of numbers.entries()) {
      parts.symbols.push(
        { name: `e${number}`, info: FUNC, section: '.text', value: 16 * i, size: 16 },
        { name: `__ksymtab_e${number}`, info: OBJECT, section: '__ksymtab', value: 12 * i, size: 12 },
      );
      parts.lines.push(`int e${number}(void) { return 0; }`, `EXPORT_SYMBOL(e${number});`);
    }
    parts.section('.text', CODE, new Uint8Array(16 * numbers.length).fill(0x90));
    parts.section('__ksymtab_strings', ALLOC, Buffer.from(names, 'latin1'));
    parts.section('__ksymtab', ALLOC, new Uint8Array(12 * numbers.length), relocations);
  },
  imports(parts, numbers) {
    const calls = numbers.map((number, i) => ({
      offset: 16 * i,
      type: R_X86_64_64,
      symbol: `u${number}`,
      addend: 0,
    }));
    for (const [i, number] of numbers.entries()) {
      parts.symbols.push(
        { name: `f${number}`, info: FUNC, section: '.text', value: 16 * i, size: 16 },
        { name: `u${number}`, info: WEAK, section: '', value: 0, size: 0 },
      );
      parts.lines.push(`void f${number}(void)`, '{', `\tu${number}();`, '}');
    }
    parts.section('.text', CODE, new Uint8Array(16 * numbers.length), calls);
  },
};

/** A module with `count` of a kind that a kernel with these facts and without MODVERSIONS takes. */
export function largeModule(facts: KernelFacts, kind: LargeKind, count: number): LargeModule {
  const parts = new Parts();
  // Names of one length sort as their numbers do.
  const numbers = Array.from({ length: count }, (_, i) => String(i).padStart(6, '0'));
  MAKE[kind](parts, numbers);
  const info = ['name=large', `vermagic=${facts.vermagic}`, 'license=GPL', 'intree=Y', 'retpoline=Y'];
  const thisModule = Buffer.alloc(facts.structModule?.size ?? 0);
  thisModule.write('large', NAME_OFFSET, 'latin1');
  const sections: SectionSpec[] = [
    { name: '.modinfo', flags: ALLOC, data: Buffer.from(info.map(entry => entry + '\0').join(''), 'latin1') },
    ...parts.sections,
    { name: '.gnu.linkonce.this_module', flags: WRITABLE, align: 64, data: thisModule },
  ];
  const places = new Map(sections.map(({ name }, i) => [name, i + 1]));
  const ofSections = sections.map(({ name }) => ({ name, info: SECTION, section: name, value: 0, size: 0 }));
  const symbols = [...ofSections, ...parts.symbols];
  const bySymbol = new Map(symbols.map(({ name }, i) => [name, i + 1]));
  return {
    bytes: makeElf([...sections, ...relocationSections(parts, bySymbol), ...symbolSections(symbols, places)]),
    source: ['#include <linux/module.h>', ...parts.lines, 'MODULE_LICENSE("GPL");', ''].join('\n'),
  };
}

function relocationSections({ relocations }: Parts, bySymbol: ReadonlyMap<string, number>): SectionSpec[] {
  return relocations.map(({ section, relocations: rows }) => {
    const data = new DataView(new ArrayBuffer(24 * rows.length));
    for (const [i, { offset, type, symbol, addend }] of rows.entries()) {
      data.setUint32(24 * i, offset, true);
      data.setUint32(24 * i + 8, type, true);
      data.setUint32(24 * i + 12, bySymbol.get(symbol) ?? 0, true);
      data.setBigInt64(24 * i + 16, BigInt(addend), true);
    }
    return {
      name: `.rela${section}`,
      type: 4,
      data: new Uint8Array(data.buffer),
      link: '.symtab',
      info: section,
      align: 8,
    };
  });
}

function symbolSections(symbols: readonly Symbol[], places: ReadonlyMap<string, number>): SectionSpec[] {
  const table = Buffer.alloc(24 * (symbols.length + 1));
  let strings = '\0';
  for (const [i, { name, info, section, value, size }] of symbols.entries()) {
    const at = 24 * (i + 1);
    if (info !== SECTION) {
      table.writeUInt32LE(strings.length, at);
      strings += name + '\0';
    }
    table.writeUInt8(info, at + 4);
    table.writeUInt16LE(places.get(section) ?? 0, at + 6);
    table.writeUInt32LE(value, at + 8);
    table.writeUInt32LE(size, at + 16);
  }
  return [
    { name: '.symtab', type: 2, align: 8, data: table, link: '.strtab' },
    { name: '.strtab', type: 3, data: Buffer.from(strings, 'latin1') },
  ];
}
