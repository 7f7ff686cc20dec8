// Reading a kernel log: which findings its lines are about, whose module, and what a line alone can tell.
import { findingOf, textOf } from '../findings/all';
import type { Severity } from '../findings/types';
import { unknownSymbol } from '../findings/unknownSymbol';
import { english, type Translate } from '../findings/words';
import { altered, formsOf, samples, type Form } from './forms';
import { messageOf } from './logLine';
import { causesOf, readToolLine } from './toolLine';

/** Something the log says, once for each module and thing it is about. */
export interface Explained {
  /** Codes of findings that print this; several where the line alone cannot tell which. */
  readonly codes: readonly string[];
  readonly severity: Severity;
  readonly module: string | null;
  readonly symbol: string | null;
  /** Messages of the log without what stands before them, in their order. */
  readonly lines: readonly string[];
  /** What it means, where the line tells enough for that; otherwise the pages of the codes have to do. */
  readonly explanation: string | null;
}

/** A line of insmod or modprobe. */
export interface ExplainedTool {
  readonly line: string;
  readonly errno: number | null;
  /** What this errno may come from: the line itself does not tell. */
  readonly causes: readonly string[];
}

export interface LogExplanation {
  /** In the order of the log; lines on taints last, for they look like failures and are none. */
  readonly entries: readonly Explained[];
  readonly tools: readonly ExplainedTool[];
  /** How many lines are about something else. */
  readonly otherLines: number;
}

/** Lines that follow from one before them, which says more. */
const CONSEQUENCE = unknownSymbol.id;

/** Reads a piece of a kernel log, as pasted; explanations are in the language of `t`. Never throws. */
export function explainLog(text: string, t: Translate = english): LogExplanation {
  const entries: Entry[] = [];
  const tools: ExplainedTool[] = [];
  let otherLines = 0;
  for (const line of text.split(/\r?\n/)) {
    const message = messageOf(line);
    if (message === '') continue;
    const tool = readToolLine(message);
    if (tool) tools.push({ line: message, errno: tool.errno, causes: tool.errno === null ? [] : causesOf(tool.errno) });
    else if (!add(entries, message, t)) otherLines++;
  }
  const isHarmless = ({ codes }: Entry): boolean => codes.every(code => findingOf(code)?.definition.harmless);
  return { entries: [...entries.filter(e => !isHarmless(e)), ...entries.filter(isHarmless)], tools, otherLines };
}

interface Entry extends Explained {
  readonly lines: string[];
}

/** Whether a line is one of the loader's. */
function add(entries: Entry[], message: string, t: Translate): boolean {
  const matches = match(message);
  const [first] = matches;
  if (!first) return false;
  const { module = null, symbol = null } = first.groups;
  const codes = [...new Set(matches.map(({ form }) => form.code))];
  const cause = entries.find(entry => entry.module === module && continues(entry, codes, symbol));
  if (cause) {
    if (!cause.lines.includes(message)) cause.lines.push(message);
    return true;
  }
  const { severity } = first.form;
  entries.push({ codes, severity, module, symbol, lines: [message], explanation: explanationOf(matches, t) });
  return true;
}

/** The same said again, a second line of the same message, or what follows from it. */
function continues(entry: Entry, codes: readonly string[], symbol: string | null): boolean {
  if (entry.symbol !== symbol) return false;
  if (codes.length === 1 && codes[0] === CONSEQUENCE) return entry.severity === 'error';
  return codes.join() === entry.codes.join();
}

interface Match {
  readonly form: Form;
  readonly groups: Readonly<Record<string, string>>;
}

/** The forms of every finding, made at the first use: most runs need none. */
const patterns: { forms: readonly Form[] | null } = { forms: null };

function match(message: string): Match[] {
  const forms = (patterns.forms ??= samples().flatMap(formsOf));
  const found = forms.flatMap(form => {
    const result = form.pattern.exec(message);
    return result ? [{ form, groups: { ...result.groups } }] : [];
  });
  // "M: S: kernel tainted." fits much; what has more words of its own fits better.
  const most = Math.max(...found.map(({ form }) => form.fixed));
  return found.filter(({ form }) => form.fixed === most);
}

/** Null where the text would need facts that the line does not hold. */
function explanationOf(matches: readonly Match[], t: Translate): string | null {
  const texts = matches.map(({ form: { finding, facts }, groups }) => {
    const text = textOf(finding.explain, { ...facts, ...groups }, t);
    return text === textOf(finding.explain, altered(facts, groups), t) ? text : null;
  });
  return new Set(texts).size === 1 ? (texts[0] ?? null) : null;
}
