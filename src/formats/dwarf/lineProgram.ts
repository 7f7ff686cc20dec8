// .debug_line, versions 2 to 5: one line number program, run to its rows (DWARF 5, section 6.2).
import { placeOf, type Place } from '../elf/relocations';
import * as dw from './constants';
import { Cursor } from './cursor';
import { readNumber, readString, skipForm, type Encoding } from './forms';
import type { RowSink } from './rows';
import type { DebugSection, DebugSections } from './sections';

/** Header of a program. */
export interface LineProgram extends Encoding {
  /** Bytes from the start of .debug_line: of the header, of the first opcode, and behind the last. */
  readonly offset: number;
  readonly opcodesAt: number;
  readonly end: number;
  readonly minimumInstructionLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly opcodeLengths: readonly number[];
  /** Paths as in the table, by file number; relative ones count from the directory of compilation. */
  readonly files: readonly string[];
}

/** More entries than that in a file table are damage. */
const MOST_FILES = 1 << 16;

/** The program at `offset`, and where the next would be; null when there is none that can be read. */
export function readLineProgram(
  section: DebugSection,
  offset: number,
  sections: DebugSections,
): { readonly program: LineProgram | null; readonly next: number } | null {
  const cursor = new Cursor(section, offset, section.length);
  const { length, offsetSize } = cursor.initialLength();
  const end = Math.min(cursor.at + length, section.length);
  if (length === 0 || cursor.done) return null;
  const version = cursor.u16();
  if (version < 2 || version > 5) return { program: null, next: end };
  const addressSize = version >= 5 ? cursor.u8() : 8;
  if (version >= 5) cursor.u8();
  const headerLength = cursor.unsigned(offsetSize);
  const opcodesAt = cursor.at + headerLength;
  const minimumInstructionLength = cursor.u8();
  if (version >= 4) cursor.u8();
  cursor.u8();
  const lineBase = cursor.i8();
  const lineRange = cursor.u8() || 1;
  const opcodeBase = cursor.u8();
  const opcodeLengths = [0];
  for (let i = 1; i < opcodeBase; i++) opcodeLengths.push(cursor.u8());
  const encoding = { version, offsetSize, addressSize };
  const table = new Cursor(section, cursor.at, Math.min(opcodesAt, end));
  const files = version >= 5 ? readFiles5(table, encoding, sections) : readFiles(table);
  const shape = { minimumInstructionLength, lineBase, lineRange, opcodeBase, opcodeLengths, files };
  return { program: { ...encoding, offset, opcodesAt, end, ...shape }, next: end };
}

/** Versions 2 to 4: directory 0 is that of compilation, files count from 1. */
function readFiles(cursor: Cursor): string[] {
  const directories = [''];
  for (let name = cursor.string(); name !== '' && !cursor.done; name = cursor.string()) directories.push(name);
  const files = [''];
  while (!cursor.done && files.length < MOST_FILES) {
    const name = cursor.string();
    if (name === '') break;
    files.push(join(directories[cursor.uleb()] ?? '', name));
    cursor.uleb();
    cursor.uleb();
  }
  return files;
}

/** Version 5: both tables say themselves how their entries are made. */
function readFiles5(cursor: Cursor, encoding: Encoding, sections: DebugSections): string[] {
  const directories = readEntries(cursor, encoding, sections).map(entry => entry.path);
  return readEntries(cursor, encoding, sections).map(({ path, directory }) => join(directories[directory] ?? '', path));
}

function readEntries(
  cursor: Cursor,
  encoding: Encoding,
  sections: DebugSections,
): { readonly path: string; readonly directory: number }[] {
  const formats: { readonly content: number; readonly form: number }[] = [];
  const formatCount = cursor.u8();
  for (let i = 0; i < formatCount && !cursor.done; i++) formats.push({ content: cursor.uleb(), form: cursor.uleb() });
  const count = Math.min(cursor.uleb(), MOST_FILES);
  const entries: { path: string; directory: number }[] = [];
  while (entries.length < count && !cursor.done) {
    const entry = { path: '', directory: 0 };
    for (const { content, form } of formats) {
      const value = new Cursor(cursor.section, cursor.at, cursor.end);
      if (content === dw.DW_LNCT_path) entry.path = readString(value, form, encoding, sections, 0) ?? '';
      if (content === dw.DW_LNCT_directory_index) entry.directory = readNumber(value, form, encoding) ?? 0;
      // Others, such as the MD5 of the file, are not needed.
      if (!skipForm(cursor, form, encoding)) return entries;
    }
    entries.push(entry);
  }
  return entries;
}

function join(directory: string, name: string): string {
  return directory === '' || name.startsWith('/') ? name : `${directory}/${name}`;
}

/** Runs a program and hands each row to `sink`, until that is full. Ends at the end of the unit whatever the opcodes say. */
export function runLineProgram(section: DebugSection, program: LineProgram, sink: RowSink): void {
  const cursor = new Cursor(section, program.opcodesAt, program.end);
  const { opcodeBase, lineBase, lineRange, minimumInstructionLength: step, opcodeLengths } = program;
  const start = { place: placeOf(0, 0) as Place, file: 1, line: 1, column: 0 };
  let { place, file, line, column } = start;
  while (!cursor.done && !sink.isFull) {
    const opcode = cursor.u8();
    if (opcode >= opcodeBase) {
      const adjusted = opcode - opcodeBase;
      place += Math.floor(adjusted / lineRange) * step;
      line += lineBase + (adjusted % lineRange);
      sink.row(place, file, line, column);
    } else if (opcode === 0) {
      const length = cursor.uleb();
      const next = cursor.at + length;
      const extended = length === 0 ? 0 : cursor.u8();
      if (extended === dw.DW_LNE_end_sequence) {
        sink.end(place);
        ({ place, file, line, column } = start);
      } else if (extended === dw.DW_LNE_set_address) {
        place = section.address(cursor.at, length - 1);
      }
      cursor.at = next;
    } else if (opcode === dw.DW_LNS_copy) sink.row(place, file, line, column);
    else if (opcode === dw.DW_LNS_advance_pc) place += cursor.uleb() * step;
    else if (opcode === dw.DW_LNS_advance_line) line += cursor.sleb();
    else if (opcode === dw.DW_LNS_set_file) file = cursor.uleb();
    else if (opcode === dw.DW_LNS_set_column) column = cursor.uleb();
    else if (opcode === dw.DW_LNS_const_add_pc) place += Math.floor((255 - opcodeBase) / lineRange) * step;
    else if (opcode === dw.DW_LNS_fixed_advance_pc) place += cursor.u16();
    else for (let i = opcodeLengths[opcode] ?? 0; i > 0; i--) cursor.uleb();
  }
}
