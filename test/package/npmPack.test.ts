// What `npm pack` makes: the command and the library, small, and working where nothing else of the repository is.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { NPM, OFFLINE, pack, run } from '../support/npm';
import { fixturePath, snapshotOf } from '../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const packed = pack(directory);
const tarball = path.join(directory, packed.filename);

test('holds the command, the library, types and licenses, and no more', () => {
  const files = packed.files.map(({ path: file }) => file);
  for (const needed of [
    'dist/cli.js',
    'dist/command.js',
    'dist/mcp.js',
    'dist/index.js',
    'dist/wasm/tree-sitter-c.wasm',
    'dist/insmod-lens.1',
    'dist/NOTICES.txt',
    'dist/sbom.cdx.json',
    'schema/insmod.schema.json',
    'schema/boot.schema.json',
    'schema/check.schema.json',
    'schema/explain.schema.json',
    'schema/initcalls.schema.json',
    'schema/matrix.schema.json',
    'schema/snapshot.schema.json',
    'schema/why.schema.json',
    'LICENSE',
    'package.json',
  ])
    assert.ok(files.includes(needed), needed);
  const others = files.filter(
    file =>
      !/^(?:dist\/|schema\/|doc\/findings\/|(?:package\.json|CHANGELOG\.md|LICENSE|(?:.*\/)?README\.md)$)/.test(file),
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
  run(directory, NPM, ['install', '--global', '--prefix', prefix, ...OFFLINE, tarball], directory);
  const command = path.join(prefix, 'bin', 'insmod-lens');
  assert.match(run(directory, command, ['--version'], directory), /^\d+\.\d+\.\d+\n$/);
  const args = ['insmod', '--format', 'json', '--kernel', snapshotOf('6.1'), fixturePath('6.1', 'minimal')];
  const result = JSON.parse(run(directory, command, args, directory)) as { verdict: string };
  assert.equal(result.verdict, 'loads');
  assert.match(readFileSync(path.join(prefix, 'share/man/man1/insmod-lens.1'), 'utf8'), /^\.TH INSMOD/, 'man finds it');
});

test('npx runs it, and a project finds the library', () => {
  const project = path.join(directory, 'project');
  mkdirSync(project);
  writeFileSync(path.join(project, 'package.json'), '{ "private": true }');
  run(directory, NPM, ['install', ...OFFLINE, tarball], project);
  assert.match(
    run(directory, NPM, ['exec', ...OFFLINE, '--', 'insmod-lens', '--version'], project),
    /^\d+\.\d+\.\d+\n$/,
  );
  const script = `
    const { openTarget, System } = require('insmod-lens');
    const { readFileSync } = require('node:fs');
    const [kernel, module] = process.argv.slice(1);
    openTarget(kernel).then(target => {
      const result = new System(target).insmod({ path: module, bytes: readFileSync(module) }, '');
      console.log(result.verdict);
    });`;
  const args = ['-e', script, snapshotOf('6.1'), fixturePath('6.1', 'minimal')];
  assert.equal(run(directory, process.execPath, args, project), 'loads\n');
  const schema = "console.log(require('insmod-lens/schema/check.schema.json').title)";
  assert.equal(run(directory, process.execPath, ['-e', schema], project), 'insmod-lens check --format json\n');
});
