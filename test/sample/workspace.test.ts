// The sample workspace is what its README says: one module loads, the other is refused for three reasons.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { analyseModule } from '../../src/host/node/analyse';
import type { TargetResult } from '../../src/protocol/analysis';
import { repositoryRoot } from '../kernel/lib/paths';

const workspace = path.join(repositoryRoot(), 'media', 'workspace');
const kernels = path.join(workspace, 'kernels');

async function on(module: string, kernel: string): Promise<TargetResult> {
  const target = { path: path.join(kernels, `${kernel}.kernel.json.br`) };
  const file = path.join(workspace, module, `${module}.ko`);
  const { results } = await analyseModule({ path: file, targets: [target], args: '', cmdline: '', loaded: [] });
  const [result] = results;
  assert.ok(result);
  return result;
}

test('greeter loads', async () => {
  const { result } = await on('greeter', 'debian-12');
  assert.equal(result.verdict, 'loads');
  assert.deepEqual(
    result.params.map(({ name, value }) => [name, value]),
    [
      ['times', '1'],
      ['whom', 'kernel'],
    ],
  );
});

test('trouble is refused for three reasons, each on its line of C', async () => {
  const { result } = await on('trouble', 'debian-12');
  assert.equal(result.errnoName, 'EINVAL');
  const source = readFileSync(path.join(workspace, 'trouble', 'trouble.c'), 'utf8').split('\n');
  const errors = result.findings.filter(({ severity, code }) => severity === 'error' && code !== 'unknown-symbol');
  for (const { symbol = '', locations } of errors)
    assert.ok(source[(locations[0]?.line ?? 0) - 1]?.includes(symbol), symbol);
  assert.deepEqual([...new Set(errors.map(({ code }) => code))].sort(), [
    'namespace',
    'symbol-not-in-target',
    'symbol-version',
  ]);
});

test('the newer kernel refuses what was built for the older', async () => {
  for (const module of ['greeter', 'trouble'])
    assert.equal((await on(module, 'debian-14')).result.errnoName, 'ENOEXEC');
});

test('every kernel is offered by its name', () => {
  for (const name of readdirSync(kernels)) assert.match(name, /kernel\.json\.br$/);
});
