// The lock of work that only one process does at a time.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { alone } from './alone';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
const before = process.env['LAB_DIR'];
process.env['LAB_DIR'] = directory;
after(() => {
  if (before === undefined) delete process.env['LAB_DIR'];
  else process.env['LAB_DIR'] = before;
  rmSync(directory, { recursive: true });
});

const lock = path.join(directory, 'fetching.pid');

void test('the lock names who holds it, and is gone afterwards, also after an error', () => {
  assert.equal(
    alone(() => readFileSync(lock, 'utf8')),
    String(process.pid),
  );
  assert.throws(() =>
    alone(() => {
      throw new Error('the work fails');
    }),
  );
  assert.equal(existsSync(lock), false);
});

void test('a lock of a process that is gone is no hindrance', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(lock, String(pid));
  assert.equal(
    alone(() => 'done'),
    'done',
  );
});
