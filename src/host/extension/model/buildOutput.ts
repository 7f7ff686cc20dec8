// What a build of modules prints, line by line: messages of compiler, modpost, objtool and make with what they are about.
import path from 'node:path';
import type { BuildMessage, BuildSubject } from '../../../protocol/build';

/** Reads the output of one build, which runs in a directory (absolute). */
export class BuildOutput {
  private rest = '';
  private readonly entered: string[] = [];

  constructor(private readonly directory: string) {}

  /** The messages in the lines that are complete now. */
  read(chunk: string): BuildMessage[] {
    const lines = (this.rest + chunk).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap(line => this.line(line));
  }

  /** The message in a last line without an end. */
  end(): BuildMessage[] {
    return this.read('\n');
  }

  private line(raw: string): BuildMessage[] {
    const line = raw.replace(CONTROL_SEQUENCES, '');
    const moved = /^make(?:\[\d+\])?: (Entering|Leaving) directory ['`](.*)'$/.exec(line);
    if (moved) {
      if (moved[1] === 'Entering') this.entered.push(moved[2] ?? '');
      else this.entered.pop();
      return [];
    }
    const found = compilerMessage(line) ?? objtoolMessage(line) ?? modpostMessage(line) ?? makeMessage(line);
    if (!found) return [];
    const { file, ...message } = found;
    return [{ ...message, candidates: this.candidates(file) }];
  }

  /** kbuild compiles where it was called, in the kernel's directory or, from 6.13 on, in that of the module. */
  private candidates(file: string | null): string[] {
    if (file === null) return [this.directory];
    if (path.isAbsolute(file)) return [path.normalize(file)];
    const directories = [...this.entered].reverse().concat(this.directory);
    return [...new Set(directories.map(directory => path.resolve(directory, file)))];
  }
}

/** Whether a line typed into a shell builds modules, as far as its first words tell. */
export function isBuildCommand(line: string): boolean {
  return /(?:^|[;&|]\s*)(?:\w+=[^\s;&|]*\s+)*(?:(?:sudo|time|bear|intercept-build|nice)\s+(?:--\s+)?)*(?:[^\s;&|]*\/)?(?:make|gmake|dkms)(?:\s|$)/.test(
    line,
  );
}

type Found = Omit<BuildMessage, 'candidates'> & { readonly file: string | null };

// Colors and titles. Written as \u escapes: the characters themselves would not be seen here.
const CONTROL_SEQUENCES = new RegExp('\\u001b(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\\u0007]*(?:\\u0007|\\u001b\\\\)|.)', 'g');

/** GCC and clang: `FILE:LINE:COLUMN: error: TEXT`. */
function compilerMessage(line: string): Found | null {
  const found = /^((?!In file|from )[^\s:][^:]*):(\d+)(?::(\d+))?:\s+(?:fatal )?(error|warning|note):(.*)$/.exec(line);
  if (!found) return null;
  const [, file = '', row, column, severity, message = ''] = found;
  return {
    severity: severity as 'error',
    source: 'compiler',
    message: message.trimStart(),
    file,
    line: Number(row),
    column: column === undefined ? null : Number(column),
    subject: null,
  };
}

/** `OBJECT: warning: objtool: FUNCTION+0x10: TEXT`; before 6.0 also without a function. */
function objtoolMessage(line: string): Found | null {
  const found = /^([^\s:]+)\.k?o: (warning|error): objtool: (.*)$/.exec(line);
  if (!found) return null;
  const [, file = '', severity, message = ''] = found;
  const symbol = /^(\w[\w.]*)(?:\(\))?\+0x/.exec(message)?.[1];
  return {
    severity: severity as 'error',
    source: 'objtool',
    message,
    file,
    line: null,
    column: null,
    subject: symbol === undefined ? null : { kind: 'function', symbol },
  };
}

/** What modpost says, and of which symbol. Each text names the module or object somewhere. scripts/mod/modpost.c. */
const MODPOST: readonly (readonly [RegExp, (match: RegExpExecArray) => BuildSubject | null])[] = [
  [/^"([^"]+)" \[[^\]]+\] undefined!/, ([, symbol = '']) => ({ kind: 'use', symbol })],
  [/uses GPL-only symbol '([^']+)'/, ([, symbol = '']) => ({ kind: 'use', symbol })],
  [/uses symbol '?(\w+)'? from namespace/, ([, symbol = '']) => ({ kind: 'use', symbol })],
  [/'(\w+)' exported twice/, ([, symbol = '']) => ({ kind: 'use', symbol })],
  [/^EXPORT symbol "([^"]+)"/, ([, symbol = '']) => ({ kind: 'use', symbol })],
  [/^missing (MODULE_\w+)\(\)/, ([, macro = '']) => ({ kind: 'macro', macro })],
  [/section mismatch in reference: (\w+)/i, ([, symbol = '']) => ({ kind: 'function', symbol })],
  [/Section mismatch in reference from the \w+ (\w+)/, ([, symbol = '']) => ({ kind: 'function', symbol })],
];

function modpostMessage(line: string): Found | null {
  const found = /^(ERROR|WARNING|FATAL): modpost: (.*)$/.exec(line);
  if (!found) return null;
  const message = found[2] ?? '';
  let subject: BuildSubject | null = null;
  for (const [pattern, subjectOf] of MODPOST) {
    const match = pattern.exec(message);
    if (match) subject ??= subjectOf(match);
  }
  return {
    severity: found[1] === 'WARNING' ? 'warning' : 'error',
    source: 'modpost',
    message,
    file: moduleOf(message),
    line: null,
    column: null,
    subject,
  };
}

/** `[DIR/foo.ko]`, `DIR/foo.o`, `DIR/foo: ...` and `module foo uses`. */
function moduleOf(message: string): string | null {
  return (
    /\[([^[\]]+)\.k?o\]/.exec(message)?.[1] ??
    /(?:^|[\s'"])([^\s'"()[\]]+)\.k?o\b/.exec(message)?.[1] ??
    /\bmodule (\S+) uses\b/.exec(message)?.[1] ??
    /^([^\s:'"]+): /.exec(message)?.[1] ??
    null
  );
}

/** `FILE:LINE: *** TEXT.  Stop.`, and files that no rule makes. */
function makeMessage(line: string): Found | null {
  const found = /^(?:make(?:\[\d+\])?: )?(?:([^\s:*][^:*]*):(\d+): )?\*\*\* (?!\[)(.*)$/.exec(line);
  if (!found) return null;
  const [, file = null, row, text = ''] = found;
  const message = text.endsWith('Stop.') ? text.slice(0, -'Stop.'.length).trimEnd() : text;
  const target = /^No rule to make target ['`]([^']+)'/.exec(message)?.[1];
  if (file === null && target === undefined) return null;
  return {
    severity: 'error',
    source: 'make',
    message,
    file,
    line: row === undefined ? null : Number(row),
    column: null,
    subject: target === undefined ? null : { kind: 'rule', target },
  };
}
