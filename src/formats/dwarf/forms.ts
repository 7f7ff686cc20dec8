// Values of attributes: how long each form is, and what a number, a reference or a string in it is.
import { cString } from '../bytes/strings';
import { placeOf, type Place } from '../elf/relocations';
import * as dw from './constants';
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
    case dw.DW_FORM_flag_present:
    case dw.DW_FORM_implicit_const:
      return 0;
    case dw.DW_FORM_data1:
    case dw.DW_FORM_flag:
    case dw.DW_FORM_ref1:
    case dw.DW_FORM_strx1:
    case dw.DW_FORM_addrx1:
      return 1;
    case dw.DW_FORM_data2:
    case dw.DW_FORM_ref2:
    case dw.DW_FORM_strx2:
    case dw.DW_FORM_addrx2:
      return 2;
    case dw.DW_FORM_strx3:
    case dw.DW_FORM_addrx3:
      return 3;
    case dw.DW_FORM_data4:
    case dw.DW_FORM_ref4:
    case dw.DW_FORM_strx4:
    case dw.DW_FORM_addrx4:
    case dw.DW_FORM_ref_sup4:
      return 4;
    case dw.DW_FORM_data8:
    case dw.DW_FORM_ref8:
    case dw.DW_FORM_ref_sig8:
    case dw.DW_FORM_ref_sup8:
      return 8;
    case dw.DW_FORM_data16:
      return 16;
    case dw.DW_FORM_strp:
    case dw.DW_FORM_line_strp:
    case dw.DW_FORM_strp_sup:
    case dw.DW_FORM_sec_offset:
      return offsetSize;
    case dw.DW_FORM_addr:
      return addressSize;
    case dw.DW_FORM_ref_addr:
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
    case dw.DW_FORM_string:
      cursor.string();
      return true;
    case dw.DW_FORM_sdata:
    case dw.DW_FORM_udata:
    case dw.DW_FORM_ref_udata:
    case dw.DW_FORM_strx:
    case dw.DW_FORM_addrx:
    case dw.DW_FORM_loclistx:
    case dw.DW_FORM_rnglistx:
      cursor.uleb();
      return true;
    case dw.DW_FORM_indirect: {
      const actual = cursor.uleb();
      return actual !== dw.DW_FORM_indirect && skipForm(cursor, actual, encoding);
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
  if (form === dw.DW_FORM_exprloc || form === dw.DW_FORM_block) return cursor.uleb();
  if (form === dw.DW_FORM_block1) return cursor.u8();
  if (form === dw.DW_FORM_block2) return cursor.u16();
  return form === dw.DW_FORM_block4 ? cursor.unsigned(4) : null;
}

/** A constant, an offset or an index as a number; null for another class of form. The cursor moves or not. */
export function readNumber(cursor: Cursor, form: number, encoding: Encoding, implicit = 0): number | null {
  if (form === dw.DW_FORM_implicit_const) return implicit;
  if (form === dw.DW_FORM_flag_present) return 1;
  if (form === dw.DW_FORM_sdata) return cursor.sleb();
  if (form === dw.DW_FORM_sec_offset) return cursor.offset(encoding.offsetSize);
  if (LEB_FORMS.has(form)) return cursor.uleb();
  if (form === dw.DW_FORM_indirect) {
    const actual = cursor.uleb();
    return actual === dw.DW_FORM_indirect ? null : readNumber(cursor, actual, encoding);
  }
  return PLAIN_FORMS.has(form) ? cursor.unsigned(fixedSize(form, encoding)) : null;
}

const LEB_FORMS: ReadonlySet<number> = new Set([
  dw.DW_FORM_udata,
  dw.DW_FORM_ref_udata,
  dw.DW_FORM_strx,
  dw.DW_FORM_addrx,
  dw.DW_FORM_loclistx,
  dw.DW_FORM_rnglistx,
]);

/** Forms of a fixed size that index .debug_str_offsets and .debug_addr. */
const STRX_FIXED = [dw.DW_FORM_strx1, dw.DW_FORM_strx2, dw.DW_FORM_strx3, dw.DW_FORM_strx4];
const ADDRX_FIXED = [dw.DW_FORM_addrx1, dw.DW_FORM_addrx2, dw.DW_FORM_addrx3, dw.DW_FORM_addrx4];
const STRX: ReadonlySet<number> = new Set([dw.DW_FORM_strx, ...STRX_FIXED]);
const ADDRX: ReadonlySet<number> = new Set([dw.DW_FORM_addrx, ...ADDRX_FIXED]);

const PLAIN_FORMS: ReadonlySet<number> = new Set([
  ...[dw.DW_FORM_data1, dw.DW_FORM_data2, dw.DW_FORM_data4, dw.DW_FORM_data8, dw.DW_FORM_flag],
  ...[dw.DW_FORM_ref1, dw.DW_FORM_ref2, dw.DW_FORM_ref4, dw.DW_FORM_ref8],
  ...STRX_FIXED,
  ...ADDRX_FIXED,
]);

/** A byte string; null when the form is none or points nowhere. */
export function readString(
  cursor: Cursor,
  form: number,
  encoding: Encoding,
  sections: DebugSections,
  strOffsetsBase: number,
): string | null {
  if (form === dw.DW_FORM_string) return cursor.string();
  const within = (name: string, offset: number): string | null => {
    const section = sections.get(name);
    return section && offset < section.length ? cString(section.r.bytes, offset) : null;
  };
  if (form === dw.DW_FORM_strp) return within('str', cursor.offset(encoding.offsetSize));
  if (form === dw.DW_FORM_line_strp) return within('line_str', cursor.offset(encoding.offsetSize));
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
  if (form === dw.DW_FORM_addr) {
    const place = cursor.section.address(cursor.at, addressSize);
    cursor.at += addressSize;
    return place;
  }
  if (!ADDRX.has(form)) return null;
  const index = readNumber(cursor, form, encoding) ?? 0;
  return sections.get('addr')?.address(addrBase + index * addressSize, addressSize) ?? placeOf(0, 0);
}
