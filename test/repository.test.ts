// Rules of the house that no compiler or linter checks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { repositoryRoot } from './kernel/lib/paths';

const root = repositoryRoot();
/** Tracked files, and new ones that are not ignored; null outside of a checkout. */
const files = listFiles();
const skip = files === null ? 'not a git checkout' : false;

function listFiles(): string[] | null {
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
    const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return listed.split('\0').filter(file => file !== '' && read(file) !== null);
  } catch {
    return null;
  }
}

/** A file as text, unpacked if it is compressed; null when it was deleted. */
function read(file: string): string | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path.join(root, file));
  } catch {
    return null;
  }
  if (file.endsWith('.br')) bytes = brotliDecompressSync(bytes);
  if (file.endsWith('.gz')) bytes = gunzipSync(bytes);
  return bytes.toString('latin1');
}

/** Source files under a folder, with their text. */
function sources(folder: string): { readonly file: string; readonly text: string }[] {
  return (files ?? [])
    .filter(file => file.startsWith(folder) && file.endsWith('.ts'))
    .map(file => ({ file, text: read(file) ?? '' }));
}

/** Files of a folder in which a line matches, comments aside. */
function matching(folder: string, pattern: RegExp): string[] {
  return sources(folder)
    .filter(({ text }) => text.split('\n').some(line => !/^\s*(?:\/\/|\/?\*)/.test(line) && pattern.test(line)))
    .map(({ file }) => file);
}

const FINDINGS = 'src/findings/';
/** Not findings themselves. */
const FINDING_HELPERS = [
  'types.ts',
  'nearest.ts',
  'all.ts',
  'definitions.ts',
  'notes.ts',
  'inputNotes.ts',
  'bootNotes.ts',
  'words.ts',
];

test('one finding per file, named after it, and used', { skip }, () => {
  const findings = sources(FINDINGS).filter(({ file }) => !FINDING_HELPERS.includes(file.slice(FINDINGS.length)));
  assert.ok(findings.length > 40);
  const rest = sources('src/')
    .filter(({ file }) => !file.startsWith(FINDINGS))
    .map(({ text }) => text)
    .join('\n');
  for (const { file, text } of findings) {
    const name = path.basename(file, '.ts');
    const defined = [...text.matchAll(/export const (\w+) = defineFinding/g)].map(match => match[1]);
    assert.deepEqual(defined, [name], file);
    assert.match(
      rest,
      new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '[^']*/findings/${name}'`),
      `${name} is imported`,
    );
    assert.match(rest, new RegExp(`report\\(\\s*${name}\\b`), `${name} is reported`);
  }
});

test('ids of findings are unique and in kebab-case', { skip }, () => {
  const ids = sources(FINDINGS).flatMap(({ file, text }) =>
    [...text.matchAll(/^ {2}id: '([^']*)'/gm)].map(match => ({ file, id: match[1] ?? '' })),
  );
  assert.ok(ids.length > 40);
  for (const { file, id } of ids) {
    assert.match(id, /^[a-z]+(?:-[a-z]+)*$/, file);
    assert.deepEqual(
      ids.filter(other => other.id === id).map(other => other.file),
      [file],
      `${id} is used once`,
    );
  }
});

test('every finding is registered, and its id stands in its file only', { skip }, () => {
  const registry = sources(FINDINGS).find(({ file }) => file.endsWith('/definitions.ts'))?.text ?? '';
  const defined = sources(FINDINGS).filter(({ text }) => text.includes('= defineFinding'));
  const ids = new Set<string>();
  for (const { file, text } of defined) {
    assert.match(registry, new RegExp(`'\\./${path.basename(file, '.ts')}';`), `${file} is in definitions.ts`);
    for (const [, id = ''] of text.matchAll(/^ {2}(?:id: )?'([a-z-]+)'(?:,| *: \{)/gm)) ids.add(id);
  }
  assert.ok(ids.has('symbol-not-in-target') && ids.has('vermagic'), [...ids].join());
  const elsewhere = ['src/', 'webview/'].flatMap(sources).flatMap(({ file, text }) => {
    if (file.startsWith(FINDINGS)) return [];
    // Where a code is compared, listed or made; the same word may be a tag, a status or a name of the kernel's.
    const inCode = [...text.matchAll(/(?:\bcode\w*\b[^\n;]*|^ {2,4})'([a-z-]+)'/gm)].map(([, id = '']) => id);
    return inCode.filter(id => id.includes('-') && ids.has(id) && !WORDS_TOO.includes(id)).map(id => `${file}: ${id}`);
  });
  assert.deepEqual(elsewhere, []);
});

/** Codes that are statuses of symbols as well. */
const WORDS_TOO: readonly string[] = ['gpl-only'];

test('only generations.ts knows releases', { skip }, () => {
  const allowed = ['src/linux/generations.ts'];
  assert.deepEqual(matching('src/', /\bparseRelease\b|\bsince\(|\bpatchlevel\b/), allowed);
  assert.deepEqual(
    matching('src/', /\brelease\s*(?:[<>]=?|===?\s*['"`\d])|\brelease\.(?:startsWith|split|localeCompare)/),
    [],
  );
});

/** Folders that do no I/O. */
const CORE = /^src\/(?:formats|linux|target|findings|kmod|graph|report|explain)\//;

test('core knows neither files nor the process', { skip }, () => {
  const inCore = (pattern: RegExp): string[] => matching('src/', pattern).filter(file => CORE.test(file));
  assert.deepEqual(inCore(/from '(?:node:|vscode|(?:\.\.\/)+host\/)|\brequire\(|\bimport\(/), []);
  assert.deepEqual(inCore(/\bprocess\.|\bBuffer\b|\bDate\b|\bperformance\b|\bconsole\./), []);
  // Keys of hash tables, on which no answer depends.
  assert.deepEqual(inCore(/Math\.random/), ['src/formats/bytes/hash.ts']);
});

/** Files under src/ and webview/ by the files they import, types among them. */
function importGraph(): ReadonlyMap<string, readonly string[]> {
  const all = [...sources('src/'), ...sources('webview/')];
  const known = new Set(all.map(({ file }) => file));
  const resolve = (from: string, specifier: string): string[] => {
    const target = path.posix.join(path.posix.dirname(from), specifier);
    return [`${target}.ts`, `${target}/index.ts`].filter(file => known.has(file));
  };
  return new Map(
    all.map(({ file, text }) => {
      const imports = text.matchAll(/(?:\bfrom|\bimport|\b(?:import|require)\()\s*'(\.[^']*)'/g);
      return [file, [...imports].flatMap(([, specifier = '']) => resolve(file, specifier))];
    }),
  );
}

/** The shortest way from a file back to itself. */
function circleOf(start: string, graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const before = new Map<string, string>();
  const queue = [start];
  for (let file = queue.shift(); file !== undefined; file = queue.shift())
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [file];
        for (let at = before.get(file); at !== undefined; at = before.get(at)) way.unshift(at);
        return way;
      }
      if (before.has(next)) continue;
      before.set(next, file);
      queue.push(next);
    }
  return null;
}

test('no files import each other in a circle', { skip }, () => {
  const graph = importGraph();
  assert.ok(graph.size > 400);
  const circles = [...graph.keys()]
    .flatMap(file => {
      const circle = circleOf(file, graph);
      return circle ? [circle] : [];
    })
    .map(circle => [...circle].sort().join(', '));
  assert.deepEqual([...new Set(circles)], []);
});

test('nothing goes through a shell, and few places run programs', { skip }, () => {
  assert.deepEqual(matching('src/', /\bshell:|\bShellExecution\b|\bexec(?:Sync)?\b[^.(=]*\bchild_process/), []);
  // The terminal of a debugger runs gdb itself.
  assert.deepEqual(matching('src/', /\bcreateTerminal\b/), ['src/host/extension/debugging.ts']);
  assert.deepEqual(matching('src/', /\bcreateTerminal\((?!\{ name: title, shellPath: gdb,)/), []);
  assert.deepEqual(matching('src/', /child_process/), [
    'src/host/cli/launch.ts',
    'src/host/extension/features/buildTerminal.ts',
    'src/host/extension/worker/start.ts',
    'src/host/node/boot/qemu.ts',
    'src/host/node/check/xzProgram.ts',
    'src/host/node/named/archive.ts',
    'src/host/node/packages/throughProgram.ts',
  ]);
  assert.deepEqual(matching('src/', /new BuildTerminal\(/), ['src/host/extension/features/tasks.ts']);
  assert.deepEqual(matching('src/', /\bProcessExecution\(/), []);
  assert.deepEqual(matching('webview/', /child_process|\beval\(|new Function\(|innerHTML/), []);
});

test('building asks whether the workspace is trusted', { skip }, () => {
  const tasks = read('src/host/extension/features/tasks.ts') ?? '';
  for (const entry of ['resolveTask:', 'onDidSaveTextDocument', 'async function provide', 'async function build(']) {
    const at = tasks.indexOf(entry);
    assert.ok(at >= 0 && tasks.slice(at, at + 300).includes('vscode.workspace.isTrusted'), entry);
  }
});

test('what a module names is read through one gate', { skip }, () => {
  const gate = 'src/host/places/readableFiles.ts';
  const readers = matching('src/host/places/', /from 'node:fs'/);
  // The grammar is the extension's own.
  assert.deepEqual(readers, [gate, 'src/host/places/treeSitter.ts']);
});

/** Files that may be longer than this, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};
const MOST_LINES = 300;

test('no file is too long to read at once', { skip }, () => {
  const long = sources('src/').filter(({ text }) => text.split('\n').length - 1 > MOST_LINES);
  assert.deepEqual(long.map(({ file }) => file).sort(), Object.keys(LONG_FILES).sort());
});

test('nothing names the machine it was made on', { skip }, () => {
  // Spelled so that this file does not match itself.
  const directories = ['work/', 'root/', 'home/\\w', 'Users/\\w', 'tmp/\\w'].map(name => `/${name}`);
  const machine = new RegExp(`(?<![\\w.$})-])(?:${directories.join('|')})(?=[/\\w])[^\\s'"\`\\0]*`);
  for (const file of files ?? []) {
    if (file === 'package-lock.json') continue;
    assert.equal(machine.exec(read(file) ?? '')?.[0], undefined, file);
  }
});

test('the lock file names versions and checksums, and no place they came from', { skip }, () => {
  assert.doesNotMatch(read('package-lock.json') ?? '', /"resolved"/);
});

test('nothing is left to be done later', { skip }, () => {
  const later = /\b(?:TODO|FIXME|XXX|HACK)\b/;
  assert.deepEqual(
    sources('src/').flatMap(({ file, text }) => (later.test(text) ? [file] : [])),
    [],
  );
  assert.deepEqual(matching('test/', /\btest\.(?:only|todo)\b|\{ (?:only|todo): /), []);
});

test('packages are pinned, none is needed at run time, and none runs a script when it is installed', { skip }, () => {
  const manifest = JSON.parse(read('package.json') ?? '') as {
    dependencies?: object;
    devDependencies: Record<string, string>;
    scripts: Record<string, string>;
  };
  assert.equal(manifest.dependencies, undefined);
  for (const [name, version] of Object.entries(manifest.devDependencies))
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  assert.deepEqual(
    Object.keys(manifest.scripts).filter(name => /^(?:pre|post)?(?:install|prepare|publish)/.test(name)),
    [],
  );
  assert.match(read('.npmrc') ?? '', /^ignore-scripts=true$/m);
});
