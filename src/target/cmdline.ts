// The kernel command line and module arguments are split by the same rule: lib/cmdline.c, next_arg().

export interface Argument {
  readonly param: string;
  /** null when the word has no `=`. */
  readonly value: string | null;
}

/** Characters isspace() accepts in the C locale of the kernel (lib/ctype.c: also 0xa0). */
export function isSpace(char: string | undefined): boolean {
  return char !== undefined && /^[ \t\n\v\f\r\xa0]$/.test(char);
}

/** Skips leading white space, as skip_spaces(). */
export function skipSpaces(text: string): string {
  let start = 0;
  while (isSpace(text[start])) start++;
  return text.slice(start);
}

/**
 * Takes the first word off `text`, which must not start with white space.
 * Rule: lib/cmdline.c, next_arg(); only double quotes protect white space and nothing escapes them.
 */
export function nextArg(text: string): { argument: Argument; rest: string } {
  const quoted = text[0] === '"';
  const word = quoted ? text.slice(1) : text;
  let inQuote = quoted;
  let equals = 0;
  let end = 0;
  for (; end < word.length; end++) {
    const char = word[end];
    if (isSpace(char) && !inQuote) break;
    if (equals === 0 && char === '=') equals = end;
    if (char === '"') inQuote = !inQuote;
  }
  const valueQuoted = equals > 0 && word[equals + 1] === '"';
  const textEnd = (quoted || valueQuoted) && word[end - 1] === '"' ? end - 1 : end;
  const valueStart = equals + (valueQuoted ? 2 : 1);
  return {
    argument: {
      param: word.slice(0, equals > 0 ? equals : textEnd),
      value: equals > 0 ? word.slice(valueStart, Math.max(valueStart, textEnd)) : null,
    },
    rest: skipSpaces(word.slice(end + 1)),
  };
}

/** Every word of a kernel command line. */
export function parseCmdline(cmdline: string): Argument[] {
  const args: Argument[] = [];
  let rest = skipSpaces(cmdline);
  while (rest !== '') {
    const next = nextArg(rest);
    args.push(next.argument);
    rest = next.rest;
  }
  return args;
}

/** A parameter's name as the kernel compares it: dashes equal underscores (params.c, parameq()). */
export function plain(name: string): string {
  return name.replaceAll('-', '_');
}
