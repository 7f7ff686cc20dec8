// Reading a paste as a whole: what its lines say, module by module, and the one cause behind them.
import { english, type Translate } from '../findings/words';
import type { Severity } from '../findings/types';
import { CAUSES, type CauseId } from './causes';
import { adviceOnErrno } from './causes/errnos';
import type { Advice, Effect, Told } from './causes/types';
import { linesOfLog, messageOf } from './logLine';
import { matchKernelLine, matchTrace, mayMatter, type KernelLine } from './matchLine';
import { causesOf, readToolLine, wordsIn, type ToolLine } from './toolLine';

/** Something the log says, once for each module and cause. */
export interface Explained {
  /** Codes of findings that print this; several where the line alone cannot tell which, none where no finding does. */
  readonly codes: readonly string[];
  /** Name of the cause in the tables; null for a finding whose page says everything. */
  readonly cause: CauseId | null;
  readonly effect: Effect;
  readonly severity: Severity;
  readonly module: string | null;
  /** The first of {@link symbols}. */
  readonly symbol: string | null;
  readonly symbols: readonly string[];
  /** Messages of the log without what stands before them, in their order. */
  readonly lines: readonly string[];
  /** What a finding says of it, where the line tells enough for that. */
  readonly explanation: string | null;
  readonly advice: Advice | null;
}

/** A line of insmod, modprobe or another tool. */
export interface ExplainedTool {
  readonly line: string;
  readonly module: string | null;
  readonly errno: number | null;
  /** Findings this errno may come from: the line itself does not tell. */
  readonly causes: readonly string[];
  readonly cause: CauseId | null;
  readonly effect: Effect;
  readonly advice: Advice;
}

export interface LogExplanation {
  /** What the paste comes down to; null where no line is known. */
  readonly main: Explained | ExplainedTool | null;
  /** Whether a line says that a module was refused or crashed. A log never says that one works. */
  readonly failed: boolean;
  /** By module, the one of the main cause first; notes last, for they look like failures and are none. */
  readonly entries: readonly Explained[];
  readonly tools: readonly ExplainedTool[];
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

interface Seen extends KernelLine {
  readonly message: string;
}

/** Reads a piece of a kernel log, as pasted; explanations are in the language of `t`. Never throws. */
export function explainLog(text: string, t: Translate = english): LogExplanation {
  const { seen, tools, unknown, unknownLines } = read(text, t);
  const entries = gather(seen, t);
  const explainedTools = tools.map(tool => explainTool(tool, t));
  const main = mainOf(entries, explainedTools);
  const failed = [...entries, ...explainedTools].some(isFailure);
  return { main, failed, entries: ordered(entries, main), tools: explainedTools, unknown, unknownLines };
}

const isFailure = ({ effect }: { readonly effect: Effect }): boolean => effect === 'refused' || effect === 'crashed';

interface Lines {
  readonly seen: readonly Seen[];
  readonly tools: readonly (ToolLine & { readonly line: string })[];
  readonly unknown: readonly string[];
  readonly unknownLines: number;
}

function read(text: string, t: Translate): Lines {
  const lines = linesOfLog(text);
  const seen: Seen[] = [];
  const tools: (ToolLine & { line: string })[] = [];
  const unknown: string[] = [];
  let unknownLines = 0;
  let crash = -1;
  const take = (known: Known | null): boolean => {
    if (!known) return false;
    if ('trace' in known) {
      const before = seen[crash];
      if (!before) return false;
      seen[crash] = withTrace(before, known.trace);
      return true;
    }
    if ('tool' in known) tools.push(known.tool);
    else {
      seen.push(known.seen);
      if (known.seen.effect === 'crashed') crash = seen.length - 1;
    }
    return true;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').slice(0, MOST_CHARS);
    if (line.trim() === '') continue;
    const alone = readLine(line, t);
    const joined = isWhole(alone) ? null : wrapped(line, lines[i + 1], t);
    if (joined) i++;
    if (take(joined ?? alone)) continue;
    unknownLines++;
    if (unknown.length < MOST_UNKNOWN) unknown.push(messageOf(line).slice(0, 200));
  }
  return { seen, tools, unknown, unknownLines };
}

type Known = { readonly seen: Seen } | { readonly tool: ToolLine & { line: string } } | { readonly trace: Told };

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

function withTrace(seen: Seen, trace: Told): Seen {
  const told: Told = { ...trace, ...Object.fromEntries(Object.entries(seen.told).filter(([, value]) => value)) };
  const inInit = told.init !== undefined && seen.cause === 'crash';
  return inInit ? { ...seen, told, cause: 'initCrash' } : { ...seen, told };
}

interface Entry extends Explained {
  readonly symbols: string[];
  readonly lines: string[];
}

/** Lines that follow from another on the same symbol, which says more. */
const CONSEQUENCES: ReadonlySet<CauseId | null> = new Set<CauseId>(['symbolRejected', 'symbolMissing']);

/** One entry for each module and cause; consequences go to what they follow from, wherever it stands. */
function gather(seen: readonly Seen[], t: Translate): Explained[] {
  const entries = new Map<string, Entry>();
  const bySymbol = new Map<string, Entry>();
  const firsts = new Map<Entry, number>();
  const put = (line: Seen, first: number): void => {
    const { module = null, symbol = null } = line.told;
    const about = `${module ?? ''} ${symbol ?? ''}`;
    const cause = CONSEQUENCES.has(line.cause) ? bySymbol.get(about) : undefined;
    const key = `${module ?? ''} ${line.cause ?? ''} ${line.codes.join()}`;
    let entry = cause ?? entries.get(key);
    if (!entry) {
      entry = newEntry(line, t);
      firsts.set(entry, first);
      entries.set(key, entry);
    }
    if (entry.lines.length < MOST_LINES && !entry.lines.includes(line.message)) entry.lines.push(line.message);
    if (symbol === null) return;
    if (entry.symbols.length < MOST_LINES && !entry.symbols.includes(symbol)) entry.symbols.push(symbol);
    if (line.effect === 'refused' && !CONSEQUENCES.has(line.cause)) bySymbol.set(about, entry);
  };
  for (const isConsequence of [false, true])
    for (const [i, line] of seen.entries()) if (CONSEQUENCES.has(line.cause) === isConsequence) put(line, i);
  return [...firsts.keys()].sort((a, b) => (firsts.get(a) ?? 0) - (firsts.get(b) ?? 0));
}

/** More lines on one thing than anyone reads. */
const MOST_LINES = 200;

function newEntry(line: Seen, t: Translate): Entry {
  const { codes, cause, effect, severity, told, explanation } = line;
  const { module = null, symbol = null } = told;
  const advice = cause === null ? null : CAUSES[cause].advise(told, t);
  return { codes, cause, effect, severity, module, symbol, symbols: [], lines: [], explanation, advice };
}

function explainTool({ line, errno, cause, told }: ToolLine & { line: string }, t: Translate): ExplainedTool {
  return {
    line,
    module: told.module ?? null,
    errno,
    causes: errno === null || cause !== null ? [] : causesOf(errno),
    cause,
    effect: cause === null ? 'refused' : CAUSES[cause].effect,
    advice: cause === null ? adviceOnErrno(errno, told, t) : CAUSES[cause].advise(told, t),
  };
}

/** Say less than another line may. */
const WEAK: ReadonlySet<CauseId | null> = new Set<CauseId>(['symbolRejected', 'crash', 'oldKey', 'missingTable']);

/** The first line that refuses explains what follows it; a tool's line only where the kernel says nothing. */
function mainOf(entries: readonly Explained[], tools: readonly ExplainedTool[]): Explained | ExplainedTool | null {
  const failures = entries.filter(isFailure);
  const toolFailures = tools.filter(isFailure);
  return (
    failures.find(({ cause }) => !WEAK.has(cause)) ??
    toolFailures.find(({ cause }) => cause !== null) ??
    failures[0] ??
    toolFailures[0] ??
    entries.find(({ effect }) => effect === 'objection') ??
    tools.find(({ effect }) => effect === 'objection') ??
    entries[0] ??
    tools[0] ??
    null
  );
}

function ordered(entries: readonly Explained[], main: Explained | ExplainedTool | null): Explained[] {
  const modules = [...new Set([main?.module ?? null, ...entries.map(({ module }) => module)])];
  const grouped = modules.flatMap(module => entries.filter(entry => entry.module === module && entry !== main));
  const rest = [...entries.filter(entry => entry === main && entry.effect !== 'note'), ...grouped];
  return [...rest.filter(({ effect }) => effect !== 'note'), ...entries.filter(({ effect }) => effect === 'note')];
}
