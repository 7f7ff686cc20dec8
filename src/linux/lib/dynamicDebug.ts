// ddebug_exec_queries() (lib/dynamic_debug.c): what a `dyndbg` parameter says is never a reason to refuse, but the
// kernel complains about queries it cannot read.
import { dyndbgQuery } from '../../findings/dyndbgQuery';
import { isSpace, skipSpaces } from '../../target/cmdline';
import type { Load } from '../kernel/module/types';

const MAX_WORDS = 9;

type Complain = (line: string) => null;

export function execDyndbgQueries(load: Load, queries: string): void {
  for (const query of queries.split(/[;\n]/)) {
    const text = skipSpaces(query);
    if (text === '' || text.startsWith('#')) continue;
    const lines: string[] = [];
    const complain: Complain = line => {
      lines.push(line);
      return null;
    };
    execQuery(load, text, complain);
    if (lines.length > 0) load.report(dyndbgQuery, { lines });
  }
}

function execQuery(load: Load, text: string, complain: Complain): null {
  const words = tokenize(text, complain);
  const flags = words?.pop();
  if (!words || flags === undefined) return complain('tokenize failed');
  if (!flagsAreSound(load, flags, complain)) return complain('flags parse failed');
  if (!querySound(load, words, complain)) complain('query parse failed');
  return null;
}

/** ddebug_tokenize(): words between white space or in quotes of either kind. */
function tokenize(text: string, complain: Complain): string[] | null {
  const words: string[] = [];
  for (let rest = skipSpaces(text); rest !== '' && !rest.startsWith('#'); rest = skipSpaces(rest)) {
    const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : null;
    if (quote !== null) rest = rest.slice(1);
    let end = 0;
    while (end < rest.length && (quote !== null ? rest[end] !== quote : !isSpace(rest[end]))) end++;
    if (quote !== null && end === rest.length) return complain(`unclosed quote: ${rest}`);
    if (words.length === MAX_WORDS) return complain(`too many words, legal max <=${MAX_WORDS}`);
    words.push(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  return words;
}

function flagsAreSound(load: Load, flags: string, complain: Complain): boolean {
  const [operator = '', ...letters] = flags;
  if (!'+-='.includes(operator) || operator === '') {
    complain(`bad flag-op ${operator}, at start of ${flags}`);
    return false;
  }
  const unknown = letters.find(letter => !load.features.dyndbgFlags.includes(letter));
  if (unknown !== undefined) complain(`unknown flag '${unknown}'`);
  return unknown === undefined;
}

/** ddebug_parse_query(): pairs of keyword and value, each keyword once. */
function querySound(load: Load, words: readonly string[], complain: Complain): boolean {
  if (words.length % 2 !== 0) {
    complain('expecting pairs of match-spec <value>');
    return false;
  }
  const seen = new Map<string, string>();
  const set = (keyword: string, value: string): boolean => {
    const earlier = seen.get(keyword);
    seen.set(keyword, value);
    if (earlier !== undefined) complain(`match-spec:${keyword} val:${earlier} overridden by ${value}`);
    return earlier === undefined;
  };
  for (let i = 0; i < words.length; i += 2) {
    const [keyword = '', value = ''] = [words[i], words[i + 1]];
    if (keyword === 'line') {
      if (!lineRangeSound(value, complain)) return false;
    } else if (keyword === 'file') {
      const colon = value.indexOf(':');
      if (!set('file', colon < 0 ? value : value.slice(0, colon))) return false;
      const tail = colon < 0 ? '' : value.slice(colon + 1);
      if (colon < 0) continue;
      if (/^[A-Za-z*?]/.test(tail) ? !set('func', tail) : !lineRangeSound(tail, complain)) return false;
    } else if (['func', 'module', 'format'].includes(keyword) || (keyword === 'class' && load.features.dyndbgClasses)) {
      if (!set(keyword, value)) return false;
    } else {
      complain(`unknown keyword "${keyword}"`);
      return false;
    }
  }
  return true;
}

function lineRangeSound(range: string, complain: Complain): boolean {
  const dash = range.indexOf('-');
  const parts = dash < 0 ? [range] : [range.slice(0, dash), range.slice(dash + 1)];
  const bad = parts.find(part => part !== '' && !/^\+?\d+\n?$/.test(part));
  if (bad !== undefined) complain(`bad line-number: ${bad}`);
  if (bad !== undefined) return false;
  const [first, last] = parts.map(Number);
  if (last !== undefined && last !== 0 && first !== undefined && last < first) {
    complain(`last-line:${last} < 1st-line:${first}`);
    return false;
  }
  return true;
}
