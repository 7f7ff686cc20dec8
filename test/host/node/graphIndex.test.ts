// Reading the modules of a directory: what is found, what is read again, and what cannot be read.
import { noteText } from '../../../src/findings/notes';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GraphIndex } from '../../../src/host/node/graphIndex';
import { listModuleFiles } from '../../../src/host/node/moduleFiles';
import { Pacer } from '../../../src/host/node/pacer';
import { edge, needsOf } from '../../support/graphs';
import { factsOf, fixture, fixturePath } from '../../support/recorded';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-graph-'));
after(() => rmSync(root, { recursive: true }));

const facts = factsOf('6.1');

/** A modules directory with fixtures at these places. */
function modulesDirectory(name: string, places: Readonly<Record<string, string>>): string {
  const directory = path.join(root, name);
  for (const [place, module] of Object.entries(places)) put(path.join(directory, place), module);
  return directory;
}

function put(file: string, module: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (file.endsWith('.gz')) writeFileSync(file, gzipSync(fixture('6.1', module).bytes));
  else cpSync(fixturePath('6.1', module), file);
}

async function read(index: GraphIndex): Promise<boolean> {
  const isOther = await index.list();
  return (await index.read(() => undefined)) || isOther;
}

test('modules of a directory, those under updates first, links and headers left out', async () => {
  const directory = modulesDirectory('listed', {
    'kernel/b/two.ko': 'user',
    'kernel/a/one.ko.gz': 'exporter',
    'extra/three.ko': 'chain',
    'updates/dkms/two.ko': 'user',
    'build/four.ko': 'user',
  });
  writeFileSync(path.join(directory, 'kernel/a/one.mod.c'), '');
  symlinkSync(path.join(directory, 'kernel'), path.join(directory, 'source'));
  const found = await listModuleFiles(directory, new Pacer());
  assert.deepEqual(
    found.map(file => path.relative(directory, file)),
    ['updates/dkms/two.ko', 'extra/three.ko', 'kernel/a/one.ko.gz', 'kernel/b/two.ko'],
  );
  assert.deepEqual(await listModuleFiles(path.join(directory, 'nowhere'), new Pacer()), []);
  const abort = new AbortController();
  abort.abort();
  assert.deepEqual(await listModuleFiles(directory, new Pacer(), { signal: abort.signal }), []);
});

test('compressed and plain modules, and one of the workspace before one of the target', async () => {
  const directory = modulesDirectory('mixed', { 'kernel/exporter.ko.gz': 'exporter', 'kernel/user.ko': 'user' });
  const index = new GraphIndex(directory);
  assert.equal(index.complete, false);
  const reports: unknown[] = [];
  await index.list();
  assert.deepEqual(index.progress, { read: 0, total: 2 });
  assert.equal(index.graphOn(facts).modules.filter(({ path }) => path !== null).length, 2, 'names are there at once');
  await index.read(progress => reports.push(progress));
  assert.equal(index.complete, true);
  const around = needsOf(index.graphOn(facts), 'user');
  assert.equal(edge(around, 'module/user', 'module/exporter')?.broken, false);
  assert.equal(index.graphOn(facts), index.graphOn(facts), 'made once');

  const own = path.join(root, 'workspace', 'exporter.ko');
  put(own, 'exporter');
  index.setGiven([own]);
  assert.equal(index.complete, false);
  assert.equal(await read(index), true);
  const chosen = index.graphOn(facts).modules.find(({ name }) => name === 'exporter')?.path;
  assert.equal(chosen, own);
});

test('only what changed is read again', async () => {
  const directory = modulesDirectory('changing', { 'kernel/exporter.ko': 'exporter', 'kernel/user.ko': 'user' });
  const index = new GraphIndex(directory);
  assert.equal(await read(index), true);
  const before = index.graphOn(facts);
  assert.equal(await read(index), false);
  assert.equal(index.graphOn(facts), before);
  const user = path.join(directory, 'kernel/user.ko');
  utimesSync(user, 1, 1);
  assert.equal(await index.readFile(path.join(directory, 'kernel/exporter.ko')), false);
  assert.equal(await index.readFile(user), true);
  rmSync(user);
  put(path.join(directory, 'kernel/chain.ko'), 'chain');
  assert.equal(await read(index), true);
  const names = index.graphOn(facts).modules.flatMap(({ name, path }) => (path === null ? [] : [name]));
  assert.deepEqual(names, ['chain', 'exporter']);
});

test('a file that cannot be read is a row with a reason', async () => {
  const directory = modulesDirectory('damaged', { 'kernel/user.ko': 'user' });
  const at = (name: string) => path.join(directory, 'kernel', name);
  writeFileSync(at('empty.ko'), '');
  writeFileSync(at('text.ko'), 'not a module');
  writeFileSync(at('packed.ko.gz'), gzipSync('x').subarray(0, 12));
  symlinkSync(at('absent'), at('dangling.ko'));
  symlinkSync(directory, at('folder.ko'));
  const index = new GraphIndex(directory);
  await read(index);
  assert.deepEqual(
    index.unreadable.map(({ path: file, reason }) => [path.basename(file), noteText(reason)]),
    [
      ['dangling.ko', 'no such file or directory'],
      ['empty.ko', 'is not an ELF file'],
      ['folder.ko', 'is not a regular file'],
      ['packed.ko.gz', 'corrupted gzip data'],
      ['text.ko', 'is not an ELF file'],
    ],
  );
  const { modules, imports } = index.graphOn(facts).overview();
  const row = modules.findIndex(({ name }) => name === 'empty');
  assert.equal(imports[row], 0);
  assert.equal(index.complete, true);
});

test('reading can be given up, and goes on where it was', async () => {
  const directory = modulesDirectory('aborted', { 'kernel/exporter.ko': 'exporter', 'kernel/user.ko': 'user' });
  const index = new GraphIndex(directory);
  await index.list();
  await index.readFile(path.join(directory, 'kernel/exporter.ko'));
  const abort = new AbortController();
  abort.abort();
  await index.read(() => undefined, abort.signal);
  assert.deepEqual(index.progress, { read: 1, total: 2 });
  await index.read(() => undefined);
  assert.equal(index.complete, true);
});

test('a target without a modules directory', async () => {
  const index = new GraphIndex(null);
  assert.equal(index.complete, true);
  assert.equal(await read(index), false);
  const { modules } = index.graphOn(facts).overview();
  assert.ok(modules.every(({ path }) => path === null));
});
