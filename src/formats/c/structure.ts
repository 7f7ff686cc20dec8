// What stands at the outer level of a C file: functions, objects with initialisers, and calls of macros there.
// It is not a parser: kernel sources are full of macros, and matching brackets survives all of them.
import type { Token } from './tokens';

export interface Definition {
  readonly kind: 'function' | 'object' | 'invocation';
  /** The function, the object, or the macro. */
  readonly name: Token;
  /** Whether the declaration says `static`. */
  readonly isStatic: boolean;
  /** Indices into the tokens: of the first one, of what the braces or `=` begin, and behind the last. */
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** Definitions in order of the file, static objects inside functions among them. */
export function definitionsOf(tokens: readonly Token[]): Definition[] {
  const found: Definition[] = [];
  for (let at = 0; at < tokens.length;) {
    const item = readItem(tokens, at);
    if (item.definition) found.push(item.definition);
    if (item.definition?.kind === 'function') found.push(...staticObjects(tokens, item.definition));
    at = Math.max(item.end, at + 1);
  }
  return found;
}

interface Item {
  readonly definition: Definition | null;
  readonly end: number;
}

/** One item of the outer level: up to its semicolon, the end of its body, or the end of a macro call. */
function readItem(tokens: readonly Token[], start: number): Item {
  const first = tokens[start];
  const none = (end: number): Item => ({ definition: null, end });
  if (!first || first.kind !== 'word') return none(start + 1);
  let assign = -1;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token || token.kind !== 'punctuation') continue;
    if (token.text === ';') {
      const declared = assign >= 0 ? assign : isVariable(tokens, start, at) ? at : -1;
      return { definition: declared < 0 ? null : object(tokens, start, declared, at), end: at + 1 };
    }
    if (token.text === '}') return none(at + 1);
    if (token.text === '=' && assign < 0) assign = at;
    if (token.text === '(' || token.text === '[') {
      const close = matching(tokens, at);
      if (at === start + 1 && token.text === '(' && endsInvocation(tokens, close))
        return { definition: { ...invocation(first, start, at), end: close + 1 }, end: close + 1 };
      at = close;
    }
    if (token.text === '{') {
      const close = endOfBody(tokens, at);
      const name = assign < 0 ? functionName(tokens, start, at) : null;
      if (name)
        return { definition: { kind: 'function', name, ...span(tokens, start, at, close + 1) }, end: close + 1 };
      at = close;
    }
  }
  return none(tokens.length);
}

const span = (tokens: readonly Token[], start: number, body: number, end: number) => ({
  isStatic: hasWord(tokens, start, body, 'static'),
  start,
  body,
  end,
});

function invocation(name: Token, start: number, body: number): Omit<Definition, 'end'> {
  return { kind: 'invocation', name, isStatic: false, start, body };
}

function object(tokens: readonly Token[], start: number, assign: number, end: number): Definition | null {
  const name = objectName(tokens, start, assign);
  return name && { kind: 'object', name, ...span(tokens, start, assign, end) };
}

/** A macro call that makes an item of its own: a semicolon follows, or something on another line that is no body. */
function endsInvocation(tokens: readonly Token[], close: number): boolean {
  const next = tokens[close + 1];
  if (!next || next.text === ';') return true;
  return next.kind === 'word' && next.line > (tokens[close]?.line ?? 0);
}

/** The word before the parameters: the first that is called, attributes aside. */
function functionName(tokens: readonly Token[], start: number, brace: number): Token | null {
  let last: Token | null = null;
  for (let at = start; at < brace; at++) {
    const [token, next] = [tokens[at], tokens[at + 1]];
    if (token?.kind !== 'word' || next?.text !== '(') continue;
    last = token;
    if (!token.text.startsWith('__')) return token;
    at = matching(tokens, at + 1);
  }
  return last;
}

/** Whether an item without `=` defines a variable: two words or more, no prototype, no type alone. */
function isVariable(tokens: readonly Token[], start: number, end: number): boolean {
  const first = tokens[start]?.text;
  if (first === 'typedef' || first === 'extern' || first === 'return' || first === 'goto') return false;
  let words = 0;
  for (let at = start; at < end; at++) {
    const text = tokens[at]?.text;
    // Behind the body of a type may come a variable.
    if (text === '{') {
      at = matching(tokens, at);
      words = 1;
    } else if (text === '(' && tokens[at + 1]?.text !== '*') return false;
    else if (text === '(') return true;
    else if (text === '[') at = matching(tokens, at);
    else if (tokens[at]?.kind === 'word' && !TYPE_WORDS.has(text ?? '')) words++;
  }
  return words >= 2;
}

const TYPE_WORDS: ReadonlySet<string> = new Set(['struct', 'union', 'enum', 'static', 'const', 'volatile']);

/** The last word before `=` that is no annotation or call of one, or the word in `(*name)`. */
function objectName(tokens: readonly Token[], start: number, assign: number): Token | null {
  let name: Token | null = null;
  for (let at = start; at < assign; at++) {
    const token = tokens[at];
    if (token?.text === '(' && tokens[at + 1]?.text === '*') return pointerName(tokens, at + 1);
    if (token?.text === '[' || token?.text === '(' || token?.text === '{') at = matching(tokens, at);
    else if (
      token?.kind === 'word' &&
      (name === null || !(token.text.startsWith('__') || tokens[at + 1]?.text === '('))
    )
      name = token;
  }
  return name;
}

/** The word in `*name)`, `*volatile name[2])`. */
function pointerName(tokens: readonly Token[], star: number): Token | null {
  let name: Token | null = null;
  for (let at = star; tokens[at]?.text === '*' || tokens[at]?.kind === 'word'; at++)
    if (tokens[at]?.kind === 'word') name = tokens[at] ?? null;
  return name;
}

function staticObjects(tokens: readonly Token[], { body, end }: Definition): Definition[] {
  const found: Definition[] = [];
  for (let at = body; at < end; at++) {
    if (tokens[at]?.text !== 'static') continue;
    const item = readItem(tokens, at);
    if (item.definition?.kind === 'object') found.push(item.definition);
    at = Math.max(at, item.end - 1);
  }
  return found;
}

function hasWord(tokens: readonly Token[], start: number, end: number, word: string): boolean {
  for (let at = start; at < end; at++) if (tokens[at]?.text === word) return true;
  return false;
}

/**
 * Index of the brace that ends a body. Kernel style puts both of a function in the first column; that survives
 * branches of #if which open the same brace twice.
 */
function endOfBody(tokens: readonly Token[], open: number): number {
  const close = matching(tokens, open);
  if (tokens[open]?.column !== 1 || tokens[close]?.line === tokens[open]?.line) return close;
  for (let at = open + 1; at < tokens.length; at++) if (tokens[at]?.text === '}' && tokens[at]?.column === 1) return at;
  return close;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Index of the bracket that closes the one at `open`; the last token when none does. */
export function matching(tokens: readonly Token[], open: number): number {
  const opening = tokens[open]?.text ?? '';
  const closing = CLOSING[opening];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'punctuation') continue;
    if (token.text === opening) depth++;
    else if (token.text === closing && --depth === 0) return at;
  }
  return tokens.length - 1;
}
