// Debugging information entries: stepping through a unit, and finding one attribute of an entry.
import { DW_FORM_ref_addr } from './constants';
import type { Abbrev, Attribute } from './abbrevs';
import { Cursor } from './cursor';
import { readNumber, skipForm } from './forms';
import type { Unit } from './units';

/** One entry. Offsets are bytes from the start of .debug_info. */
export interface Die {
  readonly offset: number;
  readonly abbrev: Abbrev;
  /** Of its first attribute. */
  readonly attributesAt: number;
}

/** Whether the walk goes into the children of an entry, past them, or ends. */
export type Step = 'into' | 'past' | 'stop';

/**
 * Walks entries in the order of the file from the one at `from`, until it and its children are through.
 * `visit` also gets the offset behind the attributes. Ends at damage; every step moves forward.
 */
export function walk(
  unit: Unit,
  from: number,
  visit: (offset: number, abbrev: Abbrev, attributesAt: number, depth: number) => Step,
): void {
  const cursor = new Cursor(unit.info, from, unit.end);
  let depth = 0;
  /** Children of entries at this depth or deeper are stepped over. */
  let hidden = Infinity;
  while (!cursor.done) {
    const offset = cursor.at;
    const code = cursor.uleb();
    if (code === 0) {
      depth--;
      if (depth <= 0) return;
      if (depth <= hidden) hidden = Infinity;
      continue;
    }
    const abbrev = unit.abbrevs.get(code);
    if (!abbrev) return;
    const attributesAt = cursor.at;
    if (depth <= hidden) {
      const step = visit(offset, abbrev, attributesAt, depth);
      if (step === 'stop') return;
      if (step === 'past' && abbrev.hasChildren) {
        const sibling = siblingOf(unit, abbrev, attributesAt);
        if (sibling !== null) {
          cursor.at = sibling;
          if (depth === 0) return;
          continue;
        }
        hidden = depth;
      }
    }
    if (!skipAttributes(unit, abbrev, cursor)) return;
    if (abbrev.hasChildren) depth++;
    else if (depth === 0) return;
  }
}

/** The entry at an offset, or null. */
export function dieAt(unit: Unit, offset: number): Die | null {
  const cursor = new Cursor(unit.info, offset, unit.end);
  if (offset < unit.rootAt || cursor.done) return null;
  const abbrev = unit.abbrevs.get(cursor.uleb());
  return abbrev ? { offset, abbrev, attributesAt: cursor.at } : null;
}

/** A cursor at the value of one attribute; null when the entry does not have it. */
export function attributeCursor(
  unit: Unit,
  die: Die,
  name: number,
): { readonly cursor: Cursor; readonly attribute: Attribute } | null {
  const { attributes } = die.abbrev;
  if (!attributes.some(attribute => attribute.name === name)) return null;
  const cursor = new Cursor(unit.info, die.attributesAt, unit.end);
  for (const attribute of attributes) {
    if (attribute.name === name) return { cursor, attribute };
    if (!skipForm(cursor, attribute.form, unit)) return null;
  }
  return null;
}

/** An attribute that is a number; null when absent or of another kind. */
export function numberAttribute(unit: Unit, die: Die, name: number): number | null {
  const found = attributeCursor(unit, die, name);
  return found ? readNumber(found.cursor, found.attribute.form, unit, found.attribute.implicit) : null;
}

/** An attribute that refers to another entry, as an offset into .debug_info; null when absent or in another file. */
export function referenceAttribute(unit: Unit, die: Die, name: number): number | null {
  const found = attributeCursor(unit, die, name);
  if (!found) return null;
  if (found.attribute.form === DW_FORM_ref_addr)
    return unit.info.offset(found.cursor.at, unit.version <= 2 ? unit.addressSize : unit.offsetSize);
  const relative = readNumber(found.cursor, found.attribute.form, unit);
  return relative === null ? null : unit.offset + relative;
}

/** Offset behind the last attribute of an entry. */
export function attributesEnd(unit: Unit, abbrev: Abbrev, attributesAt: number): number {
  const cursor = new Cursor(unit.info, attributesAt, unit.end);
  return skipAttributes(unit, abbrev, cursor) ? cursor.at : unit.end;
}

/** Where the next entry of the same level is, if the entry says so and it lies ahead. */
export function siblingOf(unit: Unit, abbrev: Abbrev, attributesAt: number): number | null {
  if (abbrev.siblingAt < 0) return null;
  const cursor = new Cursor(unit.info, attributesAt + abbrev.siblingAt, unit.end);
  const sibling = unit.offset + (readNumber(cursor, abbrev.siblingForm, unit) ?? 0);
  return sibling > attributesAt && sibling <= unit.end ? sibling : null;
}

function skipAttributes(unit: Unit, abbrev: Abbrev, cursor: Cursor): boolean {
  if (abbrev.size >= 0) {
    cursor.at += abbrev.size;
    return true;
  }
  for (const { form } of abbrev.attributes) if (!skipForm(cursor, form, unit)) return false;
  return true;
}
