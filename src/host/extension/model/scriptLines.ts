// Module parameters in scripts: insmod and modprobe command lines of Makefiles and shell scripts, `options` of modprobe.d.
import { MODULE_FILE, moduleNameOfPath } from '../../../formats/ko/moduleName';

export interface ScriptUse {
  /** Name of the module, with underscores. */
  readonly module: string;
  readonly args: readonly ScriptArgument[];
}

/** One parameter; offsets are into the text of the file. */
export interface ScriptArgument {
  /** As the program gets it, without the shell's quotes. */
  readonly text: string;
  readonly name: string;
  /** Where the name is. */
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
  /** The value holds a variable: only the name can be checked. */
  readonly dynamic: boolean;
}

/** Parameters on insmod and modprobe command lines. */
export function parseScript(text: string): ScriptUse[] {
  const variables = assignments(text);
  const uses: ScriptUse[] = [];
  // Continued lines are one line; two blanks keep offsets as they are.
  const joined = text.replace(/\\\n/g, '  ');
  let offset = 0;
  for (const line of joined.split('\n')) {
    if (!/^\s*#/.test(line))
      for (const match of line.matchAll(/(?<![\w./]|\w-)(?:[\w./]*\/)?(insmod|modprobe)(?=\s)/g)) {
        const start = match.index + match[0].length;
        const use = parseCommand(words(line, start, offset), match[1] === 'modprobe', variables);
        if (use) uses.push(use);
      }
    offset += line.length + 1;
  }
  return uses;
}

/** Parameters in `options` lines of modprobe.d(5). */
export function parseModprobeConfig(text: string): ScriptUse[] {
  const uses: ScriptUse[] = [];
  let offset = 0;
  for (const line of text.replace(/\\\n/g, '  ').split('\n')) {
    const match = /^\s*options\s+/.exec(line);
    if (match) {
      const [module, ...args] = words(line, match[0].length, offset);
      if (module) uses.push({ module: moduleNameOfPath(module.text), args: args.map(argumentAt) });
    }
    offset += line.length + 1;
  }
  return uses;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words of the shell from `from` to the end of the command; quotes are taken off the text, and stay in the range. */
function words(line: string, from: number, offset: number): Word[] {
  const found: Word[] = [];
  let at = from;
  while (at < line.length) {
    while (/\s/.test(line[at] ?? '')) at++;
    if (at >= line.length || /[;|&#<>)`]/.test(line[at] ?? '')) break;
    const start = at;
    let text = '';
    for (let quote = ''; at < line.length; at++) {
      const char = line[at] ?? '';
      if (quote !== '') {
        if (char === quote) quote = '';
        else text += char;
      } else if (char === '"' || char === "'") quote = char;
      else if (char === '$' && line[at + 1] === '(') {
        const end = line.indexOf(')', at);
        const stop = end < 0 ? line.length - 1 : end;
        text += line.slice(at, stop + 1);
        at = stop;
      } else if (/[\s;|&<>)`]/.test(char)) break;
      else text += char;
    }
    // A quote in front belongs to the shell, not to the name.
    const name = /["']/.test(line[start] ?? '') ? start + 1 : start;
    found.push({ text, start: name + offset, end: at + offset });
  }
  return found;
}

function parseCommand(
  all: readonly Word[],
  isModprobe: boolean,
  variables: ReadonlyMap<string, string>,
): ScriptUse | null {
  const removes = all.some(word => /^(?:-r|--remove)$/.test(word.text));
  const rest = all.filter(word => !word.text.startsWith('-'));
  const [module, ...args] = rest;
  if (!module || removes) return null;
  const name = moduleNameOf(substitute(module.text, variables), isModprobe);
  return name === null ? null : { module: name, args: args.map(argumentAt) };
}

function moduleNameOf(word: string, isModprobe: boolean): string | null {
  const base = word.slice(word.lastIndexOf('/') + 1);
  const isNamed = MODULE_FILE.test(base) ? /^[\w-]+\.ko/.test(base) : isModprobe && /^[\w-]+$/.test(base);
  return isNamed ? moduleNameOfPath(base) : null;
}

/** The parameter in a word. */
export function argumentAt({ text, start, end }: Word): ScriptArgument {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  return { text, name, start, nameEnd: start + name.length, end, dynamic: /[$`]/.test(text) };
}

/** `NAME := value` and `NAME=value` of one word, the last one counts. */
function assignments(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*[:?]?=[ \t]*["']?([^\s"'#]+)["']?[ \t]*$/gm))
    found.set(match[1] ?? '', match[2] ?? '');
  return found;
}

function substitute(word: string, variables: ReadonlyMap<string, string>): string {
  const replace = (text: string): string =>
    text.replace(/\$\$?(?:\((\w+)\)|\{(\w+)\}|(\w+))/g, (all, a?: string, b?: string, c?: string) => {
      return variables.get(a ?? b ?? c ?? '') ?? all;
    });
  // Twice: a variable is often made of another.
  return replace(replace(word));
}
