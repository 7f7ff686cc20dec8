// The fixture module of test/locate, put beside copies of its sources as a build would leave it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { repositoryRoot } from '../kernel/lib/paths';

const locateDir = path.join(repositoryRoot(), 'test', 'locate');
export const fixturesDirectory = path.join(locateDir, 'fixtures');

/** `debug` has its debug sections compressed with zlib; `stripped` has none. */
export type Variant = 'debug' | 'stripped';

export function locatedBytes(variant: Variant): Uint8Array {
  if (variant === 'stripped') return readFileSync(path.join(locateDir, 'built', 'stripped.ko'));
  return gunzipSync(readFileSync(path.join(locateDir, 'built', 'located.ko.gz')));
}

/** Runs `use` with a directory that holds the sources and then, newer, the module. */
export async function inBuildDirectory(
  variant: Variant,
  use: (directory: string, module: string) => Promise<void> | void,
): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'located-'));
  try {
    cpSync(fixturesDirectory, directory, { recursive: true });
    const module = path.join(directory, 'located.ko');
    writeFileSync(module, locatedBytes(variant));
    await use(directory, module);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** An expectation in a source: `/* expect: KIND NAME [at IDENTIFIER] *\/` at the end of the line it is about. */
export interface Expectation {
  readonly kind: string;
  readonly name: string;
  /** FILE:LINE:COLUMN */
  readonly place: string;
}

export function expectations(): Expectation[] {
  return readdirSync(fixturesDirectory)
    .filter(file => /\.[ch]$/.test(file))
    .flatMap(file => readFileSync(path.join(fixturesDirectory, file), 'utf8').split('\n').flatMap(inLine(file)));
}

const inLine =
  (file: string) =>
  (text: string, index: number): Expectation[] => {
    const [, code = '', list = ''] = /^(.*)\/\* expect: (.*?) \*\//.exec(text) ?? [];
    return list
      .split(', ')
      .filter(Boolean)
      .map(entry => {
        const [, kind = '', name = '', marked = name] = /^(\S+) (\S+)(?: at (\S+))?$/.exec(entry) ?? [];
        const column = new RegExp(`\\b${marked}\\b`).exec(code)?.index;
        if (column === undefined) throw new Error(`${file}:${index + 1}: no ${marked} in this line`);
        return { kind, name, place: `${file}:${index + 1}:${column + 1}` };
      });
  };
