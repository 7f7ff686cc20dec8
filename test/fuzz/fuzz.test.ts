// The corpus once more, and a short search from a seed that does not change: no exception, no run that takes long or much.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { repositoryRoot } from '../kernel/lib/paths';

const RUNS = '40';

test('every target on its corpus and on a few inputs made from it', () => {
  const fuzz = path.join(repositoryRoot(), 'scripts', 'fuzz.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [fuzz, '--runs', RUNS, '--seed', '1'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
});
