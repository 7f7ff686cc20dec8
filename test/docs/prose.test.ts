// Everything people read, against the habits that scripts/prose.mjs lists.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { repositoryRoot } from '../kernel/lib/paths';

const script = path.join(repositoryRoot(), 'scripts', 'prose.mjs');

test('no sentence has one of the habits, and spelling is American', () => {
  const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  assert.deepEqual([status, stdout], [0, 'No habits found.\n']);
});

test('the script finds habits, and leaves out what is quoted', async () => {
  const { habitsIn } = (await import(script)) as {
    habitsIn: (file: string, text: string) => { line: number; text: string }[];
  };
  const found = (text: string): string[] => habitsIn('x.md', text).map(each => `${each.line} ${each.text}`);
  assert.deepEqual(found('fine\nIt is held against the target.\nNobody reads it.'), ['2 is held against', '3 Nobody']);
  assert.deepEqual(found('The licence of `the licence` says "whatever" in\n```\nthe colour\n```\n'), ['1 licence']);
  assert.deepEqual(found('one of its own modules, but a name of its own.'), ['1 of its own']);
});
