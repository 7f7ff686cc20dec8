// insmod-lens boot --gdb: a breakpoint in the C source of a module that runs on a real kernel.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { linkPackages } from '../../kernel/lib/build';
import { labKernel } from '../../kernel/lib/kernels';
import { hasProgram } from '../../kernel/lib/shell';
import { CLI, environment } from '../../support/command';
import { leftOut } from '../../support/leftOut';
import { whyNoBoot } from '../node/boot/support';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const SOURCE = `#include <linux/module.h>
static int start = 3;
module_param(start, int, 0444);
static int total;
static noinline int add(int amount)
{
	total += amount;
	return total;
}
static int __init counter_init(void)
{
	int i;

	for (i = 0; i < start; i++)
		add(i + 1);
	return 0;
}
static void __exit counter_exit(void)
{
	add(-total);
}
module_init(counter_init);
module_exit(counter_exit);
MODULE_LICENSE("GPL");
`;

function whyNot(): string | false {
  const missing = ['gdb', 'gcc-12', 'make'].filter(program => !hasProgram(program));
  if (missing.length > 0) return leftOut('a debugger on a real kernel', `needs ${missing.join(', ')}`);
  return whyNoBoot();
}

const skip = whyNot();
const PORT = '31234';

test('a breakpoint in the C source is hit, and variables are read', { skip }, async () => {
  const kernel = labKernel('6.1');
  linkPackages(kernel);
  writeFileSync(path.join(directory, 'counter.c'), SOURCE);
  writeFileSync(path.join(directory, 'Makefile'), 'obj-m := counter.o\n');
  const tree = `/usr/src/${path.basename(kernel.headers)}`;
  execFileSync('make', ['-C', tree, `M=${directory}`, 'CC=gcc-12', 'modules'], { stdio: 'ignore' });
  const options = ['--kernel', kernel.modules, '--gdb', PORT, '--gdb-script', 'counter.gdb'];
  const machine = spawn(process.execPath, [CLI, 'boot', ...options, 'counter.ko', 'start=4'], {
    cwd: directory,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise(resolve => machine.once('close', resolve));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    machine.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('waits for a debugger')) resolve();
    });
    machine.once('close', () => reject(new Error(said)));
  });
  // The stub listens a moment later than the script is there; gdb itself does not wait for it.
  const commands = ['break counter.c:7 if amount == 3', 'continue', 'print total', 'print start', 'kill'];
  const shown = execFileSync(
    'gdb',
    ['-nx', '-batch', '-ex', 'set tcp auto-retry on', '-x', 'counter.gdb', ...commands.flatMap(each => ['-ex', each])],
    { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  machine.kill('SIGINT');
  await ended;
  assert.match(shown, /Temporary breakpoint 1, counter_init \(\) at .*counter\.c:\d+/);
  assert.match(shown, /Breakpoint 2, add \(amount=.*3\) at .*counter\.c:7/);
  assert.match(shown, /\$1 = 3\n\$2 = 4/);
});
