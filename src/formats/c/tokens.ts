// C source as tokens with their lines and columns: comments and strings apart, the preprocessor's lines apart.

export interface Token {
  /** `word` is an identifier or keyword; `other` a number, string or character. */
  readonly kind: 'word' | 'punctuation' | 'other';
  readonly text: string;
  /** Both from 1; columns count UTF-16 units, as editors do. */
  readonly line: number;
  readonly column: number;
}

/** A #define: its name and what it stands for. */
export interface Macro {
  readonly name: Token;
  /** Tokens behind the name, parameters included. */
  readonly body: readonly Token[];
}

export interface TokenisedSource {
  readonly tokens: readonly Token[];
  readonly macros: readonly Macro[];
  /** Files of #include "...", as written. */
  readonly includes: readonly string[];
}

/** A repeated group takes stack for each time it matches: a word of megabytes comes in pieces. */
const LEXEME =
  /(?<newline>\n)|\\\r?\n|[^\S\n]+|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|(?<word>[A-Za-z_$][\w$]*)|(?<other>"(?:\\[^]|[^"\\\n]){0,65535}"?|'(?:\\[^]|[^'\\\n]){0,65535}'?|\.?\d(?:[eEpP][+-]|[\w.]){0,65535})|(?<punctuation>[^])/y;

/** Splits a source file. Total: whatever is not C becomes punctuation. */
export function tokenise(text: string): TokenisedSource {
  const tokens: Token[] = [];
  const macros: Macro[] = [];
  const includes: string[] = [];
  let line = 1;
  let lineStart = 0;
  /** Tokens of the preprocessor line being read. */
  let directive: Token[] | null = null;
  let fresh = true;
  const endDirective = (): void => {
    if (directive) readDirective(directive, macros, includes);
    directive = null;
    fresh = true;
  };
  LEXEME.lastIndex = 0;
  for (let match = LEXEME.exec(text); match; match = LEXEME.exec(text)) {
    const [lexeme] = match;
    const { word, other, punctuation, newline } = match.groups ?? {};
    const column = match.index - lineStart + 1;
    const kind = word !== undefined ? 'word' : other !== undefined ? 'other' : 'punctuation';
    if (newline !== undefined) endDirective();
    else if (punctuation === '#' && fresh) directive = [];
    else if (word !== undefined || other !== undefined || punctuation !== undefined) {
      (directive ?? tokens).push({ kind, text: lexeme, line, column });
      fresh = false;
    }
    for (let at = lexeme.indexOf('\n'); at >= 0; at = lexeme.indexOf('\n', at + 1)) {
      line++;
      lineStart = match.index + at + 1;
    }
    if (LEXEME.lastIndex >= text.length) break;
  }
  endDirective();
  return { tokens, macros, includes };
}

function readDirective(tokens: readonly Token[], macros: Macro[], includes: string[]): void {
  const [command, first] = tokens;
  if (command?.text === 'define' && first?.kind === 'word') macros.push({ name: first, body: tokens.slice(2) });
  if (command?.text === 'include' && first?.text.startsWith('"')) includes.push(first.text.slice(1, -1));
}
