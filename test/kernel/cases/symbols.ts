// The symbol table: section indices, names, binding (simplify_symbols) and what is kept (layout_symtab).
import type { KoSymbol } from '../lib/koFile';
import { text } from '../lib/koFile';
import { insmod, mutant, testCase, type Kit, type Topic } from './kit';

const SHN = { undef: 0, loreserve: 0xff00, livepatch: 0xff20, abs: 0xfff1, common: 0xfff2, xindex: 0xffff } as const;
const WEAK_NOTYPE = 0x20;
const LOCAL_NOTYPE = 0x00;

function sectionIndices(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const { index } = ko.symbol('noinit_data');
  const count = ko.sections.length;
  const values = { ...SHN, count, past: count + 1, last: count - 1, comment: ko.section('.comment').index };
  return Object.entries(values).map(([name, value]) =>
    mutant(`symbols/shndx/${name}`, ko, [ko.setSymbol(index, 'st_shndx', value)]),
  );
}

function undefinedOnes(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('unresolved');
  const [one, two] = [ko.symbol('suite_missing_one'), ko.symbol('suite_missing_two')];
  const info = (symbol: KoSymbol, value: number): ReturnType<typeof ko.setSymbol> =>
    ko.setSymbol(symbol.index, 'st_info', value);
  const named = (symbol: KoSymbol, name: string): ReturnType<typeof text> => text(ko.symbolNameAt(symbol), `${name}\0`);
  return [
    testCase('symbols/unknown/two', insmod('unresolved')),
    mutant('symbols/unknown/one-weak', ko, [info(one, WEAK_NOTYPE)]),
    mutant('symbols/unknown/other-weak', ko, [info(two, WEAK_NOTYPE)]),
    mutant('symbols/unknown/both-weak', ko, [info(one, WEAK_NOTYPE), info(two, WEAK_NOTYPE)]),
    mutant('symbols/unknown/local', ko, [info(one, LOCAL_NOTYPE)]),
    mutant('symbols/unknown/got', ko, [named(one, '_GLOBAL_OFFSET_'), named(two, '_GLOBAL_OFFSET_')]),
    mutant('symbols/unknown/empty-name', ko, [ko.setSymbol(one.index, 'st_name', 0)]),
    mutant('symbols/unknown/lto-common', ko, [
      named(one, '__gnu_lto_x'),
      ko.setSymbol(one.index, 'st_shndx', SHN.common),
    ]),
    mutant('symbols/unknown/common-first', ko, [ko.setSymbol(one.index, 'st_shndx', SHN.common)]),
    mutant('symbols/unknown/common-last', ko, [ko.setSymbol(two.index, 'st_shndx', SHN.common)]),
    mutant('symbols/unknown/bad-index', ko, [ko.setSymbol(one.index, 'st_shndx', 0xfe00)]),
    mutant(
      'symbols/unknown/both-bad',
      ko,
      [one, two].map(s => ko.setSymbol(s.index, 'st_shndx', SHN.common)),
    ),
    // A name that vmlinux has: resolved, and then refused or not for want of a version.
    mutant('symbols/unknown/in-vmlinux', ko, [named(one, 'jiffies'), named(two, 'jiffies')]),
    mutant('symbols/unknown/gpl-in-vmlinux', ko, [named(one, 'cpu_subsys'), named(two, 'jiffies')]),
    testCase('symbols/weak/missing', insmod('weakref')),
    testCase('symbols/weak/found', insmod('exporter'), insmod('weakref')),
  ];
}

/** Binding, type and section decide which symbols stay in memory after init. */
function kept(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const { index } = ko.symbol('noinit_data');
  const infos = [0x00, 0x01, 0x02, 0x03, 0x04, 0x11, 0x12, 0x1a, 0x21, 0x22, 0xa1].map(info =>
    mutant(`symbols/info/0x${info.toString(16)}`, ko, [ko.setSymbol(index, 'st_info', info)]),
  );
  return [
    ...infos,
    mutant('symbols/name/none', ko, [ko.setSymbol(index, 'st_name', 0)]),
    mutant('symbols/name/past-end', ko, [ko.setSymbol(index, 'st_name', ko.section('.strtab').sh_size)]),
    mutant('symbols/name/last-byte', ko, [ko.setSymbol(index, 'st_name', ko.section('.strtab').sh_size - 1)]),
    mutant('symbols/value/huge', ko, [ko.setSymbol(index, 'st_value', 0xffffffffffffffffn)]),
    mutant('symbols/size/huge', ko, [ko.setSymbol(index, 'st_size', 0xffffffffffffffffn)]),
    mutant('symbols/other', ko, [ko.setSymbol(index, 'st_other', 3)]),
    mutant('symbols/zero/value', ko, [ko.setSymbol(0, 'st_value', 1)]),
    mutant('symbols/zero/common', ko, [ko.setSymbol(0, 'st_shndx', SHN.common)]),
  ];
}

export const symbols: Topic = kit => [...sectionIndices(kit), ...undefinedOnes(kit), ...kept(kit)];
