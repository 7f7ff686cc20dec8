// One C file, ready to be asked where names stand in it.
import { definitionsOf, matching, type Definition } from './structure';
import { tokenise, type Macro, type Token } from './tokens';

export class CSource {
  readonly tokens: readonly Token[];
  readonly macros: ReadonlyMap<string, Macro>;
  readonly includes: readonly string[];
  readonly definitions: readonly Definition[];
  private readonly byName = new Map<string, Definition[]>();
  private readonly words = new Map<string, number[]>();

  /** @param parse finds the definitions; by default bracket matching does */
  constructor(text: string, parse: (tokens: readonly Token[], text: string) => readonly Definition[] = definitionsOf) {
    const { tokens, macros, includes } = tokenise(text);
    this.tokens = tokens;
    this.includes = includes;
    this.macros = new Map(macros.map(macro => [macro.name.text, macro]));
    this.definitions = parse(tokens, text);
    for (const definition of this.definitions) push(this.byName, definition.name.text, definition);
    for (const [at, token] of tokens.entries()) if (token.kind === 'word') push(this.words, token.text, at);
  }

  /** Functions and objects of that name. */
  defined(name: string): readonly Definition[] {
    return (this.byName.get(name) ?? []).filter(({ kind }) => kind !== 'invocation');
  }

  /** Calls of macros at the outer level, by the name of the macro. */
  invocations(form: RegExp): readonly Definition[] {
    return this.definitions.filter(({ kind, name }) => kind === 'invocation' && form.test(name.text));
  }

  /** The first argument of a call, if it is a single word. */
  argument(call: Definition): Token | null {
    const [word, next] = [this.tokens[call.body + 1], this.tokens[call.body + 2]];
    return word?.kind === 'word' && (next?.text === ',' || next?.text === ')') ? word : null;
  }

  /** Occurrences of a word among the tokens from `start` up to `end`; members (`.x`, `->x`) and labels of initialisers aside. */
  uses(name: string, start = 0, end = this.tokens.length): Token[] {
    const found: Token[] = [];
    for (const at of this.words.get(name) ?? []) {
      const token = this.tokens[at];
      if (token && at >= start && at < end && !this.isMember(at)) found.push(token);
    }
    return found;
  }

  /** Index of the first token on or behind a line. */
  tokenAtLine(line: number): number {
    let low = 0;
    let high = this.tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens[middle]?.line ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Tokens of the statement that the first token of a line belongs to, and of all that begin on the line. */
  statementAtLine(line: number): { readonly start: number; readonly end: number } {
    const first = this.tokenAtLine(line);
    let start = first;
    while (start > 0 && !this.endsStatement(start - 1)) start--;
    let end = first;
    while (end < this.tokens.length && ((this.tokens[end]?.line ?? 0) <= line || !this.endsStatement(end - 1))) {
      end++;
    }
    return { start, end };
  }

  /** Index of the token that closes the bracket at `open`. */
  matching(open: number): number {
    return matching(this.tokens, open);
  }

  private endsStatement(at: number): boolean {
    const token = this.tokens[at];
    return token?.kind === 'punctuation' && (token.text === ';' || token.text === '{' || token.text === '}');
  }

  private isMember(at: number): boolean {
    const [before, previous] = [this.tokens[at - 2], this.tokens[at - 1]];
    return (
      previous?.text === '.' ||
      (previous?.text === '>' && before?.text === '-' && before.column + 1 === previous.column)
    );
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
