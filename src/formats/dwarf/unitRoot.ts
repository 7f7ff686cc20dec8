// The attributes of the entry at the root of a unit.
import type { Place } from '../elf/relocations';
import * as dw from './constants';
import { attributeCursor, type Die } from './dies';
import { readAddress, readNumber, readString } from './forms';
import type { DebugSections } from './sections';
import type { Unit } from './units';

/** What the root entry says. */
export interface UnitRoot {
  /** The source file as the compiler was given it; relative to `compDir`. */
  readonly name: string;
  readonly compDir: string;
  /** Offset of its line program in .debug_line, or null. */
  readonly stmtList: number | null;
  readonly lowPc: Place;
  readonly strOffsetsBase: number;
  readonly addrBase: number;
  readonly rnglistsBase: number;
}

/** Reads the root entry. The bases come first: strings and addresses depend on them. */
export function readRoot(unit: Unit, die: Die | null, sections: DebugSections): UnitRoot {
  const number = (name: number): number | null => {
    const found = die && attributeCursor(unit, die, name);
    return found ? readNumber(found.cursor, found.attribute.form, unit, found.attribute.implicit) : null;
  };
  const strOffsetsBase = number(dw.DW_AT_str_offsets_base) ?? 0;
  const addrBase = number(dw.DW_AT_addr_base) ?? 0;
  const text = (name: number): string => {
    const found = die && attributeCursor(unit, die, name);
    return (found && readString(found.cursor, found.attribute.form, unit, sections, strOffsetsBase)) ?? '';
  };
  const low = die && attributeCursor(unit, die, dw.DW_AT_low_pc);
  return {
    name: text(dw.DW_AT_name),
    compDir: text(dw.DW_AT_comp_dir),
    // DWARF 2 and 3 write the offset as plain data, which is relocated all the same.
    stmtList: offsetAttribute(unit, die, dw.DW_AT_stmt_list),
    lowPc: (low && readAddress(low.cursor, low.attribute.form, unit, sections, addrBase)) ?? 0,
    strOffsetsBase,
    addrBase,
    rnglistsBase: number(dw.DW_AT_rnglists_base) ?? 0,
  };
}

/** An attribute that is an offset into another section, in whatever form its version gives it; null when absent. */
export function offsetAttribute(unit: Unit, die: Die | null, name: number): number | null {
  const found = die && attributeCursor(unit, die, name);
  return found ? unit.info.offset(found.cursor.at, unit.offsetSize) : null;
}
