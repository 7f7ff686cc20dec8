// Links out of a folder, with a real file system; what lies outside is never asked for.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { isInsideFolder, linkAt } from '../../../src/host/extension/model/insideFolder';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(root, { recursive: true }));
const folder = path.join(root, 'folder');
mkdirSync(path.join(folder, 'sub'), { recursive: true });
writeFileSync(path.join(folder, 'sub', 'file'), '');
writeFileSync(path.join(root, 'outside'), '');
const links: Readonly<Record<string, string>> = {
  near: 'sub/file',
  'sub/up': '../sub/file',
  far: '../outside',
  absolute: '/net/host/file',
  directory: 'sub',
  'sub/out': '../..',
  loop: 'loop',
  dangling: 'none',
};
for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(folder, name));

function inside(file: string): boolean {
  return isInsideFolder(folder, path.join(folder, file), asked => {
    assert.ok(asked.startsWith(`${folder}/`), `${asked} is asked for`);
    return linkAt(asked);
  });
}

test('what stays below the folder is inside', () => {
  for (const file of ['', 'sub/file', 'near', 'sub/up', 'directory/file', 'directory/up', 'dangling', 'not/there'])
    assert.ok(inside(file), file);
});

test('what leads out of it is not', () => {
  for (const file of ['..', '../outside', 'far', 'absolute', 'sub/out', 'sub/out/outside', 'directory/out', 'loop'])
    assert.ok(!inside(file), file);
  assert.ok(!isInsideFolder(folder, `${folder}s`, () => null), 'a folder with a longer name');
});
