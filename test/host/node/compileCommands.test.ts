// compile_commands.json from what kbuild leaves, for kernels that compile in their own directory and in the module's.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { compileCommandsBelow, writeCompileCommands } from '../../../src/host/node/compileCommands';
import { InputError } from '../../../src/host/node/files';
import { compileCommand } from '../../../src/linux/scripts/clang-tools/genCompileCommands';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(root, { recursive: true }));

const directories = { kernel: '/k', module: '/m' };

test('up to 6.12 the compiler runs in the build directory, later in that of the module', () => {
  const old =
    "cmd_/m/a.o := gcc-12 -I./include -D'KBUILD_MODNAME=\\#a' -c -o /m/a.o /m/a.c  ; ./tools/objtool/objtool --mcount /m/a.o\n";
  assert.deepEqual(compileCommand(`${old}\nsource_/m/a.o := /m/a.c\n`, directories), {
    directory: '/k',
    file: '/m/a.c',
    command: "gcc-12 -I./include -D'KBUILD_MODNAME=#a' -c -o /m/a.o /m/a.c",
  });
  const cross = 'savedcmd_a.o := aarch64-linux-gnu-gcc -I/k/include -c -o a.o a.c\n';
  assert.deepEqual(compileCommand(cross, directories), {
    directory: '/m',
    file: '/m/a.c',
    command: 'aarch64-linux-gnu-gcc -I/k/include -c -o a.o a.c',
  });
});

test('what was linked, or written by modpost, is no source', () => {
  assert.equal(compileCommand('cmd_/m/a.mod.o := gcc -c -o /m/a.mod.o /m/a.mod.c\n', directories), null);
  assert.equal(compileCommand('cmd_/m/b.o := ld -r -o /m/b.o /m/x.o /m/y.o\n', directories), null);
});

test('entries of other sources stay, and what is no such file is left alone', () => {
  mkdirSync(path.join(root, 'drv'));
  writeFileSync(path.join(root, 'drv', '.a.o.cmd'), 'savedcmd_a.o := gcc -c -o a.o a.c\n');
  const file = path.join(root, 'compile_commands.json');
  const other = { directory: root, file: 'tool.c', arguments: ['cc', 'tool.c'] };
  const outdated = { directory: path.join(root, 'drv'), file: 'a.c', command: 'gcc old' };
  writeFileSync(file, JSON.stringify([other, outdated]));
  assert.equal(writeCompileCommands(file, compileCommandsBelow(root)), 1);
  const [kept, fresh] = JSON.parse(readFileSync(file, 'utf8')) as { file: string; command?: string }[];
  assert.deepEqual(kept, other);
  assert.equal(fresh?.command, 'gcc -c -o a.o a.c');
  writeFileSync(file, '{"not": "a list"}');
  assert.throws(() => writeCompileCommands(file, []), /was not changed/);
  assert.equal(readFileSync(file, 'utf8'), '{"not": "a list"}');
  assert.throws(() => writeCompileCommands(path.join(root, 'nowhere', 'own.json'), []), InputError);
});
