// simplify_symbols(): from here on every symbol is a number, or the load is refused.
import { note } from '../../../findings/notes';
import { ByteReader } from '../../../formats/bytes/byteReader';
import { MOST_ENTRIES } from '../../../formats/bytes/strings';
import { SHN_ABS, SHN_COMMON, SHN_LIVEPATCH, SHN_UNDEF, STB_WEAK } from '../../../formats/elf/constants';
import type { ExportType } from '../../../formats/ko/exports';
import type { SymbolId } from '../../../formats/ko/symbolNames';
import { structSizes } from '../../../formats/elf/header';
import { badSectionIndex } from '../../../findings/badSectionIndex';
import { noCommon } from '../../../findings/noCommon';
import { uncheckedField } from '../../../findings/uncheckedField';
import { unknownSymbol } from '../../../findings/unknownSymbol';
import type { Features } from '../../features';
import { hexCrc } from '../../../formats/bytes/hex';
import { ENOENT, ENOEXEC } from '../../errno';
import { noteGlobalOffsetTable } from './globalOffsetTable';
import { resolveSymbol, type Resolution } from './resolveSymbol';
import { isRefusing } from './symbolStatus';
import type { Errno, FoundSymbol, Load, LoadObserver } from './types';
import type { Symtab } from './symtab';
import { wantedCrc } from './checkVersion';

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

/** A 64-bit value is written in halves: nothing is allocated in a loop over hundreds of thousands of symbols. */
function addToValue({ view, is64, valueOffset, littleEndian }: Symtab, at: number, low: number, high: number): void {
  const place = at + valueOffset;
  const lowAt = is64 && !littleEndian ? place + 4 : place;
  const sum = view.getUint32(lowAt, littleEndian) + low;
  // What does not fit wraps, as it does on the machine.
  view.setUint32(lowAt, sum, littleEndian);
  if (!is64) return;
  const highAt = littleEndian ? place + 4 : place;
  view.setUint32(highAt, view.getUint32(highAt, littleEndian) + high + (sum >= 0x1_0000_0000 ? 1 : 0), littleEndian);
}

function setValue({ view, is64, valueOffset, littleEndian }: Symtab, at: number, value: bigint): void {
  const place = at + valueOffset;
  if (is64) view.setBigUint64(place, BigInt.asUintN(64, value), littleEndian);
  else view.setUint32(place, Number(BigInt.asUintN(32, value)), littleEndian);
}

function valueOf({ view, is64, valueOffset, littleEndian }: Symtab, at: number): bigint {
  const place = at + valueOffset;
  return is64 ? view.getBigUint64(place, littleEndian) : BigInt(view.getUint32(place, littleEndian));
}

const lowHalf = (value: bigint): number => Number(BigInt.asUintN(32, value));
const highHalf = (value: bigint): number => Number(BigInt.asUintN(32, value >> 32n));

export function simplifySymbols(load: Load, symtab: Symtab): Errno {
  const { info, features } = load;
  const { view, entrySize, littleEndian } = symtab;
  const shndxOffset = features.is64 ? 6 : 14;
  const infoOffset = features.is64 ? 4 : 12;
  const { names } = load.machine.kernel;
  const sections = info.sechdrs;
  const bases = sectionBases(load);
  let result = 0;
  let left = MOST_ENTRIES;
  for (let i = 1; i < symtab.count; i++) {
    const at = i * entrySize;
    const st_shndx = view.getUint16(at + shndxOffset, littleEndian);
    // The commonest case first: a symbol of one of the module's own sections.
    if (st_shndx !== SHN_UNDEF && st_shndx < sections.length) {
      addToValue(symtab, at, bases[2 * st_shndx] ?? 0, bases[2 * st_shndx + 1] ?? 0);
      continue;
    }
    if (st_shndx === SHN_ABS || st_shndx === SHN_LIVEPATCH) continue;
    if (left-- === 0) {
      load.notChecked(note('symbols-left', { count: MOST_ENTRIES }));
      break;
    }
    const id = names.addAt(info.bytes, info.strtab + view.getUint32(at, littleEndian));
    if (st_shndx === SHN_UNDEF) {
      const weak = view.getUint8(at + infoOffset) >> 4 === STB_WEAK;
      result = resolveUndefined(load, symtab, at, id, weak) || result;
      continue;
    }
    const name = names.name(id);
    if (st_shndx === SHN_COMMON) {
      if (name.startsWith('__gnu_lto')) continue;
      load.report(noCommon, { module: load.mod.name, symbol: name });
      result = ENOEXEC;
    } else if (features.sectionIndexChecked) {
      load.report(badSectionIndex, { module: load.mod.name, symbol: name, index: st_shndx, max: sections.length - 1 });
      result = ENOEXEC;
    } else {
      load.report(uncheckedField, { field: note('symbol-section', { symbol: name, section: st_shndx }) });
      const base = headerBehindTable(load, st_shndx);
      addToValue(symtab, at, lowHalf(base), highHalf(base));
    }
  }
  if (load.facts.profile) {
    noteAssumedExports(load);
  }
  noteGlobalOffsetTable(load, symtab);
  if (load.observer) narrate(load, load.observer);
  // Everything is reported; the last error is the one returned.
  return result;
}

/** Of a kernel that is not at hand, the module itself tells what is exported; modpost versions what it found in that kernel. */
function noteAssumedExports(load: Load): void {
  const assumed = load.symbols.filter(({ owner }) => owner === 'vmlinux');
  if (assumed.length > 0) load.notChecked(note('profile-exports', { count: assumed.length }));
  const unversioned = assumed.filter(({ wanted, weak }) => wanted === null && !weak).map(({ name }) => name);
  if (load.features.modversions && unversioned.length > 0)
    load.leaveUnchecked(note('profile-unversioned', { symbols: unversioned.slice(0, MOST_NAMED).join(', ') }));
}

/** Names in one note. */
const MOST_NAMED = 5;

/** Symbols listed one by one; the others are counted, and are all in the table of symbols. */
const MOST_LISTED = 200;

/** What could not be used comes first. */
function narrate({ symbols }: Load, observer: LoadObserver): void {
  const bad = symbols.filter(({ status }) => isRefusing(status));
  const good = symbols.filter(({ status }) => !isRefusing(status));
  const counts = note('resolved', { good: good.length, bad: bad.length });
  observer.checked(note('undefined-symbols'), symbols.length, counts, bad.length === 0);
  for (const { name, owner, wanted, found, status } of [...bad, ...good].slice(0, MOST_LISTED)) {
    const provided = `${owner}, CRC ${hexCrc(found) ?? 'none'}${status === 'ok' ? '' : `: ${status}`}`;
    observer.checked(
      name,
      note('crc', { crc: hexCrc(wanted) ?? note('none') }),
      owner === null ? status : provided,
      !isRefusing(status),
    );
  }
}

/** Before 5.11 the kernel took what lies behind the section headers for one more of them, and its sh_addr as it is. */
function headerBehindTable(load: Load, index: number): bigint {
  const { info, features } = load;
  const { shdr } = structSizes(features.is64);
  const r = new ByteReader(info.bytes, features.littleEndian);
  return r.word(info.ehdr.e_shoff + index * shdr + (features.is64 ? 16 : 12), features.is64);
}

/** Low and high half of what is added to the values of symbols of a section, one behind the other by its index. */
function sectionBases({ info, percpu, halves }: Load): Uint32Array {
  const bases = new Uint32Array(2 * info.sechdrs.length);
  for (const section of info.sechdrs) section.writeAddress(bases, halves);
  const { pcpu } = info.index;
  if (pcpu > 0) {
    bases[2 * pcpu] = lowHalf(percpu?.base ?? 0n);
    bases[2 * pcpu + 1] = highHalf(percpu?.base ?? 0n);
  }
  return bases;
}

/** ignore_undef_symbol() */
export function isIgnoredSymbol({ ignoredUndefined }: Pick<Features, 'ignoredUndefined'>, name: string): boolean {
  return ignoredUndefined.includes(name);
}

function resolveUndefined(load: Load, symtab: Symtab, at: number, id: SymbolId, weak: boolean): Errno {
  if (leftOpen(load, symtab, at, id, weak)) return 0;
  const resolution = resolveSymbol(load, id);
  const { symbol } = resolution;
  if (symbol && load.machine.trial) {
    setValue(symtab, at, symbol.value);
    return 0;
  }
  const name = load.machine.kernel.names.name(id);
  const forgiven = !symbol && resolution.errno === 0 && (weak || isIgnoredSymbol(load.features, name));
  remember(load, id, weak, forgiven, resolution);
  if (symbol) {
    setValue(symtab, at, symbol.value);
    return 0;
  }
  if (forgiven) return 0;
  const errno = resolution.errno || ENOENT;
  const { rows } = load.features;
  load.report(unknownSymbol, {
    module: load.mod.name,
    symbol: name,
    errno,
    ...(rows.has('missingSymbolNumbered')
      ? {}
      : { printed: rows.has('unknownSymbolError') ? -resolution.errno : null }),
    status: resolution.status,
    // Modules of the target that would export the name if they were loaded.
    providers: resolution.status === 'missing' ? load.facts.exports.moduleOwners(name) : [],
  });
  return errno;
}

/** On trial, a symbol that only other modules can export is noted, and stands for an address of a module meanwhile. */
function leftOpen(load: Load, symtab: Symtab, at: number, id: SymbolId, weak: boolean): boolean {
  const { trial, kernel } = load.machine;
  if (!trial || kernel.findExportById(id)) return false;
  if (isIgnoredSymbol(load.features, kernel.names.name(id))) return false;
  trial.open.push({ symbol: id, weak, wanted: wantedCrc(load, id) });
  // Where no module exports a weak symbol, it keeps the value that the file has.
  if (weak && valueOf(symtab, at) !== 0n) trial.undecided = true;
  setValue(symtab, at, load.features.addresses.modules);
  return true;
}

function typeOf({ gplOnly, future, unused }: FoundSymbol): ExportType {
  if (unused) return gplOnly ? 'EXPORT_UNUSED_SYMBOL_GPL' : 'EXPORT_UNUSED_SYMBOL';
  if (future) return 'EXPORT_SYMBOL_GPL_FUTURE';
  return gplOnly ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL';
}

function remember(load: Load, id: SymbolId, weak: boolean, forgiven: boolean, { seen, status }: Resolution): void {
  load.symbols.push({
    name: load.machine.kernel.names.name(id),
    owner: seen ? (seen.owner?.name ?? 'vmlinux') : null,
    wanted: wantedCrc(load, id),
    found: seen?.crc ?? null,
    gplOnly: seen?.gplOnly ?? false,
    type: seen && typeOf(seen),
    namespace: seen?.namespace ?? null,
    weak,
    status: forgiven ? (weak ? 'unresolved-weak' : 'ignored') : status,
  });
}
