// One module as depmod sees it: what it offers and wants by name and CRC, and what its .modinfo asks depmod to write down.
//
// Not the columns of readModule.ts: those say what a kernel makes of a module, these what kmod makes of its file.
import { sameBytes } from '../formats/bytes/hash';
import { ByteReader } from '../formats/bytes/byteReader';
import { nameEnd, toBytes } from '../formats/bytes/strings';
import { SHN_ABS, SHN_UNDEF, STB_WEAK } from '../formats/elf/constants';
import { contents, type SectionTable } from '../formats/elf/sectionByName';
import { readSymbolTable, type SymbolIndex, type SymbolTable } from '../formats/elf/symtab';
import { eachUndefined } from '../formats/ko/imports';
import { modinfoEntries } from '../formats/ko/modinfo';
import { eachVersion } from '../formats/ko/versions';
import type { ModuleBytes } from '../graph/readModule';
import type { SymbolId, SymbolNames } from '../formats/ko/symbolNames';

/** Strings are byte strings. */
export interface DepmodModule {
  /** Below the modules directory, as it was found there: `kernel/fs/ext4/ext4.ko.xz`. */
  readonly path: string;
  readonly aliases: readonly string[];
  readonly softdeps: readonly string[];
  readonly weakdeps: readonly string[];
  readonly exports: DepmodExports;
  readonly imports: DepmodImports;
  /** Why its symbols could not be read, in the C library's words; null when they could. */
  readonly problem: string | null;
}

export interface DepmodExports {
  readonly names: Uint32Array;
  /** 0 where the module says none. */
  readonly crcs: Float64Array;
}

/** Undefined symbols, and after them those that only __versions lists: `module_layout`. */
export interface DepmodImports {
  readonly names: Uint32Array;
  /** 0 where the module says none; NaN for one no exporter can have. */
  readonly crcs: Float64Array;
  /** 1 for a weak reference. */
  readonly weak: Uint8Array;
}

/** Reads a module. Names get their ids in `names`. Never throws. */
export function readDepmodModule(module: ModuleBytes, path: string, names: SymbolNames): DepmodModule {
  const { bytes, table } = module;
  const values: Record<'alias' | 'softdep' | 'weakdep', string[]> = { alias: [], softdep: [], weakdep: [] };
  for (const entry of modinfoEntries(table.find('.modinfo')?.bytes ?? new Uint8Array())) {
    const key = /^(alias|softdep|weakdep)(?=$|=)/.exec(entry)?.[1];
    // An entry without `=` is a key with an empty value.
    if (key === 'alias' || key === 'softdep' || key === 'weakdep') values[key].push(entry.slice(key.length + 1));
  }
  const symbols = readSymbolTable(bytes, table);
  return {
    path,
    aliases: values.alias,
    softdeps: values.softdep,
    weakdeps: values.weakdep,
    exports: readOffered(bytes, table, symbols, names),
    imports: readWanted(table, symbols, names),
    problem: null,
  };
}

/** A file that is there but says nothing. */
export function unreadableModule(path: string, problem: string): DepmodModule {
  const none = { names: new Uint32Array(), crcs: new Float64Array() };
  const imports = { ...none, weak: new Uint8Array() };
  return { path, aliases: [], softdeps: [], weakdeps: [], exports: none, imports, problem };
}

const CRC_PREFIX = toBytes('__crc_');

/**
 * What a module exports (libkmod/libkmod-elf.c, kmod_elf_get_symbols()): the symbols that have a `__crc_` twin; in a
 * module without any, every string of __ksymtab_strings, where names of namespaces stand as well.
 */
function readOffered(
  file: Uint8Array,
  table: SectionTable,
  symbols: SymbolTable,
  names: SymbolNames,
): DepmodModule['exports'] {
  const ids: SymbolId[] = [];
  const crcs: number[] = [];
  const { strings } = symbols;
  for (let index = 1; index < symbols.count; index++) {
    const start = symbols.nameStart(index);
    if (!sameBytes(strings, start, CRC_PREFIX, 0, CRC_PREFIX.length)) continue;
    ids.push(names.add(strings, start + CRC_PREFIX.length, nameEnd(strings, start)));
    crcs.push(crcOf(file, table, symbols, index));
  }
  if (ids.length === 0) {
    const text = table.find('__ksymtab_strings')?.bytes ?? new Uint8Array();
    for (let at = 0; at < text.length;) {
      const end = nameEnd(text, at);
      if (end > at) ids.push(names.add(text, at, end));
      at = end + 1;
    }
    return { names: Uint32Array.from(ids), crcs: new Float64Array(ids.length) };
  }
  return { names: Uint32Array.from(ids), crcs: Float64Array.from(crcs) };
}

/** The value of an absolute symbol, else what stands in its section (kmod_elf_resolve_crc()). */
function crcOf(file: Uint8Array, table: SectionTable, symbols: SymbolTable, index: SymbolIndex): number {
  const section = symbols.section(index);
  const value = symbols.value(index);
  if (section === SHN_ABS || section === SHN_UNDEF) return value;
  const reader = new ByteReader(contents(file, table.shdrs[section]), table.format.littleEndian);
  return reader.contains(value, 4) ? reader.u32(value) : NaN;
}

const DOT = 0x2e;

/** What a module needs (libkmod/libkmod-elf.c, kmod_elf_get_dependency_symbols()). */
function readWanted(table: SectionTable, symbols: SymbolTable, names: SymbolNames): DepmodModule['imports'] {
  const versions = readVersions(table, names);
  const ids: SymbolId[] = [];
  const crcs: number[] = [];
  const weak: number[] = [];
  const visited = new Uint8Array(versions.ids.length);
  eachUndefined(symbols, index => {
    const start = symbols.nameStart(index);
    const end = nameEnd(symbols.strings, start);
    const id = names.add(symbols.strings, start, end);
    // PPC64: looked up without it later on, when there is no more room for names.
    if (symbols.strings[start] === DOT) names.add(symbols.strings, start + 1, end);
    const entry = versions.first.get(id);
    if (entry !== undefined) visited[entry] = 1;
    ids.push(id);
    crcs.push(entry === undefined ? 0 : (versions.crcs[entry] ?? 0));
    weak.push(symbols.bind(index) === STB_WEAK ? 1 : 0);
  });
  for (const [entry, id] of versions.ids.entries()) {
    if (visited[entry] === 1) continue;
    ids.push(id);
    crcs.push(versions.crcs[entry] ?? 0);
    weak.push(0);
  }
  return { names: Uint32Array.from(ids), crcs: Float64Array.from(crcs), weak: Uint8Array.from(weak) };
}

interface Versions {
  readonly ids: readonly SymbolId[];
  readonly crcs: readonly number[];
  /** The first entry of each name. */
  readonly first: ReadonlyMap<SymbolId, number>;
}

function readVersions(table: SectionTable, names: SymbolNames): Versions {
  const text = table.find('__versions')?.bytes ?? new Uint8Array();
  const ids: SymbolId[] = [];
  const crcs: number[] = [];
  const first = new Map<SymbolId, number>();
  eachVersion(text, 0, text.length, table.format, (at, crc) => {
    const id = names.add(text, at, nameEnd(text, at));
    if (!first.has(id)) first.set(id, ids.length);
    ids.push(id);
    crcs.push(crc);
  });
  return { ids, crcs, first };
}
