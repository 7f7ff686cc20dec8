// What kernels of other architectures are asked: our fixtures as they are, every relocation type at the edges of its field, and what
// section preparation looks for. All cases of a kernel come from its fixtures and its list of types.
import { readFileSync } from 'node:fs';
import type { BootPlan } from '../lib/record';
import type { Patch } from '../lib/recipe';
import type { Case } from '../lib/recording';
import { insmod, seeded, testCase } from '../cases/kit';
import { ArchKo } from './archKo';
import { mipsCases } from './halves';
import type { CaseArch } from './kernels';
import { thumbCases } from './thumb';
import { typeCases, type TypeCases } from './types';

const SHN_ABS = 0xfff1;
/** The entry that is changed; the one before it stays. */
const ENTRY = 1;

/** A kernel as the generators see it. */
export class ArchKit {
  private readonly known = new Map<string, ArchKo>();

  constructor(
    readonly arch: CaseArch,
    private readonly fixtures: string,
  ) {}

  ko(fixture: string): ArchKo {
    const known = this.known.get(fixture) ?? new ArchKo(fixture, readFileSync(`${this.fixtures}/${fixture}.ko`));
    this.known.set(fixture, known);
    return known;
  }
}

function plain(): Case[] {
  return [
    testCase('plain/minimal', insmod('minimal')),
    testCase('plain/noexit', insmod('noexit')),
    testCase('plain/user', insmod('exporter'), insmod('user')),
    testCase('plain/user-alone', insmod('user')),
    testCase('plain/gpluser', insmod('exporter'), insmod('gpluser')),
    testCase('plain/weakref-alone', insmod('weakref')),
    testCase('plain/weakref', insmod('exporter'), insmod('weakref')),
    testCase('plain/percpu', insmod('percpu')),
    testCase('plain/unresolved', insmod('unresolved')),
    testCase('plain/manyexports', insmod('manyexports')),
    testCase('plain/places', insmod('places')),
    testCase('plain/twice', insmod('exporter'), insmod('exporter')),
    testCase('plain/duplicate', insmod('manyexports'), insmod('exporter'), insmod('user')),
    testCase('plain/init_module', insmod('minimal', { syscall: 'init_module' })),
  ];
}

const ARGUMENTS = [
  'p_byte=255',
  'p_byte=256',
  'p_short=-32768',
  'p_short=-32769',
  'p_ushort=65536',
  'p_int=2147483647',
  'p_int=2147483648',
  'p_uint=4294967295',
  'p_uint=4294967296',
  'p_long=2147483647',
  'p_long=2147483648',
  'p_long=9223372036854775807',
  'p_long=9223372036854775808',
  'p_ulong=4294967295',
  'p_ulong=4294967296',
  'p_ulong=18446744073709551616',
  'p_ullong=18446744073709551615',
  'p_ullong=18446744073709551616',
  'p_hexint=0xffffffff',
  'p_bool=y p_invbool=1 p_bint=on',
  'p_charp=text',
  'p_string=1234567',
  'p_string=12345678',
  'p_ints=1,2,3,4',
  'p_ints=1,2,3,4,5',
  'p_charps=a,b',
  'bogus=1',
];

const parameters = (): Case[] =>
  ARGUMENTS.map((args, i) => testCase(`parameters/${i}`, insmod('paramkinds', { args })));

/** Values on both sides of where a field ends, and some that are no multiple of what an instruction counts in. */
function values(bits: readonly number[]): bigint[] {
  const edges = bits.flatMap(bit => {
    const power = 1n << BigInt(bit);
    return [power - 4n, power - 1n, power, -power, -power - 1n, -power - 4n];
  });
  return [...new Set([0n, 1n, 2n, 4n, ...edges])];
}

/** One entry of code that is never run: its symbol is put where the value comes out. */
function typeCase(ko: ArchKo, { type, name, base, field }: TypeCases, value: bigint): Case {
  const section = ko.relocationsOf('suite_code');
  const offset = ko.relocations(section).offset(ENTRY);
  const symbol = ko.symbol('suite_moved');
  const code = ko.section('suite_code');
  const patches: Patch[] = [...ko.setEntry(section, ENTRY, type, symbol)];
  // A relative value counts from the place, in the same section wherever that comes to lie.
  if (base === 'absolute') patches.push(ko.set('sym', symbol, 'st_shndx', SHN_ABS));
  patches.push(ko.set('sym', symbol, 'st_value', base === 'absolute' ? value : value + BigInt(offset)));
  // What the assembler left in the field counts where entries have no addend.
  const { is64 } = ko.format;
  patches.push([code.sh_offset + offset, (field ?? '').padEnd(is64 ? 32 : 16, '0')]);
  return testCase(`relocation/${name}/${value < 0n ? '-' : ''}${hex(value)}`, insmod(ko.module(patches)));
}

const hex = (value: bigint): string => (value < 0n ? -value : value).toString(16);

function relocations(kit: ArchKit): Case[] {
  const ko = kit.ko('places');
  return typeCases(kit.arch).flatMap(types => {
    const most = types.bits.length === 0 || types.name.startsWith('type-') ? [0n] : values(types.bits);
    return most.map(value => typeCase(ko, types, value));
  });
}

/** Types in data rather than in code, with symbols of every kind. */
function elsewhere(kit: ArchKit): Case[] {
  const ko = kit.ko('places');
  const section = ko.relocationsOf('suite_places');
  const target = ko.symbol('suite_target');
  const beyond = ko.symbolCount;
  const data = ko.section('suite_places').sh_offset + ko.relocations(section).offset(ENTRY);
  const known = typeCases(kit.arch).filter(({ name }) => !name.startsWith('type-'));
  return [
    ...known.map(({ type, name, field }) =>
      testCase(
        `data/${name}`,
        insmod(ko.module([...ko.setEntry(section, ENTRY, type, target), ...(field ? [[data, field] as const] : [])])),
      ),
    ),
    ...known.map(({ type, name }) =>
      testCase(`null-symbol/${name}`, insmod(ko.module(ko.setEntry(section, ENTRY, type, 0)))),
    ),
    testCase('symbol/behind-table', insmod(ko.module(ko.setEntry(section, ENTRY, 0, beyond)))),
    testCase('symbol/far-behind', insmod(ko.module(ko.setEntry(section, ENTRY, 0, 0xff_fff0)))),
    testCase(
      'offset/last',
      insmod(ko.module([ko.setOffset(section, ENTRY, ko.section('suite_places').sh_size - (ko.format.is64 ? 8 : 4))])),
    ),
    testCase(
      'offset/one-too-far',
      insmod(ko.module([ko.setOffset(section, ENTRY, ko.section('suite_places').sh_size - 3)])),
    ),
    testCase('offset/behind', insmod(ko.module([ko.setOffset(section, ENTRY, ko.section('suite_places').sh_size)]))),
  ];
}

/** Sections that the linker script of some architectures adds, each hidden once. */
const PREPARED = [
  ...[
    '.plt',
    '.init.plt',
    '.text.ftrace_trampoline',
    '.init.text.ftrace_trampoline',
    '.got',
    '.got.plt',
    '.stubs',
    '.toc',
  ],
  ...[
    '.altinstructions',
    '.ARM.exidx',
    '.ARM.exidx.init.text',
    '__patchable_function_entries',
    '__mcount_loc',
    '.TOC.',
  ],
];

function sections(kit: ArchKit): Case[] {
  const ko = kit.ko('places');
  const hidden = PREPARED.flatMap(name => {
    const found = ko.find(name);
    if (!found) return [];
    return [
      testCase(
        `section/${name}/renamed`,
        insmod(ko.module([ko.set('shdr', found.index, 'sh_name', found.sh_name + 1)])),
      ),
      testCase(`section/${name}/large`, insmod(ko.module([ko.set('shdr', found.index, 'sh_addralign', 8192)]))),
    ];
  });
  const table = ko.relocationsOf('suite_code');
  const { index, sh_type } = table;
  const other = sh_type === 4 ? 9 : 4;
  return [
    ...hidden,
    testCase('section/other-relocations', insmod(ko.module([ko.set('shdr', index, 'sh_type', other)]))),
    testCase('section/half-table', insmod(ko.module([ko.set('shdr', index, 'sh_size', table.sh_size / 2)]))),
    testCase(
      'section/writable-code',
      insmod(ko.module([ko.set('shdr', ko.section('suite_code').index, 'sh_flags', 7)])),
    ),
    testCase('header/machine', insmod(ko.module([ko.set('ehdr', 0, 'e_machine', 62)]))),
    testCase('header/machine-none', insmod(ko.module([ko.set('ehdr', 0, 'e_machine', 0)]))),
    testCase('header/type', insmod(ko.module([ko.set('ehdr', 0, 'e_type', 2)]))),
    testCase('header/flags', insmod(ko.module([ko.set('ehdr', 0, 'e_flags', 0xffff_ffff)]))),
    testCase('header/flags-none', insmod(ko.module([ko.set('ehdr', 0, 'e_flags', 0)]))),
    testCase('header/class', insmod(ko.module([[4, ko.format.is64 ? '01' : '02']]))),
    testCase('header/order', insmod(ko.module([[5, ko.format.littleEndian ? '02' : '01']]))),
  ];
}

/** Entries with any type, symbol and addend, and headers of sections with what does not belong there. */
function drawn(kit: ArchKit): Case[] {
  const random = seeded(kit.arch.length * 7919);
  const ko = kit.ko('places');
  const types = typeCases(kit.arch).map(({ type }) => type);
  const symbols = ['suite_moved', 'suite_target', '__this_module'].map(name => ko.symbol(name));
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const entries = Array.from({ length: 90 }, (_, i) => {
    const section = ko.relocationsOf(pick(['suite_code', 'suite_places']));
    const addend = pick([0n, 1n, 4n, -4n, 0x7fffn, 0x8000n, 0x7fff_ffffn, -0x8000_0000n, 0x1_0000_0000n]);
    const patches = ko.setEntry(section, random(3), pick(types), pick([0, ...symbols]), addend);
    return testCase(`drawn/entry/${i}`, insmod(ko.module(patches)));
  });
  const named = [
    '.text',
    '.symtab',
    '.strtab',
    '.modinfo',
    '.init.text',
    '.exit.text',
    'suite_code',
    'suite_places',
    '__versions',
  ];
  const headers = named.flatMap(name => {
    const section = ko.find(name);
    if (!section) return [];
    const patch = (what: string, patches: Patch[]): Case =>
      testCase(`drawn/header/${name}/${what}`, insmod(ko.module(patches)));
    // Code that is cut short would run all the same, and relocations of a section without bytes write over its neighbors.
    const runs = ['.text', '.init.text', '.exit.text', '.symtab', 'suite_code', 'suite_places'].includes(name);
    const cut = runs
      ? []
      : [
          patch('size-0', [ko.set('shdr', section.index, 'sh_size', 0)]),
          patch('type-0', [ko.set('shdr', section.index, 'sh_type', 0)]),
        ];
    return [
      ...cut,
      patch('aligned', [ko.set('shdr', section.index, 'sh_addralign', 256)]),
      patch('unaligned', [ko.set('shdr', section.index, 'sh_addralign', 0)]),
      patch('size-huge', [ko.set('shdr', section.index, 'sh_size', 0x7fff_ffff)]),
      patch('hidden', [ko.set('shdr', section.index, 'sh_name', section.sh_name + 1)]),
    ];
  });
  return [...entries, ...headers];
}

/** RISC-V: several relocations of one place make one value, as wide as the last of them. */
function accumulated(kit: ArchKit): Case[] {
  if (kit.arch !== 'riscv64') return [];
  const ko = kit.ko('places');
  const section = ko.relocationsOf('suite_places');
  const symbol = ko.symbol('suite_moved');
  const offset = ko.relocations(section).offset(ENTRY);
  const both = (name: string, first: number, second: number, value: bigint): Case =>
    testCase(
      `accumulated/${name}`,
      insmod(
        ko.module([
          ...ko.setEntry(section, ENTRY, first, symbol),
          ...ko.setEntry(section, ENTRY + 1, second, 0),
          ko.setOffset(section, ENTRY + 1, offset),
          ko.set('sym', symbol, 'st_shndx', SHN_ABS),
          ko.set('sym', symbol, 'st_value', value),
        ]),
      ),
    );
  return [
    both('add64-set8', 36, 54, 0x100_0000n),
    both('add64-set16', 36, 55, 0x100_0000n),
    both('add64-add32', 36, 35, 0x1_0000_0000n),
    both('add64-sub6', 36, 52, 0x40n),
    both('set8-sub8', 54, 37, 0xffn),
    both('add32-sub32', 35, 39, 0x8000_0000n),
    both('uleb', 60, 61, 0x7fffn),
  ];
}

/** Everything that does not need the distribution's modules. */
export function archCases(kit: ArchKit): Case[] {
  return [
    ...plain(),
    ...parameters(),
    ...relocations(kit),
    ...elsewhere(kit),
    ...sections(kit),
    ...accumulated(kit),
    ...mipsCases(kit),
    ...thumbCases(kit),
    ...drawn(kit),
  ];
}

/** The boots of a kernel, in order. */
export function archBoots(kit: ArchKit, stock: readonly Case[]): BootPlan[] {
  const boots = [{ boot: 'main', cmdline: '', cases: archCases(kit) }];
  return stock.length === 0 ? boots : [...boots, { boot: 'stock', cmdline: '', cases: stock }];
}
