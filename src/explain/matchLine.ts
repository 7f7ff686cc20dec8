// What one message of the kernel is: a row of the table of kernel lines, else the form of a finding.
import { findingOf, textOf } from '../findings/all';
import type { Severity } from '../findings/types';
import type { Translate } from '../findings/words';
import { CAUSES, CAUSE_OF_FINDING, type CauseId } from './causes';
import type { Effect, Told } from './causes/types';
import { altered, formsOf, samples, type Form } from './forms';
import { groupBy } from '../formats/groupBy';
import { ranksOf, rowsFor } from './rankedRows';
import { KERNEL_LINES } from './kernelLines';
import type { LineRow } from './lineRow';
import { TOOL_WORDS, wordsIn } from './toolLine';
import { TRACE_LINES, TRACE_WORDS, type TraceRow } from './traceLines';

export interface KernelLine {
  readonly codes: readonly string[];
  readonly cause: CauseId | null;
  readonly effect: Effect;
  readonly severity: Severity;
  readonly told: Told;
}

interface Tables {
  readonly rows: ReadonlyMap<string, readonly LineRow[]>;
  readonly forms: ReadonlyMap<string, readonly Form[]>;
  readonly words: ReadonlySet<string>;
}

/** Made at the first use: most runs need none. */
const made: { tables: Tables | null } = { tables: null };

function tables(): Tables {
  if (made.tables) return made.tables;
  const rows = groupBy(KERNEL_LINES, ({ word }) => word);
  // A line of a form has all its words; the longest is rare enough. What is all placeholders has to be tried always.
  const forms = groupBy(samples().flatMap(formsOf), ({ shown }) => longest(wordsIn(shown)));
  const words = new Set([...rows.keys(), ...forms.keys(), ...TOOL_WORDS, ...TRACE_WORDS]);
  return (made.tables = { rows, forms, words });
}

const RANKS = ranksOf(KERNEL_LINES);

const longest = (words: readonly string[]): string =>
  words.reduce((most, word) => (word.length > most.length ? word : most), '');

/** Whether a line may be about loading modules; most lines of a log are not, and cost no pattern. */
export function mayMatter(words: readonly string[]): boolean {
  const known = tables().words;
  return words.some(word => known.has(word));
}

/** Null for a line that is in no table. */
export function matchKernelLine(message: string, words: readonly string[]): KernelLine | null {
  for (const { pattern, cause } of rowsFor(tables().rows, words, RANKS)) {
    const result = pattern.exec(message);
    if (!result) continue;
    const told: Told = { ...result.groups };
    return ofCause(typeof cause === 'function' ? cause(told) : cause, told, message, words);
  }
  return ofForms(message, words);
}

function ofCause(id: CauseId, told: Told, message: string, words: readonly string[]): KernelLine {
  const { codes, effect } = CAUSES[id];
  // A finding says more where its line is the same and leaves a choice.
  const form = UNDECIDED.has(id) || codes.length < 2 ? null : ofForms(message, words);
  const shared = form?.codes.filter(code => codes.includes(code)) ?? [];
  return {
    cause: id,
    codes: shared.length > 0 ? shared : codes,
    effect,
    severity: SEVERITIES[effect],
    told,
  };
}

/** Their line is that of a finding, but alone it does not decide between the codes. */
const UNDECIDED: ReadonlySet<CauseId> = new Set<CauseId>([
  'gotSymbol',
  'programSymbol',
  'thunkSymbol',
  'compilerSymbol',
  'divisionSymbol',
  'symbolRejected',
  'ownSymbol',
  'symbolMissing',
  'symbolOfModule',
  'symbolOfImage',
  'sysfs',
  'forced',
]);

const SEVERITIES: Readonly<Record<Effect, Severity>> = {
  refused: 'error',
  crashed: 'error',
  objection: 'warning',
  note: 'information',
};

function ofForms(message: string, words: readonly string[]): KernelLine | null {
  const matches = match(message, words);
  const [first] = matches;
  if (!first) return null;
  const codes = [...new Set(matches.map(({ form }) => form.code))];
  const { severity } = first.form;
  const harmless = codes.every(code => findingOf(code)?.definition.harmless);
  const [code = ''] = codes;
  const cause = CAUSE_OF_FINDING.get(code) ?? null;
  const isOpen = cause !== null && CAUSES[cause].refusesWith !== undefined;
  const isRefusal = severity === 'error' && !isOpen;
  const effect = harmless ? 'note' : isRefusal ? 'refused' : cause ? CAUSES[cause].effect : 'objection';
  const { severity: own } = first.form;
  return {
    codes,
    cause,
    effect,
    severity: isOpen ? SEVERITIES[effect] : own,
    told: first.groups,
  };
}

interface Match {
  readonly form: Form;
  readonly groups: Readonly<Record<string, string>>;
}

function match(message: string, words: readonly string[]): Match[] {
  const { forms } = tables();
  let found: Match[] = [];
  // "M: S: kernel tainted." fits many lines; a form with more fixed words fits better.
  let most = 0;
  const tryAll = (group: readonly Form[]): void => {
    for (const form of group) {
      if (form.fixed < most) continue;
      const result = form.pattern.exec(message);
      if (!result) continue;
      if (form.fixed > most) found = [];
      most = form.fixed;
      found.push({ form, groups: { ...result.groups } });
    }
  };
  tryAll(forms.get('') ?? []);
  for (const [i, word] of words.entries()) {
    const group = forms.get(word);
    if (group && words.indexOf(word) === i) tryAll(group);
  }
  return found;
}

/** What a finding says of a line of this cause; null where its text would need facts that the line does not hold. */
export function explanationOf(message: string, cause: CauseId | null, t: Translate): string | null {
  if (cause !== null && UNDECIDED.has(cause)) return null;
  const texts = match(message, wordsIn(message)).map(({ form: { finding, facts }, groups }) => {
    const text = textOf(finding.explain, { ...facts, ...groups }, t);
    return text === textOf(finding.explain, altered(facts, groups), t) ? text : null;
  });
  return new Set(texts).size === 1 ? (texts[0] ?? null) : null;
}

export interface TraceLine {
  readonly shows: TraceRow['shows'];
  readonly told: Told;
}

/** What a line of a call trace shows; null for a line that is none. */
export function matchTrace(message: string): TraceLine | null {
  for (const { pattern, shows } of TRACE_LINES) {
    const result = pattern.exec(message);
    if (result) return { shows, told: { ...result.groups } };
  }
  return null;
}
