// A struct as DWARF declares it.
import type { StructMember, StructShape } from '../structMembers';
import * as dw from './constants';
import { attributeCursor, dieAt, numberAttribute, referenceAttribute, walk, type Die } from './dies';
import { readNumber, readString } from './forms';
import { debugSections, type DebugSections, type Inflate, type ObjectTables } from './sections';
import { readRoot } from './unitRoot';
import { readUnits, type Unit } from './units';

/** Bytes of .debug_info that are searched for the struct, the last units first: kbuild's NAME.mod.c declares struct module. */
const MOST_SEARCHED = 1 << 24;
/** How deep types may nest; hostile ones could nest in themselves. */
const MAX_DEPTH = 16;
const MOST_ELEMENTS = 64;
const DW_OP_plus_uconst = 0x23;

/** The complete declaration of a struct. The last unit that has one counts. null if there is none. Never throws. */
export function structInDwarf(object: ObjectTables, inflate: Inflate, name: string): StructShape | null {
  const sections = debugSections(object, inflate);
  let left = MOST_SEARCHED;
  for (const unit of [...readUnits(sections)].reverse()) {
    left -= unit.end - unit.offset;
    if (left < 0) return null;
    const shapes = new Shapes(unit, sections);
    const die = shapes.structNamed(name);
    if (die) return { size: numberAttribute(unit, die, dw.DW_AT_byte_size) ?? 0, members: shapes.membersOf(die) };
  }
  return null;
}

const MODIFIERS: ReadonlySet<number> = new Set([dw.DW_TAG_typedef, dw.DW_TAG_const_type, dw.DW_TAG_volatile_type]);

class Shapes {
  private readonly strOffsetsBase: number;

  constructor(
    private readonly unit: Unit,
    private readonly sections: DebugSections,
  ) {
    this.strOffsetsBase = readRoot(unit, dieAt(unit, unit.rootAt), sections).strOffsetsBase;
  }

  structNamed(name: string): Die | null {
    let found: Die | null = null;
    walk(this.unit, this.unit.rootAt, (offset, abbrev, attributesAt, depth) => {
      if (depth === 0) return 'into';
      if (abbrev.tag !== dw.DW_TAG_structure_type) return 'past';
      const die = { offset, abbrev, attributesAt };
      const isWhole = numberAttribute(this.unit, die, dw.DW_AT_declaration) === null;
      if (!isWhole || this.nameOf(die) !== name) return 'past';
      found = die;
      return 'stop';
    });
    return found;
  }

  membersOf(die: Die): StructMember[] {
    const { tag } = die.abbrev;
    if (tag === dw.DW_TAG_array_type) return this.elements(die);
    if (tag !== dw.DW_TAG_structure_type && tag !== dw.DW_TAG_union_type) return [];
    const members: StructMember[] = [];
    this.eachChild(die, child => {
      if (child.abbrev.tag !== dw.DW_TAG_member) return;
      const offset = this.offsetOf(child);
      if (offset !== null) members.push(this.member(this.nameOf(child) ?? '', offset, this.typeOf(child)));
    });
    return members;
  }

  private eachChild(die: Die, visit: (child: Die) => void): void {
    walk(this.unit, die.offset, (offset, abbrev, attributesAt, depth) => {
      if (depth === 0) return 'into';
      visit({ offset, abbrev, attributesAt });
      return 'past';
    });
  }

  private elements(array: Die): StructMember[] {
    const [type, count] = [this.typeOf(array), this.countOf(array)];
    const size = this.sizeOf(type);
    if (count > MOST_ELEMENTS || size <= 1) return [];
    return Array.from({ length: count }, (_, i) => this.member(String(i), i * size, type));
  }

  /** Elements of an array, of all its dimensions. */
  private countOf(array: Die): number {
    let count = 1;
    this.eachChild(array, child => {
      if (child.abbrev.tag !== dw.DW_TAG_subrange_type) return;
      const last = numberAttribute(this.unit, child, dw.DW_AT_upper_bound);
      count *= numberAttribute(this.unit, child, dw.DW_AT_count) ?? (last === null ? 0 : last + 1);
    });
    return count;
  }

  private member(name: string, offset: number, type: Die | null): StructMember {
    const plain = this.plain(type);
    const pointee = plain?.abbrev.tag === dw.DW_TAG_pointer_type ? this.sizeOf(this.typeOf(plain)) : 0;
    return { name, offset, size: this.sizeOf(type), pointee, members: () => (plain ? this.membersOf(plain) : []) };
  }

  /** DW_AT_data_member_location: a number, or an expression in DWARF 2. Members of a union have none and begin at 0. null for bit fields. */
  private offsetOf(member: Die): number | null {
    const found = attributeCursor(this.unit, member, dw.DW_AT_data_member_location);
    if (!found) return numberAttribute(this.unit, member, dw.DW_AT_data_bit_offset) === null ? 0 : null;
    const { cursor, attribute } = found;
    const { form, implicit } = attribute;
    if (form !== dw.DW_FORM_block1 && form !== dw.DW_FORM_exprloc) return readNumber(cursor, form, this.unit, implicit);
    cursor.u8();
    return cursor.u8() === DW_OP_plus_uconst ? cursor.uleb() : null;
  }

  private typeOf(die: Die): Die | null {
    const at = referenceAttribute(this.unit, die, dw.DW_AT_type);
    return at === null ? null : dieAt(this.unit, at);
  }

  /** Follows typedefs and qualifiers. */
  private plain(die: Die | null): Die | null {
    for (let step = 0; die && step < MAX_DEPTH && MODIFIERS.has(die.abbrev.tag); step++) die = this.typeOf(die);
    return die;
  }

  private sizeOf(type: Die | null, depth = 0): number {
    const plain = this.plain(type);
    if (!plain || depth > MAX_DEPTH) return 0;
    const own = numberAttribute(this.unit, plain, dw.DW_AT_byte_size);
    if (own !== null) return own;
    if (plain.abbrev.tag === dw.DW_TAG_pointer_type) return this.unit.addressSize;
    return plain.abbrev.tag === dw.DW_TAG_array_type
      ? this.countOf(plain) * this.sizeOf(this.typeOf(plain), depth + 1)
      : 0;
  }

  private nameOf(die: Die): string | null {
    const found = attributeCursor(this.unit, die, dw.DW_AT_name);
    return found && readString(found.cursor, found.attribute.form, this.unit, this.sections, this.strOffsetsBase);
  }
}
