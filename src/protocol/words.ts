// Words for people, in the language of their editor: messages of the editor's own, and sentences of the engine, which
// speaks English and is translated where it is shown. What the kernel and its tools print is never translated.

/** `{0}`, `{1}` ... in a message are replaced by the values. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

export interface Words {
  /** A message in the person's language. It is the key of its translations in l10n/, and stands in the call as it is. */
  readonly t: Translate;
  /**
   * A text of the engine in the person's language: sentences of explanations, notes and reasons of failures, recognized
   * by their forms. What is not recognized as a whole stays English as a whole.
   */
  readonly say: (text: string) => string;
}

/** Translations by English words, as l10n/ has them. */
export type Bundle = Readonly<Record<string, string>>;

/** What ends the key of a form of the engine's sentences: other messages are not looked for in its texts. */
export const ENGINE = '/engine';

/** The words of a bundle; English without one. */
export function wordsOf(bundle: Bundle = {}): Words {
  return { t: (message, ...values) => fill(bundle[message] ?? message, values), say: sayer(bundle) };
}

function fill(message: string, values: readonly (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** A form of a sentence. */
interface Form {
  readonly pattern: RegExp;
  /** Number of the value that each group of the pattern holds. */
  readonly order: readonly number[];
  /** Its longest fixed part: without it there is no need to try the pattern. */
  readonly part: string;
  /** Characters that are fixed: the more, the surer. */
  readonly fixed: number;
  readonly translation: string;
}

/** Names in a text may be long and look like anything: what is longer, or has more sentences, is none of ours. */
const LONGEST = 2000;
const MOST_SENTENCES = 10;
/** Texts whose translations are kept. */
const MOST_KEPT = 5000;

function sayer(bundle: Bundle): Words['say'] {
  let forms: readonly Form[] | null = null;
  const said = new Map<string, string>();
  return text => {
    // Made when something is first said: English needs none.
    forms ??= formsOf(bundle);
    if (forms.length === 0 || text.length > LONGEST) return text;
    let known = said.get(text);
    if (known === undefined) {
      known = sentences(text, forms) ?? afterName(text, forms) ?? text;
      if (said.size >= MOST_KEPT) said.clear();
      said.set(text, known);
    }
    return known;
  };
}

/** One or several, all of them known; else null. What is one word is a name, and no sentence. */
function sentences(text: string, forms: readonly Form[]): string | null {
  if (!text.includes(' ')) return null;
  const ends = [...text.matchAll(/[.?] /g)];
  if (ends.length >= MOST_SENTENCES) return null;
  for (const { index } of ends.reverse()) {
    const head = sentence(text.slice(0, index + 1), forms);
    const tail = head === null ? null : sentences(text.slice(index + 2), forms);
    if (head !== null && tail !== null) return head + tail;
  }
  return sentence(text, forms);
}

function sentence(text: string, forms: readonly Form[]): string | null {
  for (const { pattern, order, part, translation } of forms) {
    const match = text.includes(part) ? pattern.exec(text) : null;
    if (!match) continue;
    const values: string[] = [];
    order.forEach((value, group) => (values[value] = match[group + 1] ?? ''));
    // What holds the end of a sentence holds one that is not known.
    if (values.some(value => /[.?] [A-Z]/.test(value))) continue;
    // A value may be words of ours in its turn.
    return fill(
      translation,
      values.map(value => sentences(value, forms) ?? value),
    );
  }
  return null;
}

/** `FILE: what is wrong with it` */
function afterName(text: string, forms: readonly Form[]): string | null {
  const colon = text.indexOf(': ');
  const rest = colon < 0 ? null : sentences(text.slice(colon + 2), forms);
  return rest === null ? null : text.slice(0, colon + 2) + rest;
}

function formsOf(bundle: Bundle): Form[] {
  return Object.entries(bundle)
    .filter(([key]) => key.endsWith(ENGINE))
    .map(([key, translation]) => formOf(key.slice(0, -ENGINE.length), translation))
    .sort((a, b) => b.fixed - a.fixed);
}

/** Fixed characters of a form that has too few to be sure of. */
const SHORT = 8;

function formOf(form: string, translation: string): Form {
  const order: number[] = [];
  const parts = form.split(/\{\d+\}/);
  const fixed = parts.join('').length;
  // Few words fit much: they stand beside one word only.
  const value = fixed < SHORT ? '(\\S*?)' : '(.*?)';
  const source = form.replace(/\{(\d+)\}|[\\^$.*+?()[\]|{}]/g, (char, index?: string) => {
    if (index === undefined) return `\\${char}`;
    const group = order.indexOf(Number(index));
    if (group >= 0) return `\\${group + 1}`;
    order.push(Number(index));
    return value;
  });
  return {
    pattern: new RegExp(`^${source}$`, 's'),
    order,
    part: parts.reduce((longest, part) => (part.length > longest.length ? part : longest), ''),
    fixed,
    translation,
  };
}
