// What `npm pack` makes: the command and the library, small, and working where nothing else of the repository is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { repositoryRoot } from '../kernel/lib/paths';
import { environment } from '../support/command';
import { fixturePath, snapshotOf } from '../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
/** Packages of the registry are never asked for: there are no dependencies at run time. */
const OFFLINE = [
  '--offline',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
  '--no-update-notifier',
  '--loglevel=error',
];

function run(command: string, args: readonly string[], cwd: string): string {
  const env = { ...environment(), npm_config_cache: path.join(directory, 'npm'), HOME: directory };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

function pack(): Packed {
  const args = ['pack', '--json', '--pack-destination', directory, ...OFFLINE];
  const [packed] = JSON.parse(run(NPM, args, repositoryRoot())) as Packed[];
  assert.ok(packed);
  return packed;
}

const packed = pack();
const tarball = path.join(directory, packed.filename);

test('holds the command, the library, types and licenses, and no more', () => {
  const files = packed.files.map(({ path: file }) => file);
  for (const needed of [
    'dist/cli.js',
    'dist/mcp.js',
    'dist/index.js',
    'dist/wasm/tree-sitter-c.wasm',
    'LICENSE',
    'package.json',
  ])
    assert.ok(files.includes(needed), needed);
  const others = files.filter(
    file => !/^(?:dist\/|doc\/findings\/|(?:package\.json|CHANGELOG\.md|LICENSE|(?:.*\/)?README\.md)$)/.test(file),
  );
  assert.deepEqual(others, []);
  assert.deepEqual(
    files.filter(file => /\.map$|^dist\/(?:webview|extension|worker|browser)/.test(file)),
    [],
  );
  assert.ok(packed.size < 1_500_000, `${packed.size} bytes`);
});

test('a global install runs, and simulates', () => {
  const prefix = path.join(directory, 'global');
  run(NPM, ['install', '--global', '--prefix', prefix, ...OFFLINE, tarball], directory);
  const command = path.join(prefix, 'bin', 'insmod-lens');
  assert.match(run(command, ['--version'], directory), /^\d+\.\d+\.\d+\n$/);
  const args = ['insmod', '--format', 'json', '--kernel', snapshotOf('6.1'), fixturePath('6.1', 'minimal')];
  const result = JSON.parse(run(command, args, directory)) as { verdict: string };
  assert.equal(result.verdict, 'loads');
});

test('npx runs it, and a project finds the library', () => {
  const project = path.join(directory, 'project');
  mkdirSync(project);
  writeFileSync(path.join(project, 'package.json'), '{ "private": true }');
  run(NPM, ['install', ...OFFLINE, tarball], project);
  assert.match(run(NPM, ['exec', ...OFFLINE, '--', 'insmod-lens', '--version'], project), /^\d+\.\d+\.\d+\n$/);
  const script = `
    const { openTarget, System } = require('insmod-lens');
    const { readFileSync } = require('node:fs');
    const [kernel, module] = process.argv.slice(1);
    openTarget(kernel).then(target => {
      const result = new System(target).insmod({ path: module, bytes: readFileSync(module) }, '');
      console.log(result.verdict);
    });`;
  const args = ['-e', script, snapshotOf('6.1'), fixturePath('6.1', 'minimal')];
  assert.equal(run(process.execPath, args, project), 'loads\n');
});
