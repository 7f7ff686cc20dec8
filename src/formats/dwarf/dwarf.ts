// Debug information of one file, asked by place: line, chain of inlined calls, declaration. Reads what is asked for.
import type { Place } from '../elf/relocations';
import * as dw from './constants';
import {
  attributeCursor,
  attributesEnd,
  dieAt,
  numberAttribute,
  referenceAttribute,
  siblingOf,
  walk,
  type Die,
} from './dies';
import { readString } from './forms';
import { readLineProgram, runLineProgram, type LineProgram } from './lineProgram';
import { covers, hasCode, rangesOf, type Range } from './ranges';
import { Rows } from './rows';
import { debugSections, type DebugSections, type Inflate, type ObjectTables } from './sections';
import { readRoot, type UnitRoot } from './unitRoot';
import { MOST_UNITS, readUnits, unitAt, type Unit } from './units';

/** A file as debug information names it. */
export interface DebugFile {
  /** As the compiler wrote it; relative paths count from `compDir`. */
  readonly path: string;
  readonly compDir: string;
}

export interface DebugLine extends DebugFile {
  /** From 1. */
  readonly line: number;
  /** From 1; 0 when the compiler did not say. */
  readonly column: number;
}

export interface Declaration extends DebugLine {
  readonly name: string;
}

/** References from entry to entry that are followed before they count as a circle. */
const MOST_HOPS = 8;

/** Opens the debug information of a file: null when there is none. Never throws, whatever the bytes. */
export function openDwarf(object: ObjectTables | null, inflate: Inflate): Dwarf | null {
  if (!object) return null;
  const sections = debugSections(object, inflate);
  return sections.get('line') || sections.get('info') ? new Dwarf(sections) : null;
}

interface Function {
  readonly offset: number;
  readonly ranges: readonly Range[];
}

export class Dwarf {
  private lines: { readonly rows: Rows; readonly programs: readonly LineProgram[] } | null = null;
  private unitList: readonly Unit[] | null = null;
  private byProgram: ReadonlyMap<number, Unit> | null = null;
  private readonly programsAt = new Map<number, LineProgram | null>();
  private addressTable: ReadonlyMap<Place, readonly number[]> | null = null;
  private readonly declarations = new Map<Place, Declaration | null>();
  private readonly roots = new Map<Unit, UnitRoot>();
  private readonly functions = new Map<Unit, readonly Function[]>();

  constructor(private readonly sections: DebugSections) {}

  /** Source files that were compiled, in the order of the units. */
  get units(): readonly DebugFile[] {
    return this.readUnits().map(unit => {
      const { name, compDir } = this.root(unit);
      return { path: name, compDir };
    });
  }

  /** The line an instruction came from. */
  lineAt(place: Place): DebugLine | null {
    const { rows, programs } = this.readLines();
    const row = rows.find(place);
    const program = row && programs[row.program];
    if (!program) return null;
    const unit = this.unitOfProgram(program.offset);
    return { ...this.file(program, unit, row.file), line: row.line, column: row.column };
  }

  /** The line of an instruction, then the calls it was inlined through, outwards. */
  linesAt(place: Place): DebugLine[] {
    const { rows, programs } = this.readLines();
    const row = rows.find(place);
    const program = row && programs[row.program];
    const line = this.lineAt(place);
    if (!program || !line) return [];
    const unit = this.unitOfProgram(program.offset);
    return unit ? [line, ...this.callsAround(unit, place).reverse()] : [line];
  }

  /** What is declared at places: variables by their address, functions by their first instruction. */
  declarationsAt(places: ReadonlySet<Place>): Map<Place, Declaration> {
    const wanted = new Map<Unit, { at: number; place: Place }[]>();
    const units = this.readUnits();
    for (const place of places) {
      if (this.declarations.has(place)) continue;
      this.declarations.set(place, null);
      for (const at of this.addresses().get(place) ?? []) {
        const unit = unitAt(units, at);
        if (!unit) continue;
        const list = wanted.get(unit);
        if (list) list.push({ at, place });
        else wanted.set(unit, [{ at, place }]);
      }
    }
    for (const [unit, list] of wanted) {
      list.sort((a, b) => a.at - b.at);
      this.entriesAround(unit, list, (place, die) => {
        if (!this.declarations.get(place)) this.declarations.set(place, this.declaration(unit, die));
      });
    }
    const found = new Map<Place, Declaration>();
    for (const place of places) {
      const declaration = this.declarations.get(place);
      if (declaration) found.set(place, declaration);
    }
    return found;
  }

  /** Offsets in .debug_info of the fields that hold each place. */
  private addresses(): ReadonlyMap<Place, readonly number[]> {
    if (this.addressTable) return this.addressTable;
    const table = new Map<Place, number[]>();
    this.sections.get('info')?.eachAddress((at, place) => {
      const list = table.get(place);
      if (list) list.push(at);
      else table.set(place, [at]);
    });
    return (this.addressTable = table);
  }

  /** Calls `use` for the variable or function whose attributes hold each of the given offsets, which are sorted. */
  private entriesAround(
    unit: Unit,
    list: readonly { readonly at: number; readonly place: Place }[],
    use: (place: Place, die: Die) => void,
  ): void {
    let next = 0;
    walk(unit, unit.rootAt, (offset, abbrev, attributesAt) => {
      while (next < list.length && (list[next]?.at ?? 0) < attributesAt) next++;
      const wanted = list[next];
      if (!wanted) return 'stop';
      const sibling = siblingOf(unit, abbrev, attributesAt);
      if (sibling !== null && sibling <= wanted.at) return 'past';
      if (DECLARED.has(abbrev.tag)) {
        const end = attributesEnd(unit, abbrev, attributesAt);
        for (let i = next; i < list.length; i++) {
          const { at, place } = list[i] ?? wanted;
          if (at >= end) break;
          use(place, { offset, abbrev, attributesAt });
        }
      }
      return 'into';
    });
  }

  /** Name and place of declaration; an entry may leave them to the one it completes or is a copy of. */
  private declaration(unit: Unit, from: Die): Declaration | null {
    let name: string | null = null;
    let die: Die | null = from;
    let line: DebugLine | null = null;
    for (let hop = 0; die && hop < MOST_HOPS; hop++) {
      name ??= this.nameOf(unit, die);
      const declLine = numberAttribute(unit, die, dw.DW_AT_decl_line);
      const declFile = numberAttribute(unit, die, dw.DW_AT_decl_file);
      if (!line && declLine !== null && declFile !== null) {
        const column = numberAttribute(unit, die, dw.DW_AT_decl_column) ?? 0;
        line = { ...this.fileOfUnit(unit, declFile), line: declLine, column };
      }
      if (name !== null && line) return { ...line, name };
      const next: number | null =
        referenceAttribute(unit, die, dw.DW_AT_specification) ??
        referenceAttribute(unit, die, dw.DW_AT_abstract_origin);
      die = next === null ? null : dieAt(unit, next);
    }
    return name !== null && line ? { ...line, name } : null;
  }

  private nameOf(unit: Unit, die: Die): string | null {
    const found = attributeCursor(unit, die, dw.DW_AT_name);
    const { strOffsetsBase } = this.root(unit);
    return found && readString(found.cursor, found.attribute.form, unit, this.sections, strOffsetsBase);
  }

  /** Call sites of inlined functions that cover a place, outermost first. */
  private callsAround(unit: Unit, place: Place): DebugLine[] {
    const calls: DebugLine[] = [];
    const around = this.functionsOf(unit).find(({ ranges }) => covers(ranges, place));
    if (!around) return calls;
    walk(unit, around.offset, (offset, abbrev, attributesAt, depth) => {
      if (depth === 0 || !hasCode(abbrev)) return depth === 0 || !abbrev.hasChildren ? 'into' : 'past';
      const die = { offset, abbrev, attributesAt };
      if (!covers(rangesOf(unit, this.root(unit), die, this.sections), place)) return 'past';
      if (abbrev.tag === dw.DW_TAG_inlined_subroutine) {
        const file = this.fileOfUnit(unit, numberAttribute(unit, die, dw.DW_AT_call_file) ?? 0);
        const line = numberAttribute(unit, die, dw.DW_AT_call_line);
        const column = numberAttribute(unit, die, dw.DW_AT_call_column) ?? 0;
        if (line !== null) calls.push({ ...file, line, column });
      }
      return 'into';
    });
    return calls;
  }

  private functionsOf(unit: Unit): readonly Function[] {
    let known = this.functions.get(unit);
    if (known) return known;
    const found: Function[] = [];
    const root = this.root(unit);
    walk(unit, unit.rootAt, (offset, abbrev, attributesAt) => {
      if (abbrev.tag === dw.DW_TAG_subprogram && hasCode(abbrev))
        found.push({ offset, ranges: rangesOf(unit, root, { offset, abbrev, attributesAt }, this.sections) });
      // Rust nests functions in namespaces.
      return abbrev.tag === dw.DW_TAG_compile_unit || abbrev.tag === dw.DW_TAG_namespace ? 'into' : 'past';
    });
    this.functions.set(unit, (known = found));
    return known;
  }

  /** There are more rows of lines than are read: some places have no line, and others may have a wrong one. */
  get isPartial(): boolean {
    return this.lines?.rows.isFull ?? false;
  }

  private readLines(): { readonly rows: Rows; readonly programs: readonly LineProgram[] } {
    if (this.lines) return this.lines;
    const rows = new Rows();
    const programs: LineProgram[] = [];
    const section = this.sections.get('line');
    for (let offset = 0; section && offset < section.length && programs.length < MOST_UNITS;) {
      const read = readLineProgram(section, offset, this.sections);
      if (!read || read.next <= offset) break;
      if (read.program) {
        rows.program = programs.push(read.program) - 1;
        runLineProgram(section, read.program, rows);
      }
      offset = read.next;
    }
    for (const program of programs) this.programsAt.set(program.offset, program);
    return (this.lines = { rows, programs });
  }

  private readUnits(): readonly Unit[] {
    return (this.unitList ??= readUnits(this.sections));
  }

  private root(unit: Unit): UnitRoot {
    let root = this.roots.get(unit);
    if (!root) this.roots.set(unit, (root = readRoot(unit, dieAt(unit, unit.rootAt), this.sections)));
    return root;
  }

  private unitOfProgram(offset: number): Unit | null {
    if (!this.byProgram) {
      const units = new Map<number, Unit>();
      for (const unit of this.readUnits()) {
        const { stmtList } = this.root(unit);
        if (stmtList !== null) units.set(stmtList, unit);
      }
      this.byProgram = units;
    }
    return this.byProgram.get(offset) ?? null;
  }

  private fileOfUnit(unit: Unit, number: number): DebugFile {
    const { stmtList, compDir } = this.root(unit);
    const section = this.sections.get('line');
    if (stmtList === null || !section) return { path: '', compDir };
    let program = this.programsAt.get(stmtList);
    if (program === undefined) {
      program = readLineProgram(section, stmtList, this.sections)?.program ?? null;
      this.programsAt.set(stmtList, program);
    }
    return program ? this.file(program, unit, number) : { path: '', compDir };
  }

  private file(program: LineProgram, unit: Unit | null, number: number): DebugFile {
    const root = unit && this.root(unit);
    return { path: program.files[number] || (root?.name ?? ''), compDir: root?.compDir ?? '' };
  }
}

const DECLARED: ReadonlySet<number> = new Set([dw.DW_TAG_variable, dw.DW_TAG_subprogram]);
