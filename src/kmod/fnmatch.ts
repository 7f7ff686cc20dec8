// fnmatch(3) of the GNU C library in the C locale and without flags, for byte strings.

/** Whether all of `text` is matched by `pattern`. */
export function fnmatch(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  // Where to go on after the last `*`, which then takes one char more.
  let [starP, starT] = [-1, 0];
  while (t < text.length || p < pattern.length) {
    if (pattern[p] === '*') {
      [starP, starT] = [++p, t];
      continue;
    }
    const step = t < text.length ? matchOne(pattern, p, text.charCodeAt(t)) : 0;
    if (step > 0) {
      p += step;
      t++;
    } else if (starP >= 0 && starT < text.length) {
      t = ++starT;
      p = starP;
    } else {
      return false;
    }
  }
  return true;
}

/** How many chars of the pattern match the char: 0 when it does not. */
function matchOne(pattern: string, at: number, char: number): number {
  switch (pattern[at]) {
    case undefined:
      return 0;
    case '?':
      return 1;
    case '\\':
      // A backslash at the end matches nothing.
      return pattern.charCodeAt(at + 1) === char ? 2 : 0;
    case '[':
      return matchBracket(pattern, at, char);
    default:
      return pattern.charCodeAt(at) === char ? 1 : 0;
  }
}

/** A bracket expression; without its end it is an ordinary `[`. */
function matchBracket(pattern: string, start: number, char: number): number {
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at++;
  let found = false;
  for (let first = true; ; first = false) {
    if (at >= pattern.length) return char === OPEN ? 1 : 0;
    if (pattern[at] === ']' && !first) break;
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    if (named) {
      found ||= CLASSES[named[1] ?? '']?.test(String.fromCharCode(char)) ?? false;
      at += named[0].length;
      continue;
    }
    const low = literal(pattern, at);
    at = low.next;
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      const high = literal(pattern, at + 1);
      at = high.next;
      found ||= low.code <= char && char <= high.code;
    } else {
      found ||= low.code === char;
    }
  }
  return found !== negated ? at + 1 - start : 0;
}

const OPEN = 0x5b;

/** A char inside brackets, which a backslash may precede. */
function literal(pattern: string, at: number): { code: number; next: number } {
  const escaped = pattern[at] === '\\' && at + 1 < pattern.length;
  return { code: pattern.charCodeAt(escaped ? at + 1 : at), next: at + (escaped ? 2 : 1) };
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};
