// Where a place of one text has gone in a later one: lines are compared, and within a changed line the same word is looked
// for.
import { diffArrays } from 'diff';

/** Lines and columns from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Null where the text was deleted. */
export type TextMapping = (position: Position) => Position | null;

const WORD = /[A-Za-z_]\w*/y;

/** Maps places of `before` to `after`. */
export function mappingOf(before: string, after: string): TextMapping {
  if (before === after) return position => position;
  const [old, now] = [before.split('\n'), after.split('\n')];
  const { lines, blocks } = compare(old, now);
  return ({ line, column }) => {
    const same = lines[line - 1];
    if (same !== undefined && same >= 0) return { line: same + 1, column };
    const elsewhere = movedLine(old, now, line - 1);
    if (elsewhere >= 0) return { line: elsewhere + 1, column };
    const block = blocks.find(({ oldStart, oldEnd }) => line - 1 >= oldStart && line - 1 < oldEnd);
    return block ? findWord(old, now, block, line - 1, column - 1) : null;
  };
}

/** Lines that were taken out, and those that came in their place. */
interface Block {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly start: number;
  readonly end: number;
}

/** By old line, the new one that is the same, or -1. All count from 0. */
function compare(old: readonly string[], now: readonly string[]): { lines: Int32Array; blocks: Block[] } {
  const lines = new Int32Array(old.length).fill(-1);
  const blocks: Block[] = [];
  let [from, to] = [0, 0];
  let removed = 0;
  const close = (added: number): void => {
    if (removed > 0) blocks.push({ oldStart: from - removed, oldEnd: from, start: to, end: to + added });
    removed = 0;
  };
  for (const part of diffArrays([...old], [...now])) {
    const { length } = part.value;
    if (part.removed) {
      from += length;
      removed = length;
    } else if (part.added) {
      close(length);
      to += length;
    } else {
      close(0);
      for (let i = 0; i < length; i++) lines[from + i] = to + i;
      from += length;
      to += length;
    }
  }
  close(0);
  return { lines, blocks };
}

/** A line that was moved: the only one of its text, before and after; -1 for others. */
function movedLine(old: readonly string[], now: readonly string[], line: number): number {
  const text = old[line];
  if (text === undefined || text.trim() === '' || old.indexOf(text) !== old.lastIndexOf(text)) return -1;
  const found = now.indexOf(text);
  return found === now.lastIndexOf(text) ? found : -1;
}

/** The word at an old place in the changed lines: as often as it came before it, as often it comes there. */
function findWord(
  old: readonly string[],
  now: readonly string[],
  { oldStart, oldEnd, start, end }: Block,
  line: number,
  column: number,
): Position | null {
  WORD.lastIndex = column;
  const word = WORD.exec(old[line] ?? '')?.[0];
  if (word === undefined) return null;
  const before = placesOf(word, old, oldStart, oldEnd);
  const nth = before.findIndex(place => place.line === line && place.column === column);
  const after = placesOf(word, now, start, end);
  const found = after[Math.min(nth, after.length - 1)];
  return found ? { line: found.line + 1, column: found.column + 1 } : null;
}

function placesOf(word: string, lines: readonly string[], start: number, end: number): Position[] {
  const form = new RegExp(`\\b${word}\\b`, 'g');
  const found: Position[] = [];
  for (let line = start; line < end; line++)
    for (const match of (lines[line] ?? '').matchAll(form)) found.push({ line, column: match.index });
  return found;
}
