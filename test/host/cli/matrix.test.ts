// insmod-lens matrix: modules against kernels.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import type { Matrix } from '../../../src/report/matrix/types';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { schemaErrors } from '../../support/schema';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const KERNELS = (['5.10', '6.1', '7.2'] as const).flatMap(generation => ['--kernel', snapshotOf(generation)]);
const LOADS = fixturePath('6.1', 'minimal');
const REFUSED = fixturePath('6.1', 'unresolved');
const NEEDS = fixturePath('6.1', 'user');
const IN_NAMESPACE = fixturePath('6.1', 'nsuser');
const PROPRIETARY = fixturePath('6.1', 'gpluser');

async function matrixOf(...args: string[]): Promise<Matrix> {
  const { stdout, stderr } = await insmodLens('matrix', ...args, '--format', 'json');
  assert.equal(stderr, '');
  const matrix = JSON.parse(stdout) as Matrix;
  assert.deepEqual(schemaErrors('matrix', matrix), []);
  return matrix;
}

test('each cell is what insmod with its dependencies answers, with the first check that fails', async () => {
  const modules = [LOADS, REFUSED, NEEDS, IN_NAMESPACE];
  const matrix = await matrixOf(...modules, ...KERNELS);
  assert.equal(matrix.kernels.length, 3);
  for (const [i, module] of modules.entries())
    for (const [k, { target }] of matrix.kernels.entries()) {
      const run = await insmodLens('insmod', '--with-dependencies', '--kernel', target, module, '--format', 'json');
      const alone = JSON.parse(run.stdout) as {
        verdict: string;
        errno: number;
        findings: { code: string; severity: string }[];
      };
      const cell = matrix.modules[i]?.cells[k];
      const first = alone.findings.find(({ severity }) => severity === 'error');
      assert.deepEqual(
        [cell?.verdict, cell?.errno, cell?.check],
        [alone.verdict, alone.errno, alone.errno === 0 ? null : first?.code],
        `${module} on ${target}`,
      );
    }
  const needs = matrix.modules[2]?.cells[1]?.needs;
  assert.deepEqual(needs, ['exporter'], 'loaded first from beside it');
});

test('with --source a build settles what it can, and the rest is listed', async () => {
  const { modules } = await matrixOf(LOADS, REFUSED, PROPRIETARY, ...KERNELS, '--source');
  const [loads, refused, proprietary] = modules;
  assert.deepEqual(
    loads?.cells.map(({ source }) => source?.fits),
    [true, true, true],
  );
  assert.ok(loads.cells[0]?.source?.settledByBuild.includes('vermagic'), 'told apart from symbols');
  for (const { source } of refused?.cells ?? []) {
    assert.equal(source?.fits, false);
    assert.ok(source.missing.length > 0);
  }
  assert.equal(proprietary?.cells.length, 3);
});

test('a symbol that headers spell otherwise is not missing', async () => {
  // _printk() is printk() before 5.15.
  const { modules } = await matrixOf(fixturePath('6.1', 'paramkinds'), ...KERNELS, '--source');
  assert.deepEqual(
    modules[0]?.cells.map(({ source }) => source?.missing),
    [[], [], []],
  );
});

test('text, Markdown and SARIF; the status is that of the worst cell', async () => {
  const text = await insmodLens('matrix', LOADS, REFUSED, ...KERNELS.slice(2, 4));
  assert.equal(text.status, 1);
  assert.match(text.stdout, /^ +6\.1\.0-50-amd64\n.*minimal\.ko +✓\n.*unresolved\.ko +✗ ENOENT: /);
  assert.match(text.stdout, /\n\n.*unresolved\.ko on 6\.1\.0-50-amd64\n {2}unresolved: Unknown symbol /);
  assert.equal((await insmodLens('matrix', LOADS, ...KERNELS.slice(2, 4))).status, 0);
  const only = await insmodLens('matrix', LOADS, REFUSED, '--refused', ...KERNELS.slice(2, 4));
  assert.doesNotMatch(only.stdout, /minimal/);
  const markdown = await insmodLens('matrix', REFUSED, ...KERNELS, '--format', 'markdown');
  assert.match(markdown.stdout, /^\| module \|.*\|\n\| --- \| --- \| --- \| --- \|\n\| .*unresolved\.ko \| ✗ /);
  const sarif = JSON.parse((await insmodLens('matrix', REFUSED, ...KERNELS, '--format', 'sarif')).stdout) as {
    runs: { results: unknown[] }[];
  };
  assert.equal(sarif.runs.length, 3);
  assert.ok(sarif.runs.every(({ results }) => results.length > 0));
});

test('what cannot be read ends it with one line', async () => {
  const noKernel = path.join(directory, 'kernel.json');
  writeFileSync(noKernel, '{');
  for (const args of [
    [path.join(directory, 'none.ko'), ...KERNELS],
    [LOADS, '--kernel', noKernel],
  ]) {
    const { status, stdout, stderr } = await insmodLens('matrix', ...args);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^insmod-lens: [^\n]+\n$/);
  }
  // A file that is no module is the kernel's to refuse.
  const empty = path.join(directory, 'empty.ko');
  writeFileSync(empty, '');
  const { modules } = await matrixOf(empty, ...KERNELS.slice(0, 2));
  assert.deepEqual([modules[0]?.name, modules[0]?.cells[0]?.verdict], ['empty', 'refused']);
});
