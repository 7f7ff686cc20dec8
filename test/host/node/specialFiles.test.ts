// Names of a workspace that lead to pipes, devices and files no memory can hold: one line each, and no waiting.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { repositoryRoot } from '../../kernel/lib/paths';
import { fixture } from '../../support/recorded';

const root = repositoryRoot();
const directory = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-special-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const at = (name: string): string => path.join(directory, name);
const skip = process.platform === 'win32' && 'there are no pipes among files';
const snapshot = path.join(root, 'media', 'workspace', 'kernels', 'debian-12.kernel.json.br');

/** A command that waits for somebody to write into a pipe, or reads a device to its end, ends here. */
function run(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const cli = path.join(root, 'dist', 'cli.js');
  return spawnSync(process.execPath, [cli, ...args], { cwd: directory, encoding: 'utf8', timeout: 20_000 });
}

if (skip === false) {
  execFileSync('mkfifo', [at('pipe.ko')]);
  symlinkSync('/dev/zero', at('zero.ko'));
  mkdirSync(at('sub.ko'));
  writeFileSync(at('huge.ko'), '');
  truncateSync(at('huge.ko'), 3 * 2 ** 30);
}

test('modules', { skip }, () => {
  for (const [name, reason] of [
    ['pipe.ko', 'is not a regular file'],
    ['zero.ko', 'is not a regular file'],
    ['sub.ko', 'is a directory: "insmod-lens check" takes one, with all modules in it'],
    ['huge.ko', 'too large to be read'],
  ] as const) {
    const { status, stdout, stderr } = run('insmod', '--kernel', snapshot, name);
    assert.deepEqual([status, stdout, stderr], [2, '', `insmod-lens: ${name}: ${reason}\n`]);
    assert.deepEqual(run('modinfo', name).status, 2, name);
  }
});

test('in a tree, beside a module that loads', { skip }, () => {
  mkdirSync(at('tree'));
  execFileSync('mkfifo', [at('tree/pipe.ko')]);
  symlinkSync('/dev/zero', at('tree/zero.ko'));
  symlinkSync('pipe.ko', at('tree/link.ko'));
  writeFileSync(at('tree/minimal.ko'), fixture('6.1', 'minimal').bytes);
  const { status, stdout, stderr } = run('check', '--kernel', snapshot, 'tree');
  assert.equal(status, 2);
  assert.match(stdout, /1 module, 1 would load, 0 would be refused/);
  for (const name of ['link', 'pipe', 'zero']) assert.match(stderr, new RegExp(`tree/${name}\\.ko: is not a regular`));
});

test('what lies beside a module, and the parts of a kernel', { skip }, () => {
  mkdirSync(at('built'));
  writeFileSync(at('built/minimal.ko'), fixture('6.1', 'minimal').bytes);
  execFileSync('mkfifo', [at('built/Makefile'), at('built/.minimal.o.cmd'), at('built/minimal.mod')]);
  symlinkSync('/dev/zero', at('built/Kbuild'));
  symlinkSync('/dev/zero', at('built/minimal.c'));
  assert.equal(run('insmod', '--kernel', snapshot, 'built/minimal.ko').status, 0);
  // Without a kernel it is looked for in those files, and may be that of this machine.
  assert.ok([0, 1, 2].includes(run('insmod', 'built/minimal.ko').status ?? -1));
  mkdirSync(at('kernel/include/generated'), { recursive: true });
  writeFileSync(at('kernel/include/generated/utsrelease.h'), '#define UTS_RELEASE "6.1.0"\n');
  writeFileSync(at('kernel/.config'), 'CONFIG_X86_64=y\n');
  symlinkSync('/dev/zero', at('kernel/Module.symvers'));
  const { status, stderr } = run('insmod', '--kernel', 'kernel', 'built/minimal.ko');
  assert.equal(status, 2);
  assert.match(stderr, /kernel\/Module\.symvers: is not a regular file\n$/);
  execFileSync('mkfifo', [at('pipe.json')]);
  assert.equal(run('insmod', '--kernel', 'pipe.json', 'built/minimal.ko').status, 2);
});
