// Parameters are held against the module on a machine that has what the module needs.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { checkArguments } from '../../../src/host/extension/worker/checkArguments';
import { fixturesDir, recordedRoot } from '../../kernel/lib/paths';

const RELEASE = '6.1.0-50-amd64';
const fixture = (name: string): string => path.join(fixturesDir(RELEASE), `${name}.ko`);

void test('a module that needs another has its parameters checked once that one is loaded', async () => {
  const request = {
    path: fixture('user'),
    targets: [{ path: path.join(recordedRoot(), RELEASE, 'target.json.br') }],
    args: '',
    cmdline: '',
  };
  const codes = async (loaded: readonly string[], known: readonly string[]): Promise<unknown[]> => {
    const { problems } = await checkArguments({ request: { ...request, loaded, known }, args: ['dyndbg=nonsense'] });
    return problems.map(problem => problem?.finding.code);
  };
  assert.deepEqual(await codes([], []), [undefined]);
  assert.deepEqual(await codes([fixture('exporter')], []), ['dyndbg-query']);
  assert.deepEqual(await codes([], [fixture('exporter')]), ['dyndbg-query']);
});
