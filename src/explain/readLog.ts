// The lines of a paste that are known, in their order: broken lines joined, call traces added to what they belong to.
import type { Translate } from '../findings/words';
import { linesOfLog, messageOf } from './logLine';
import { matchKernelLine, matchTrace, mayMatter, type KernelLine, type TraceLine } from './matchLine';
import { readToolLine, wordsIn, type ToolLine } from './toolLine';
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
export function readLog(text: string, t: Translate): ReadLog {
  const lines = linesOfLog(text);
  const traces = new Traces();
  const tools: SeenTool[] = [];
  const unknown: string[] = [];
  let unknownLines = 0;
  const take = (known: Known | null): boolean => {
    if (!known) return false;
    if ('trace' in known) return traces.addTrace(known.trace);
    if ('tool' in known) tools.push(known.tool);
    else traces.add(known.seen);
    return true;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').slice(0, MOST_CHARS);
    if (line.trim() === '') continue;
    const alone = readLine(FAULT.test(line) ? `${lines[i - 1] ?? ''} ${line}` : line, t);
    const joined = isWhole(alone) ? null : wrapped(line, lines[i + 1], t);
    if (joined) i++;
    if (take(joined ?? alone)) continue;
    unknownLines++;
    if (unknown.length < MOST_UNKNOWN) unknown.push(messageOf(line).slice(0, 200));
  }
  return { seen: traces.lines(), tools, unknown, unknownLines };
}

/** What a shell prints of a command that crashed; the command stands in the line before. */
const FAULT = /^Segmentation fault/;

type Known = { readonly seen: Seen } | { readonly tool: SeenTool } | { readonly trace: TraceLine };

function readLine(line: string, t: Translate): Known | null {
  const words = wordsIn(line);
  // Lines of a call trace may have names only.
  if (!mayMatter(words) && !line.includes('+0x')) return null;
  const message = messageOf(line);
  const tool = readToolLine(message, words);
  if (tool) return { tool: { ...tool, line: message } };
  const kernel = matchKernelLine(message, words, t);
  if (kernel) return { seen: { ...kernel, message } };
  const trace = matchTrace(message);
  return trace ? { trace } : null;
}

/** A tool's line without its last words is half of one. */
function isWhole(known: Known | null): boolean {
  if (known === null) return false;
  return !('tool' in known) || known.tool.errno !== null || known.tool.cause !== null;
}

/** What begins a line of a log; the second half of a broken one has none of it. */
const BEGINNING = /^(?:[[<(@]|\d+[.:,-]|[A-Z][a-z]{2} [ \d]\d )/;

/** The line together with the next one, where only both are known: a terminal or a mail broke it. */
function wrapped(line: string, next: string | undefined, t: Translate): Known | null {
  if (next === undefined || line.length < NARROWEST || next.trim() === '' || BEGINNING.test(next)) return null;
  const words = wordsIn(`${line} ${next}`);
  if (!mayMatter(words) || messageOf(next) !== next.trim() || readLine(next, t)) return null;
  for (const joint of ['', ' ']) {
    const known = readLine((line.trimEnd() + joint + next.trim()).slice(0, MOST_CHARS), t);
    if (known && isWhole(known) && !('trace' in known)) return known;
  }
  return null;
}
