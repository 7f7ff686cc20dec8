// .debug_abbrev: the shapes of debugging information entries (DWARF 5, section 7.5.3).
import { DW_AT_sibling, DW_FORM_implicit_const } from './constants';
import { Cursor } from './cursor';
import { fixedSize, type Encoding } from './forms';
import type { DebugSection } from './sections';

export interface Attribute {
  readonly name: number;
  readonly form: number;
  /** The value itself, of DW_FORM_implicit_const. */
  readonly implicit: number;
}

export interface Abbrev {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly Attribute[];
  /** Bytes of all attributes, or -1 when it varies: most entries can be stepped over without being read. */
  readonly size: number;
  /** Where DW_AT_sibling stands among the attributes, or -1; its form. */
  readonly siblingAt: number;
  readonly siblingForm: number;
}

/** Shapes by code; codes are small numbers that compilers count up. */
export type AbbrevTable = ReadonlyMap<number, Abbrev>;

/** The table at `offset`, up to its end or to what cannot be read. */
export function readAbbrevs(section: DebugSection, offset: number, encoding: Encoding): AbbrevTable {
  const table = new Map<number, Abbrev>();
  const cursor = new Cursor(section, offset, section.length);
  while (!cursor.done) {
    const code = cursor.uleb();
    if (code === 0) break;
    const tag = cursor.uleb();
    const hasChildren = cursor.u8() !== 0;
    const shape = readShape(cursor, encoding);
    if (!shape) break;
    table.set(code, { tag, hasChildren, ...shape });
  }
  return table;
}

/** Compilers write two dozen; every entry of such a shape would be read that often. */
const MOST_ATTRIBUTES = 1000;

/** Null when it has more attributes than any has. */
function readShape(
  cursor: Cursor,
  encoding: Encoding,
): Pick<Abbrev, 'attributes' | 'size' | 'siblingAt' | 'siblingForm'> | null {
  const attributes: Attribute[] = [];
  let size = 0;
  let siblingAt = -1;
  let siblingForm = 0;
  while (!cursor.done) {
    const name = cursor.uleb();
    const form = cursor.uleb();
    const implicit = form === DW_FORM_implicit_const ? cursor.sleb() : 0;
    if (name === 0 && form === 0) break;
    if (attributes.length === MOST_ATTRIBUTES) return null;
    attributes.push({ name, form, implicit });
    if (name === DW_AT_sibling && size >= 0) [siblingAt, siblingForm] = [size, form];
    const bytes = fixedSize(form, encoding);
    size = size < 0 || bytes < 0 ? -1 : size + bytes;
  }
  return { attributes, size, siblingAt, siblingForm };
}
