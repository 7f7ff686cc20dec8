// Values of attributes: how long each form is, and what a number, a reference or a string in it is.
import { cString } from '../bytes/strings';
import { placeOf, type Place } from '../elf/relocations';
import {
  DW_FORM_addr,
  DW_FORM_addrx,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
  DW_FORM_block,
  DW_FORM_block1,
  DW_FORM_block2,
  DW_FORM_block4,
  DW_FORM_data1,
  DW_FORM_data16,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_exprloc,
  DW_FORM_flag,
  DW_FORM_flag_present,
  DW_FORM_implicit_const,
  DW_FORM_indirect,
  DW_FORM_line_strp,
  DW_FORM_loclistx,
  DW_FORM_ref1,
  DW_FORM_ref2,
  DW_FORM_ref4,
  DW_FORM_ref8,
  DW_FORM_ref_addr,
  DW_FORM_ref_sig8,
  DW_FORM_ref_sup4,
  DW_FORM_ref_sup8,
  DW_FORM_ref_udata,
  DW_FORM_rnglistx,
  DW_FORM_sdata,
  DW_FORM_sec_offset,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_strp_sup,
  DW_FORM_strx,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
  DW_FORM_udata,
} from './constants';
import type { Cursor } from './cursor';
import type { DebugSections } from './sections';

/** What forms of a unit depend on. */
export interface Encoding {
  readonly version: number;
  readonly offsetSize: 4 | 8;
  readonly addressSize: number;
}

/** Bytes a form takes whatever its value, or -1 when only reading tells. */
export function fixedSize(form: number, { version, offsetSize, addressSize }: Encoding): number {
  switch (form) {
    case DW_FORM_flag_present:
    case DW_FORM_implicit_const:
      return 0;
    case DW_FORM_data1:
    case DW_FORM_flag:
    case DW_FORM_ref1:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
      return 1;
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
      return 2;
    case DW_FORM_strx3:
    case DW_FORM_addrx3:
      return 3;
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4:
    case DW_FORM_ref_sup4:
      return 4;
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup8:
      return 8;
    case DW_FORM_data16:
      return 16;
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_strp_sup:
    case DW_FORM_sec_offset:
      return offsetSize;
    case DW_FORM_addr:
      return addressSize;
    case DW_FORM_ref_addr:
      // DWARF 2 gave it the size of an address.
      return version <= 2 ? addressSize : offsetSize;
    default:
      return -1;
  }
}

/** Moves behind a value. False when the form is unknown: what follows cannot be read. */
export function skipForm(cursor: Cursor, form: number, encoding: Encoding): boolean {
  const size = fixedSize(form, encoding);
  if (size >= 0) {
    cursor.at += size;
    return true;
  }
  switch (form) {
    case DW_FORM_string:
      cursor.string();
      return true;
    case DW_FORM_sdata:
    case DW_FORM_udata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
      cursor.uleb();
      return true;
    case DW_FORM_indirect: {
      const actual = cursor.uleb();
      return actual !== DW_FORM_indirect && skipForm(cursor, actual, encoding);
    }
    default: {
      const length = blockLength(cursor, form);
      if (length === null) return false;
      cursor.at += length;
      return true;
    }
  }
}

function blockLength(cursor: Cursor, form: number): number | null {
  if (form === DW_FORM_exprloc || form === DW_FORM_block) return cursor.uleb();
  if (form === DW_FORM_block1) return cursor.u8();
  if (form === DW_FORM_block2) return cursor.u16();
  return form === DW_FORM_block4 ? cursor.unsigned(4) : null;
}

/** A constant, an offset or an index as a number; null for another class of form. The cursor moves or not. */
export function readNumber(cursor: Cursor, form: number, encoding: Encoding, implicit = 0): number | null {
  if (form === DW_FORM_implicit_const) return implicit;
  if (form === DW_FORM_flag_present) return 1;
  if (form === DW_FORM_sdata) return cursor.sleb();
  if (form === DW_FORM_sec_offset) return cursor.offset(encoding.offsetSize);
  if (LEB_FORMS.has(form)) return cursor.uleb();
  if (form === DW_FORM_indirect) {
    const actual = cursor.uleb();
    return actual === DW_FORM_indirect ? null : readNumber(cursor, actual, encoding);
  }
  return PLAIN_FORMS.has(form) ? cursor.unsigned(fixedSize(form, encoding)) : null;
}

const LEB_FORMS: ReadonlySet<number> = new Set([
  DW_FORM_udata,
  DW_FORM_ref_udata,
  DW_FORM_strx,
  DW_FORM_addrx,
  DW_FORM_loclistx,
  DW_FORM_rnglistx,
]);

const PLAIN_FORMS: ReadonlySet<number> = new Set([
  DW_FORM_data1,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_flag,
  DW_FORM_ref1,
  DW_FORM_ref2,
  DW_FORM_ref4,
  DW_FORM_ref8,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
]);

/** Forms that index .debug_str_offsets and .debug_addr. */
const STRX: ReadonlySet<number> = new Set([DW_FORM_strx, DW_FORM_strx1, DW_FORM_strx2, DW_FORM_strx3, DW_FORM_strx4]);
const ADDRX: ReadonlySet<number> = new Set([
  DW_FORM_addrx,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
]);

/** A byte string; null when the form is none or points nowhere. */
export function readString(
  cursor: Cursor,
  form: number,
  encoding: Encoding,
  sections: DebugSections,
  strOffsetsBase: number,
): string | null {
  if (form === DW_FORM_string) return cursor.string();
  const within = (name: string, offset: number): string | null => {
    const section = sections.get(name);
    return section && offset < section.length ? cString(section.r.bytes, offset) : null;
  };
  if (form === DW_FORM_strp) return within('str', cursor.offset(encoding.offsetSize));
  if (form === DW_FORM_line_strp) return within('line_str', cursor.offset(encoding.offsetSize));
  if (!STRX.has(form)) return null;
  const index = readNumber(cursor, form, encoding) ?? 0;
  const table = sections.get('str_offsets');
  return table ? within('str', table.offset(strOffsetsBase + index * encoding.offsetSize, encoding.offsetSize)) : null;
}

/** An address; null when the form is none. Without relocation its section is 0. */
export function readAddress(
  cursor: Cursor,
  form: number,
  encoding: Encoding,
  sections: DebugSections,
  addrBase: number,
): Place | null {
  const { addressSize } = encoding;
  if (form === DW_FORM_addr) {
    const place = cursor.section.address(cursor.at, addressSize);
    cursor.at += addressSize;
    return place;
  }
  if (!ADDRX.has(form)) return null;
  const index = readNumber(cursor, form, encoding) ?? 0;
  return sections.get('addr')?.address(addrBase + index * addressSize, addressSize) ?? placeOf(0, 0);
}
