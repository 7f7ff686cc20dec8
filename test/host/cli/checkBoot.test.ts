// insmod-lens check --boot: modules of a tree on a real kernel, where QEMU can be had.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import type { CheckReport } from '../../../src/report/check/types';
import { spread } from '../../../src/report/check/bootSample';
import { insmodLens } from '../../support/command';
import { fixturePath } from '../../support/recorded';
import { schemaErrors } from '../../support/schema';
import { INITS, modulesOf, whyNoBoot, withInit } from '../node/boot/support';

const skip = whyNoBoot();
const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const MODULES = ['chain', 'chainuser', 'exporter', 'initret', 'paramkinds', 'proprietary', 'unresolved', 'user'];
for (const name of MODULES) copyFileSync(fixturePath('6.1', name), path.join(directory, `${name}.ko`));

const check = (...args: string[]) =>
  insmodLens('check', '--no-cache', '--kernel', modulesOf('6.1'), ...args, directory);

test('a sample is spread evenly, and the same every time', () => {
  assert.deepEqual(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3), [0, 3, 6]);
  assert.deepEqual(spread([0, 1], 5), [0, 1]);
  assert.deepEqual(spread([0, 1, 2], null), [0, 1, 2]);
});

test('all modules of a tree, in as many boots as there are machines, and in agreement', { skip }, async () => {
  const { status, stdout, stderr } = await check('--boot', '--format', 'json');
  // One of them is refused, by both.
  assert.equal(status, 1, stderr);
  const report = JSON.parse(stdout) as CheckReport;
  assert.deepEqual(schemaErrors('check', report), []);
  const { boot } = report;
  assert.ok(boot);
  assert.deepEqual(boot.disagreements, []);
  assert.deepEqual([boot.modules, boot.verdicts.loads, boot.verdicts.refused], [MODULES.length, MODULES.length - 1, 1]);
  assert.ok(boot.boots <= MODULES.length / 2, `${boot.boots} boots`);
  assert.ok(boot.facts > 100);
});

test('a crash is told with its stack, and the modules behind it are loaded all the same', { skip }, async () => {
  const file = path.join(directory, 'minimal.ko');
  writeFileSync(file, withInit(INITS.crash));
  const files = ['exporter', 'user'].map(name => path.join(directory, `${name}.ko`));
  const run = await insmodLens('check', '--no-cache', '--kernel', modulesOf('6.1'), '--boot', file, ...files);
  assert.equal(run.status, 1, run.stderr);
  assert.match(run.stdout, /minimal\.ko: 6\.1\.0-\d+-amd64 crashed while minimal was loading: invalid opcode/);
  assert.match(run.stdout, /^ {4}\w+\+0x\w+ \[minimal\]$/m);
  assert.match(run.stdout, /on the real kernel: 3 modules in \d boots, 2 loaded, 1 crashed it/);
});

test('a number of modules that is none', async () => {
  const { status, stderr } = await check('--boot=0');
  assert.equal(status, 2);
  assert.match(stderr, /expected a number of modules/);
});
