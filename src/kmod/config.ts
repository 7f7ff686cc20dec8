// What modprobe.d files and the kernel command line say to modprobe (libkmod/libkmod-config.c). All text is byte strings.
import { normalizeAlias } from './names';

/** Entries of every kind in the order they were read. */
export interface ModprobeConfig {
  readonly aliases: { readonly name: string; readonly modname: string }[];
  readonly blacklist: string[];
  readonly options: { readonly modname: string; readonly options: string }[];
  readonly install: Command[];
  readonly remove: Command[];
  readonly softdeps: Softdep[];
  readonly weakdeps: Weakdep[];
  /** Lines kmod complains about, in its words; they are otherwise left out. */
  readonly problems: string[];
}

export interface Command {
  /** A pattern. */
  readonly modname: string;
  readonly command: string;
}

export interface Softdep {
  /** A pattern. */
  readonly modname: string;
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

export interface Weakdep {
  readonly modname: string;
  readonly weak: readonly string[];
}

export function emptyConfig(): ModprobeConfig {
  return { aliases: [], blacklist: [], options: [], install: [], remove: [], softdeps: [], weakdeps: [], problems: [] };
}

/** Adds a file to `config` (kmod_config_parse()). */
export function parseConfigFile(config: ModprobeConfig, text: string, filename: string): void {
  for (const { line, number } of logicalLines(text)) {
    // Comments begin in the first column.
    if (line.startsWith('#')) continue;
    const { word: command, rest } = takeWord(line);
    if (command === null || addLine(config, command, rest)) continue;
    config.problems.push(
      DEPRECATED.includes(command)
        ? `libkmod: ERROR: kmod_config_parse: ${filename}: command ${command} is deprecated and not parsed anymore`
        : `libkmod: ERROR: kmod_config_parse: ${filename} line ${number}: ignoring bad line starting with '${command}'`,
    );
  }
}

const DEPRECATED = ['include', 'config'];

/** Adds one line; false when it is not understood. */
function addLine(config: ModprobeConfig, command: string, text: string): boolean {
  const { word, rest } = takeWord(text);
  const modname = word === null ? null : normalizeAlias(word);
  if (modname === null) return false;
  if (command === 'blacklist') {
    config.blacklist.push(modname);
    return true;
  }
  if (command === 'alias') {
    const target = takeWord(rest).word;
    const normal = target === null ? null : normalizeAlias(target);
    if (normal === null) return false;
    config.aliases.push({ name: modname, modname: normal });
    return true;
  }
  // The others take the rest of the line as it is.
  if (rest === '') return false;
  switch (command) {
    case 'options':
      addOptions(config, modname, rest);
      return true;
    case 'install':
    case 'remove':
      config[command].push({ modname, command: rest });
      return true;
    case 'softdep':
      config.softdeps.push(parseSoftdep(modname, rest));
      return true;
    case 'weakdep':
      config.weakdeps.push({ modname, weak: dependencyWords(rest) });
      return true;
    default:
      return false;
  }
}

export function addOptions(config: ModprobeConfig, modname: string, options: string): void {
  config.options.push({ modname, options: options.replaceAll('\t', ' ') });
}

/** strtok_r(3) with blank and tab: the word, and what lies behind the one char that ended it. */
function takeWord(text: string): { word: string | null; rest: string } {
  const match = /^[ \t]*([^ \t]+)/.exec(text);
  return match ? { word: match[1] ?? '', rest: text.slice(match[0].length + 1) } : { word: null, rest: '' };
}

/** Lines, those that a backslash at their end joins being one; any other backslash is dropped (freadline_wrapped()). */
function logicalLines(text: string): { line: string; number: number }[] {
  const lines: { line: string; number: number }[] = [];
  let number = 0;
  let at = 0;
  // Piece by piece: a repeated group of a regular expression takes stack for each char, and lines may be megabytes.
  while (at < text.length) {
    const start = at;
    let line = '';
    let isOpen = true;
    while (isOpen) {
      const stop = nextStop(text, at);
      line += text.slice(at, stop);
      at = stop + 1;
      if (text[stop] === '\\' && at < text.length) {
        if (text[at] !== '\n') line += text[at] ?? '';
        at++;
      } else isOpen = false;
    }
    const whole = text.slice(start, at);
    number += whole.split('\n').length - (whole.endsWith('\n') ? 1 : 0);
    // For the C library a line ends at a NUL.
    lines.push({ line: line.split('\0', 1)[0] ?? '', number });
  }
  return lines;
}

/** The next newline or backslash, or the end. */
function nextStop(text: string, from: number): number {
  STOP.lastIndex = from;
  return STOP.exec(text)?.index ?? text.length;
}

const STOP = /[\n\\]/g;

/** kmod_config_add_softdep(): words before `pre:` or `post:` say nothing. */
function parseSoftdep(modname: string, text: string): Softdep {
  const lists = { pre: [] as string[], post: [] as string[] };
  let list: string[] | null = null;
  for (const word of dependencyWords(text)) {
    if (word === 'pre:') list = lists.pre;
    else if (word === 'post:') list = lists.post;
    else list?.push(word);
  }
  return { modname, ...lists };
}

/** Words between white space. A single blank at the start belongs to the first word, which then is not recognised. */
function dependencyWords(text: string): string[] {
  const [start = ''] = /^\s(?!\s)/.exec(text) ?? [];
  const words = text.split(/[ \t\n\v\f\r]+/).filter(word => word !== '');
  return words.map((word, i) => (i === 0 ? start + word : word));
}
