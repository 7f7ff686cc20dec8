// apply_relocate_add() of x86_64. 64-bit values are pairs of 32-bit halves here: exact, and nothing is allocated in
// a loop that runs hundreds of thousands of times for a large module.
import { note, type Note } from '../../../findings/notes';
import { SHF_EXECINSTR, SHN_ABS, SHN_UNDEF, STB_WEAK } from '../../../formats/elf/constants';
import { littleEndianWords } from '../../../formats/bytes/words';
import { relocation, type RelocationProblem } from '../../../findings/relocation';
import { uncheckedField } from '../../../findings/uncheckedField';
import { ENOEXEC } from '../../errno';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Symtab } from '../../kernel/module/symtab';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import type { ApplyRelocations } from '../arch';
import { fits, R_X86_64_PLT32, RELOCATIONS, type RelocationRow } from './relocations';

const TWO_32 = 0x1_0000_0000;
/** offsetof(Elf64_Sym, st_info) and st_shndx */
const INFO = 4;
const SHNDX = 6;
/** sizeof(Elf64_Rela) in words of 32 bits. */
const WORDS = 6;

/** Module text is cut from huge pages (mm/execmem.c: PMD_SIZE). */
const ROX_CACHE = 2 << 20;

/** Rows by type, for one array access per relocation. */
const ROWS: readonly (RelocationRow | undefined)[] = (() => {
  const rows: (RelocationRow | undefined)[] = [];
  for (const row of RELOCATIONS) rows[row.type] = row;
  return rows;
})();

/** Types with nothing to check of the result: S + A - P cut to 32 bits, and S + A in 64. */
const CUT = 1;
const WHOLE = 2;
const SIMPLE = Uint8Array.from(ROWS, row => {
  if (row?.fits !== 'any' || row.bytes === 0) return 0;
  if (row.pcRelative) return row.bytes === 4 ? CUT : 0;
  return row.bytes === 8 ? WHOLE : 0;
});
const HIGHEST_SIMPLE = SIMPLE.length - 1;

/** One relocation section while it is applied. */
interface Run {
  readonly load: Load;
  readonly section: LoadedSection;
  readonly target: LoadedSection;
  /** Elf64_Rela: r_offset, r_info with the type in its low half, r_addend. */
  readonly table: Int32Array;
  /** Of the first entry, in `table`. */
  readonly first: number;
  readonly count: number;
  readonly contents: DataView;
  /** Of the target, in `contents`. */
  readonly start: number;
  /** Halves of the target's address. */
  readonly placeLow: number;
  readonly placeHigh: number;
  readonly symtab: Symtab;
}

export const applyRelocateAdd: ApplyRelocations<Load> = (load, symtab, section, target) => {
  const { info, observer, features } = load;
  const { sh_offset, sh_size } = section;
  const knowsPlt = features.rows.has('plt32X86_64');
  // All tables of a file are looked at through one view, where that is possible.
  const whole = (info.words ??= littleEndianWords(info.bytes, 0, info.bytes.length));
  const inPlace = sh_offset % 4 === 0 && sh_offset + sh_size <= 4 * whole.length;
  const table = inPlace ? whole : littleEndianWords(info.bytes, sh_offset, sh_size);
  const { low, high } = target.addressHalves(load.halves);
  const run: Run = {
    load,
    section,
    target,
    table,
    first: inPlace ? sh_offset / 4 : 0,
    count: Math.floor(sh_size / (4 * WORDS)),
    contents: target.place?.region.view ?? copyOf(load, target),
    start: target.place ? target.place.offset : 0,
    placeLow: low,
    placeHigh: high,
    symtab,
  };
  for (let index = 0; ; index++) {
    // An observer wants to see each, and a kernel that refuses branches to PLT entries looks for them.
    if (!observer && knowsPlt) index = applySimple(run, index);
    if (index >= run.count) return 0;
    const errno = applyOne(run, index);
    if (errno !== 0) return errno;
  }
};

/** The template of per-cpu data, where it is relocated before it is copied. */
function copyOf({ info }: Load, { sh_offset, sh_size }: LoadedSection): DataView {
  return new DataView(info.bytes.slice(sh_offset, sh_offset + sh_size).buffer);
}

/**
 * Most are one of two types with nothing to check, and nothing is odd about them: 32-bit integers are enough then. Applies
 * them from the entry `index` on; the index of the first that is something else.
 */
function applySimple({ table, first, count, contents, start, placeLow, symtab }: Run, index: number): number {
  const { view: symbols, count: symbolCount, entrySize, valueOffset } = symtab;
  const length = contents.byteLength;
  for (let at = first + index * WORDS; index < count; index++, at += WORDS) {
    const type = table[at + 2] ?? 0;
    const symbol = (table[at + 3] ?? 0) >>> 0;
    const offset = table[at] ?? 0;
    if (type < 0 || type > HIGHEST_SIMPLE || symbol >= symbolCount || table[at + 1] !== 0 || offset < 0) return index;
    const field = start + offset;
    const value = symbol * entrySize + valueOffset;
    const addend = table[at + 4] ?? 0;
    if (SIMPLE[type] === CUT) {
      if (field + 4 > length || contents.getInt32(field, true) !== 0) return index;
      contents.setInt32(field, (((symbols.getInt32(value, true) + addend) | 0) - ((placeLow + offset) | 0)) | 0, true);
    } else if (SIMPLE[type] === WHOLE) {
      if (field + 8 > length || contents.getInt32(field, true) !== 0 || contents.getInt32(field + 4, true) !== 0)
        return index;
      const low = symbols.getInt32(value, true);
      const sum = (low + addend) | 0;
      const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
      contents.setInt32(field, sum, true);
      contents.setInt32(field + 4, (symbols.getInt32(value + 4, true) + (table[at + 5] ?? 0) + carry) | 0, true);
    } else return index;
  }
  return index;
}

/** Any entry, with every check. */
function applyOne(run: Run, index: number): Errno {
  const { load, section, target, table, contents, start, placeLow, placeHigh } = run;
  const { features, observer } = load;
  const { trial } = load.machine;
  const { view: symbols, count: symbolCount, entrySize: symbolSize, valueOffset } = run.symtab;
  const length = contents.byteLength;
  // Up to 6.1 the field is looked at before the value, later the value first.
  const fieldFirst = features.x86RelocationTexts === 'plain';
  const at = run.first + index * WORDS;
  const type = table[at + 2] ?? 0;
  const symbol = (table[at + 3] ?? 0) >>> 0;
  const offsetLow = table[at] ?? 0;
  const value = symbol * symbolSize + valueOffset;
  const offset = ((table[at + 1] ?? 0) >>> 0) * TWO_32 + (offsetLow >>> 0);
  const row = type === R_X86_64_PLT32 && !features.rows.has('plt32X86_64') ? undefined : ROWS[type];
  // The index is not checked: behind the table lies what layout_symtab() put there.
  if (symbol >= symbolCount) {
    const facts = { section: sectionName(load.info, section), index, symbol };
    unchecked(load, note('relocation-symbol', facts));
    if (value + 8 > symbols.byteLength) return 0;
  }
  const field = start + offset;
  // S + A
  let low = (symbols.getInt32(value, true) >>> 0) + ((table[at + 4] ?? 0) >>> 0);
  let high = symbols.getUint32(value + 4, true) + ((table[at + 5] ?? 0) >>> 0);
  if (low >= TWO_32) {
    low -= TWO_32;
    high++;
  }
  high >>>= 0;
  if (row?.bytes === 0) return 0;
  let problem: RelocationProblem = 'unknown';
  let oldLow = 0;
  let oldHigh = 0;
  if (row) {
    const wide = row.bytes === 8;
    const outside = field + row.bytes > length;
    if (outside) {
      const facts = { section: sectionName(load.info, section), index, offset };
      unchecked(load, note('relocation-offset', facts));
      // What surrounds text in the large pages it shares is filled with breakpoints: not zero, so it is refused below.
      const executable = (target.sh_flags & SHF_EXECINSTR) !== 0;
      if (!(features.roxText && executable && field < ROX_CACHE)) return 0;
    } else {
      oldLow = contents.getUint32(field, true);
      if (wide) oldHigh = contents.getUint32(field + 4, true);
    }
    const empty = !outside && ((oldLow === 0 && oldHigh === 0) || !features.rows.has('fieldsEmptyX86_64'));
    const fitting = fits(row, low, high);
    if (trial && fitting && row.fits !== 'any') {
      const st_shndx = symbols.getUint16(symbol * symbolSize + SHNDX, true);
      // A weak symbol may stay what the file says. An absolute one stays where it is, wherever the module goes.
      const weak = st_shndx === SHN_UNDEF && symbols.getUint8(symbol * symbolSize + INFO) >> 4 === STB_WEAK;
      if (weak || (st_shndx !== SHN_ABS && !fitsElsewhere(row, low, high, trial.reach))) trial.undecided = true;
    }
    if (row.pcRelative && (empty || !fieldFirst)) {
      const place = placeLow + (offsetLow >>> 0);
      low -= place % TWO_32;
      high -= placeHigh + (place >= TWO_32 ? 1 : 0);
      if (low < 0) {
        low += TWO_32;
        high--;
      }
      high >>>= 0;
    }
    if (empty && fitting) {
      contents.setUint32(field, low, true);
      if (wide) contents.setUint32(field + 4, high, true);
      observer?.relocated(section.index, index, oldLow, oldHigh, low, wide ? high : 0);
      return 0;
    }
    problem = fitting || (fieldFirst && !empty) ? 'nonzero' : 'overflow';
  }
  observer?.relocated(section.index, index, oldLow, oldHigh, oldLow, oldHigh);
  const val: Failure['val'] = [low, high];
  report(load, { kind: problem, type: type >>> 0, index, val, loc: target.sh_addr + BigInt(offset), target, section });
  return ENOEXEC;
}

/** What fits at both ends of the addresses a module may get fits between them, too. */
function fitsElsewhere(row: RelocationRow, low: number, high: number, reach: number): boolean {
  const far = low + reach;
  return far < TWO_32 ? fits(row, far, high) : fits(row, far - TWO_32, (high + 1) >>> 0);
}

interface Failure {
  readonly kind: RelocationProblem;
  readonly type: number;
  readonly index: number;
  readonly val: [low: number, high: number];
  readonly loc: bigint;
  readonly target: LoadedSection;
  readonly section: LoadedSection;
}

function report(load: Load, { kind, type, index, val: [low, high], loc, section, target }: Failure): void {
  load.report(relocation, {
    module: load.mod.name,
    kind,
    type,
    value: hex(BigInt(high) * BigInt(TWO_32) + BigInt(low)),
    place: hex(BigInt.asUintN(64, loc)),
    section: section.index,
    sectionName: sectionName(load.info, target),
    index,
    style: load.features.x86RelocationTexts,
    ...(load.features.rows.has('x86ModulePrefix') ? {} : { unprefixed: true }),
    ...(kind === 'unknown' && load.arch.foreignGot.has(type) ? { got: true } : {}),
  });
}

/** The kernel trusts these fields: what it would do depends on whatever lies there. */
function unchecked(load: Load, field: Note): void {
  const { trial } = load.machine;
  if (trial) trial.undecided = true;
  load.report(uncheckedField, { field });
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;
