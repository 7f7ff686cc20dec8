// The lines of a paste that are known, in their order: broken lines joined, call traces added to what they belong to.
import { linesOfLog, messageOf } from './logLine';
import { matchKernelLine, matchTrace, mayMatter, type KernelLine, type TraceLine } from './matchLine';
import { readGeneralLine, readToolLine, wordsIn, type ToolLine } from './toolLine';
import { Traces } from './traces';

/** A line of the kernel. */
export interface Seen extends KernelLine {
  readonly message: string;
}

/** A line of a tool. */
export type SeenTool = ToolLine & { readonly line: string };

export interface ReadLog {
  readonly seen: readonly Seen[];
  readonly tools: readonly SeenTool[];
  /** Lines that are known and not among these: thousands have the same cause. */
  readonly omittedLines: number;
  /** How many lines are in no table. */
  readonly unknownLines: number;
  /** The first of them. */
  readonly unknown: readonly string[];
}

/** Lines that are in no table and are shown. */
const MOST_UNKNOWN = 20;
/** Longer lines are no lines of a kernel. */
const MOST_CHARS = 4096;
/** A terminal breaks lines no earlier than here. */
const NARROWEST = 40;

/** Reads a paste line by line. */
export function readLog(text: string): ReadLog {
  const lines = linesOfLog(text).map(line => line.slice(0, MOST_CHARS));
  const read = lineReader();
  const traces = new Traces();
  const tools = new Set<SeenTool>();
  const unknown: string[] = [];
  let unknownLines = 0;
  const counts = new Map<string, number>();
  let omittedLines = 0;
  const take = (known: Known | null): boolean => {
    if (!known) return false;
    if ('trace' in known) return traces.addTrace(known.trace);
    const kind = kindOf(known);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count > MOST_OF_ONE_KIND) omittedLines++;
    else if ('tool' in known) tools.add(known.tool);
    else traces.add(known.seen);
    return true;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const before = FAULT.test(line) ? (lines[i - 1] ?? '') : '';
    const alone = read(before !== '' && read(before) === null ? `${before} ${line}` : line);
    const joined = isWhole(alone) ? null : wrapped(line, lines[i + 1], read);
    if (joined) i++;
    if (take(joined ?? alone)) continue;
    unknownLines++;
    if (unknown.length < MOST_UNKNOWN) unknown.push(messageOf(line).slice(0, 200));
  }
  return { seen: traces.lines(), tools: [...tools], omittedLines, unknown, unknownLines };
}

/** What a shell prints of a command that crashed; the command stands in the line before. */
const FAULT = /^Segmentation fault/;

type Known = { readonly seen: Seen } | { readonly tool: SeenTool } | { readonly trace: TraceLine };

/** Known lines of one cause that are kept: more would only cost memory. */
const MOST_OF_ONE_KIND = 20_000;

function kindOf(known: { readonly seen: Seen } | { readonly tool: SeenTool }): string {
  if ('tool' in known) return `${known.tool.cause ?? ''} ${known.tool.errno ?? ''}`;
  return known.seen.cause ?? known.seen.codes.join();
}

type ReadLine = (line: string) => Known | null;

/** Messages that are kept with what they mean: a log repeats itself, and only the times differ. */
const MOST_KEPT = 4096;

/** A line means the same each time; an object that was seen before is one that stands for an equal line. */
function lineReader(): ReadLine {
  const kept = new Map<string, Known | null>();
  return line => {
    const words = wordsIn(line);
    // Lines of a call trace may have names only.
    if (!mayMatter(words) && !line.includes('+0x')) return null;
    const message = messageOf(line);
    const before = kept.get(message);
    if (before !== undefined) return before;
    const known = readMessage(message, words);
    if (kept.size < MOST_KEPT) kept.set(message, known);
    return known;
  };
}

function readMessage(message: string, words: readonly string[]): Known | null {
  const tool = readToolLine(message, words);
  if (tool) return { tool: { ...tool, line: message } };
  const kernel = matchKernelLine(message, words);
  if (kernel) return { seen: { ...kernel, message } };
  const trace = matchTrace(message);
  if (trace) return { trace };
  const general = readGeneralLine(message, words);
  return general ? { tool: { ...general, line: message } } : null;
}

/** A tool's line without its last words is half of one. */
function isWhole(known: Known | null): boolean {
  if (known === null) return false;
  return !('tool' in known) || known.tool.errno !== null || known.tool.cause !== null;
}

/** What begins a line of a log; the second half of a broken one has none of it. */
const BEGINNING = /^(?:[[<(@]|\d+[.:,-]|[A-Z][a-z]{2} [ \d]\d )/;

/** The line together with the next one, where only both are known: a terminal or a mail broke it. */
function wrapped(line: string, next: string | undefined, read: ReadLine): Known | null {
  if (next === undefined || line.length < NARROWEST || next.trim() === '' || BEGINNING.test(next)) return null;
  const words = wordsIn(`${line} ${next}`);
  if (!mayMatter(words) || messageOf(next) !== next.trim() || read(next)) return null;
  for (const joint of ['', ' ']) {
    const known = read((line.trimEnd() + joint + next.trim()).slice(0, MOST_CHARS));
    if (known && isWhole(known) && !('trace' in known)) return known;
  }
  return null;
}
