// .debug_info: unit headers (DWARF 5, section 7.5.1).
import { readAbbrevs, type AbbrevTable } from './abbrevs';
import { Cursor } from './cursor';
import type { Encoding } from './forms';
import type { DebugSection, DebugSections } from './sections';

/** A unit of .debug_info. Offsets are bytes from the start of the section. */
export interface Unit extends Encoding {
  readonly info: DebugSection;
  readonly offset: number;
  /** Of the first entry. */
  readonly rootAt: number;
  readonly end: number;
  readonly abbrevs: AbbrevTable;
}

/** DW_UT_* that make the header longer than that of a compilation unit. */
const DW_UT_type = 2;
const DW_UT_skeleton = 4;
const DW_UT_split_compile = 5;
const DW_UT_split_type = 6;

/** Far more than a module has source files. */
export const MOST_UNITS = 20_000;

/** Every unit, in order; ends at what cannot be read. Abbreviations are read once for units that share them. */
export function readUnits(sections: DebugSections): Unit[] {
  const info = sections.get('info');
  const abbrev = sections.get('abbrev');
  if (!info || !abbrev) return [];
  const units: Unit[] = [];
  const tables = new Map<string, AbbrevTable>();
  for (let offset = 0; offset + 11 <= info.length && units.length < MOST_UNITS;) {
    const cursor = new Cursor(info, offset, info.length);
    const { length, offsetSize } = cursor.initialLength();
    const end = Math.min(cursor.at + length, info.length);
    const version = cursor.u16();
    if (length === 0 || version < 2 || version > 5) break;
    const type = version >= 5 ? cursor.u8() : 0;
    let addressSize = version >= 5 ? cursor.u8() : 0;
    const abbrevOffset = cursor.offset(offsetSize);
    if (version < 5) addressSize = cursor.u8();
    if (type === DW_UT_type || type === DW_UT_split_type) cursor.at += 8 + offsetSize;
    if (type === DW_UT_skeleton || type === DW_UT_split_compile) cursor.at += 8;
    const encoding = { version, offsetSize, addressSize };
    const key = `${abbrevOffset} ${version} ${offsetSize} ${addressSize}`;
    let abbrevs = tables.get(key);
    if (!abbrevs) tables.set(key, (abbrevs = readAbbrevs(abbrev, abbrevOffset, encoding)));
    units.push({ ...encoding, info, offset, rootAt: cursor.at, end, abbrevs });
    offset = end;
  }
  return units;
}

/** The unit that `offset` lies in. */
export function unitAt(units: readonly Unit[], offset: number): Unit | null {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const unit = units[low];
  return unit && offset >= unit.offset ? unit : null;
}
