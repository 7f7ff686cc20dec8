// The places an entry covers: low and high pc, .debug_ranges up to DWARF 4, .debug_rnglists from DWARF 5.
import type { Place } from '../elf/relocations';
import * as dw from './constants';
import type { Abbrev } from './abbrevs';
import { Cursor } from './cursor';
import { attributeCursor, type Die } from './dies';
import { readAddress, readNumber } from './forms';
import type { DebugSections } from './sections';
import { offsetAttribute, type UnitRoot } from './unitRoot';
import type { Unit } from './units';

/** From the first place up to, not including, the second. */
export type Range = readonly [start: Place, end: Place];

/** Whether an entry of this shape says which code it covers. */
export function hasCode({ attributes }: Abbrev): boolean {
  return attributes.some(({ name }) => name === dw.DW_AT_low_pc || name === dw.DW_AT_ranges);
}

export function covers(ranges: readonly Range[], place: Place): boolean {
  return ranges.some(([start, end]) => place >= start && place < end);
}

/** What an entry covers; empty when it has no code. */
export function rangesOf(unit: Unit, root: UnitRoot, die: Die, sections: DebugSections): readonly Range[] {
  const low = attributeCursor(unit, die, dw.DW_AT_low_pc);
  const high = attributeCursor(unit, die, dw.DW_AT_high_pc);
  if (low && high) {
    const start = readAddress(low.cursor, low.attribute.form, unit, sections, root.addrBase) ?? 0;
    const { form, implicit } = high.attribute;
    // An address, or, since DWARF 4, a constant that counts from low_pc.
    const end =
      readAddress(high.cursor, form, unit, sections, root.addrBase) ??
      start + (readNumber(high.cursor, form, unit, implicit) ?? 0);
    return [[start, end]];
  }
  const ranges = attributeCursor(unit, die, dw.DW_AT_ranges);
  if (!ranges) return [];
  if (unit.version < 5) return oldRanges(unit, root, offsetAttribute(unit, die, dw.DW_AT_ranges) ?? 0, sections);
  const lists = sections.get('rnglists');
  if (!lists) return [];
  if (ranges.attribute.form !== dw.DW_FORM_rnglistx)
    return rangeList(unit, root, offsetAttribute(unit, die, dw.DW_AT_ranges) ?? 0, sections);
  const index = ranges.cursor.uleb();
  const offset = lists.offset(root.rnglistsBase + index * unit.offsetSize, unit.offsetSize);
  return rangeList(unit, root, root.rnglistsBase + offset, sections);
}

/** More ranges for one entry are damage. */
const MOST_RANGES = 4096;

/** .debug_ranges (DWARF 4, section 2.17.3): pairs of addresses; an all-ones first one sets the base. */
function oldRanges(unit: Unit, root: UnitRoot, offset: number, sections: DebugSections): Range[] {
  const section = sections.get('ranges');
  const size = unit.addressSize;
  const found: Range[] = [];
  if (!section || size === 0) return found;
  const ones = size === 4 ? 0xffff_ffff : 2 ** 64;
  let base = root.lowPc;
  for (let at = offset; at + 2 * size <= section.length && found.length < MOST_RANGES; at += 2 * size) {
    const raw = size === 4 ? section.r.u32(at) : section.r.size64(at);
    const [start, end] = [section.address(at, size), section.address(at + size, size)];
    if (raw === ones) base = end;
    else if (start === 0 && end === 0) break;
    // Relocated fields are places already.
    else found.push(isRelocated(start) ? [start, end] : [base + start, base + end]);
  }
  return found;
}

const isRelocated = (place: Place): boolean => place >= 0x1_0000_0000;

/** .debug_rnglists (DWARF 5, section 7.25). */
function rangeList(unit: Unit, root: UnitRoot, offset: number, sections: DebugSections): Range[] {
  const section = sections.get('rnglists');
  const found: Range[] = [];
  if (!section) return found;
  const cursor = new Cursor(section, offset, section.length);
  const size = unit.addressSize;
  const address = (): Place => {
    const place = section.address(cursor.at, size);
    cursor.at += size;
    return place;
  };
  const indexed = (): Place => sections.get('addr')?.address(root.addrBase + cursor.uleb() * size, size) ?? 0;
  let base = root.lowPc;
  while (!cursor.done && found.length < MOST_RANGES) {
    const kind = cursor.u8();
    if (kind === dw.DW_RLE_base_address) base = address();
    else if (kind === dw.DW_RLE_base_addressx) base = indexed();
    else if (kind === dw.DW_RLE_offset_pair) found.push([base + cursor.uleb(), base + cursor.uleb()]);
    else if (kind === dw.DW_RLE_start_end) found.push([address(), address()]);
    else if (kind === dw.DW_RLE_startx_endx) found.push([indexed(), indexed()]);
    else if (kind === dw.DW_RLE_start_length || kind === dw.DW_RLE_startx_length) {
      const start = kind === dw.DW_RLE_start_length ? address() : indexed();
      found.push([start, start + cursor.uleb()]);
    } else if (kind >= dw.DW_RLE_end_of_list) break;
  }
  return found;
}
