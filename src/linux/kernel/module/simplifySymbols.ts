// simplify_symbols(): from here on every symbol is a number, or the load is refused.
import { note } from '../../../findings/notes';
import { ByteReader } from '../../../formats/bytes/byteReader';
import { MOST_ENTRIES, nameString } from '../../../formats/bytes/strings';
import {
  EM_386,
  EM_X86_64,
  SHN_ABS,
  SHN_COMMON,
  SHN_LIVEPATCH,
  SHN_UNDEF,
  STB_WEAK,
} from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { badSectionIndex } from '../../../findings/badSectionIndex';
import { noCommon } from '../../../findings/noCommon';
import { uncheckedField } from '../../../findings/uncheckedField';
import { unknownSymbol } from '../../../findings/unknownSymbol';
import type { Features } from '../../generations';
import { ENOENT, ENOEXEC } from '../../errno';
import { resolveSymbol, type Resolution } from './resolveSymbol';
import type { Errno, Load } from './types';
import { wantedCrc } from './version';

/** The symbol table in module memory (init), and how to read a symbol there. */
export interface Symtab {
  /** From the first symbol to the end of the memory it lies in: the loader does not check indices. */
  readonly view: DataView;
  readonly count: number;
  readonly entrySize: number;
  readonly valueOffset: number;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

/** The symbol table where move_module() put it; without kallsyms a copy, as the kernel then uses the temporary one. */
export function loadedSymtab(load: Load): Symtab {
  const { info, features } = load;
  const section = info.sechdrs[info.index.sym];
  const { sym } = structSizes(features.is64);
  const size = section?.sh_size ?? 0;
  const image = section?.place?.region.image;
  const bytes =
    section?.place && image && section.place.offset + size <= image.length
      ? image.subarray(section.place.offset)
      : info.bytes.slice(section?.sh_offset ?? 0, (section?.sh_offset ?? 0) + size);
  return {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    count: Math.floor(Math.min(size, bytes.byteLength) / sym),
    entrySize: sym,
    valueOffset: features.is64 ? 8 : 4,
    is64: features.is64,
    littleEndian: features.littleEndian,
  };
}

/** Adds `base` to st_value of a symbol, wrapping as the machine does. */
function addToValue(symtab: Symtab, at: number, base: bigint): void {
  const place = at + symtab.valueOffset;
  if (symtab.is64) {
    const value = symtab.view.getBigUint64(place, symtab.littleEndian);
    symtab.view.setBigUint64(place, BigInt.asUintN(64, value + base), symtab.littleEndian);
  } else {
    const value = symtab.view.getUint32(place, symtab.littleEndian);
    symtab.view.setUint32(place, Number(BigInt.asUintN(32, BigInt(value) + base)), symtab.littleEndian);
  }
}

function setValue(symtab: Symtab, at: number, value: bigint): void {
  const place = at + symtab.valueOffset;
  if (symtab.is64) symtab.view.setBigUint64(place, BigInt.asUintN(64, value), symtab.littleEndian);
  else symtab.view.setUint32(place, Number(BigInt.asUintN(32, value)), symtab.littleEndian);
}

export function simplifySymbols(load: Load, symtab: Symtab): Errno {
  const { info, features } = load;
  const r = new ByteReader(
    new Uint8Array(symtab.view.buffer, symtab.view.byteOffset, symtab.view.byteLength),
    features.littleEndian,
  );
  const shndxOffset = features.is64 ? 6 : 14;
  const infoOffset = features.is64 ? 4 : 12;
  const sections = info.sechdrs;
  let result = 0;
  let left = MOST_ENTRIES;
  for (let i = 1; i < symtab.count; i++) {
    const at = i * symtab.entrySize;
    const st_shndx = r.u16(at + shndxOffset);
    // The commonest case first: a symbol of one of the module's own sections.
    if (st_shndx !== SHN_UNDEF && st_shndx < sections.length) {
      addToValue(symtab, at, sectionBase(load, st_shndx));
      continue;
    }
    if (st_shndx === SHN_ABS || st_shndx === SHN_LIVEPATCH) continue;
    if (left-- === 0) {
      load.notChecked(note('symbols-left', { count: MOST_ENTRIES }));
      break;
    }
    const name = nameString(info.bytes, info.strtab + r.u32(at));
    if (st_shndx === SHN_UNDEF) {
      const weak = r.u8(at + infoOffset) >> 4 === STB_WEAK;
      result = resolveUndefined(load, symtab, at, name, weak) || result;
    } else if (st_shndx === SHN_COMMON) {
      if (name.startsWith('__gnu_lto')) continue;
      load.report(noCommon, { module: load.mod.name, symbol: name });
      result = ENOEXEC;
    } else if (features.sectionIndexChecked) {
      load.report(badSectionIndex, { module: load.mod.name, symbol: name, index: st_shndx, max: sections.length - 1 });
      result = ENOEXEC;
    } else {
      load.report(uncheckedField, { field: note('symbol-section', { symbol: name, section: st_shndx }) });
      addToValue(symtab, at, headerBehindTable(load, st_shndx));
    }
  }
  // Everything is reported; the last error is the one returned.
  return result;
}

/** Before 5.11 the kernel took what lies behind the section headers for one more of them, and its sh_addr as it is. */
function headerBehindTable(load: Load, index: number): bigint {
  const { info, features } = load;
  const { shdr } = structSizes(features.is64);
  const r = new ByteReader(info.bytes, features.littleEndian);
  return r.word(info.ehdr.e_shoff + index * shdr + (features.is64 ? 16 : 12), features.is64);
}

function sectionBase(load: Load, index: number): bigint {
  const { info } = load;
  if (index === info.index.pcpu) return load.percpu?.base ?? 0n;
  return info.sechdrs[index]?.sh_addr ?? 0n;
}

/** ignore_undef_symbol() */
export function isIgnoredSymbol(
  features: Pick<Features, 'globalOffsetTableIgnored'>,
  e_machine: number,
  name: string,
): boolean {
  return (
    features.globalOffsetTableIgnored &&
    name === '_GLOBAL_OFFSET_TABLE_' &&
    (e_machine === EM_386 || e_machine === EM_X86_64)
  );
}

function resolveUndefined(load: Load, symtab: Symtab, at: number, name: string, weak: boolean): Errno {
  const resolution = resolveSymbol(load, name);
  const { symbol } = resolution;
  const forgiven =
    !symbol && resolution.errno === 0 && (weak || isIgnoredSymbol(load.features, load.info.ehdr.e_machine, name));
  remember(load, name, weak, forgiven, resolution);
  if (symbol) {
    setValue(symtab, at, symbol.value);
    return 0;
  }
  if (forgiven) return 0;
  const errno = resolution.errno || ENOENT;
  load.report(unknownSymbol, {
    module: load.mod.name,
    symbol: name,
    errno,
    status: resolution.status,
    providers: resolution.status === 'missing' ? providersOf(load, name) : [],
  });
  return errno;
}

/** Modules of the target that would export the name if they were loaded. */
function providersOf(load: Load, name: string): string[] {
  const { exports } = load.facts;
  const owners: string[] = [];
  for (let index = exports.findName(name); index >= 0; index = exports.findNext(index))
    if (!exports.isVmlinux(index)) owners.push(exports.owner(index));
  return owners;
}

function remember(load: Load, name: string, weak: boolean, forgiven: boolean, { seen, status }: Resolution): void {
  load.symbols.push({
    name,
    owner: seen ? (seen.owner?.name ?? 'vmlinux') : null,
    wanted: wantedCrc(load, name),
    found: seen?.crc ?? null,
    gplOnly: seen?.gplOnly ?? false,
    namespace: seen?.namespace ?? null,
    weak,
    status: forgiven ? (weak ? 'unresolved-weak' : 'ignored') : status,
  });
}
