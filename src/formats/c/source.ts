// One C file, ready to be asked where names stand in it.
import { tokenise, type Macro, type Token } from './tokens';

/** What stands at the outer level of a C file, and static objects inside functions. */
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

/** Finds the definitions of a file, in its order; `tokens` and `text` are the same file. */
export type ParseC = (tokens: readonly Token[], text: string) => readonly Definition[];

export class CSource {
  readonly tokens: readonly Token[];
  readonly macros: ReadonlyMap<string, Macro>;
  readonly includes: readonly string[];
  private parsed: readonly Definition[] | null = null;
  private byName: Map<string, Definition[]> | null = null;
  private byArgument: Map<string, Definition[]> | null = null;
  private readonly words = new Map<string, number[]>();

  /** @param parse is asked when a definition is first wanted */
  constructor(
    private readonly text: string,
    private readonly parse: ParseC,
  ) {
    const { tokens, macros, includes } = tokenise(text);
    this.tokens = tokens;
    this.includes = includes;
    this.macros = new Map(macros.map(macro => [macro.name.text, macro]));
    for (const [at, token] of tokens.entries()) if (token.kind === 'word') push(this.words, token.text, at);
  }

  get definitions(): readonly Definition[] {
    return (this.parsed ??= this.parse(this.tokens, this.text));
  }

  /** Functions and objects of that name. */
  defined(name: string): readonly Definition[] {
    if (!this.byName) {
      this.byName = new Map();
      for (const each of this.definitions) if (each.kind !== 'invocation') push(this.byName, each.name.text, each);
    }
    return this.byName.get(name) ?? [];
  }

  /** Calls of macros at the outer level, by the name of the macro. */
  invocations(form: RegExp): readonly Definition[] {
    return this.definitions.filter(({ kind, name }) => kind === 'invocation' && form.test(name.text));
  }

  /** Calls of macros at the outer level whose first argument is the single word `name`, in the order of the file. */
  invocationsOn(name: string): readonly Definition[] {
    if (!this.byArgument) {
      this.byArgument = new Map();
      for (const each of this.definitions) {
        const argument = each.kind === 'invocation' ? this.argument(each) : null;
        if (argument) push(this.byArgument, argument.text, each);
      }
    }
    return this.byArgument.get(name) ?? [];
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
