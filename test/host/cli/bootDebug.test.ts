// insmod-lens boot --gdb: a breakpoint in the C source of a module that runs on a real kernel.
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import test, { after } from 'node:test';
import { makeArguments as archMakeArguments } from '../../kernel/arch/build';
import { archLabKernel } from '../../kernel/arch/kernels';
import { linkPackages, makeArguments } from '../../kernel/lib/build';
import { ensureArchKernel, ensureKernel } from '../../kernel/lib/ensureKernel';
import { labKernel, type LabKernel } from '../../kernel/lib/kernels';
import { ensurePrograms } from '../../kernel/lib/machine';
import { CLI, environment } from '../../support/command';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

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

interface Row {
  readonly arch: string;
  readonly debugger: string;
  /** What the module is built with. */
  readonly compiler: string;
  readonly qemu: string;
  readonly port: string;
  readonly whyNoKernel: () => string | null;
  readonly kernel: () => LabKernel;
  readonly build: (directory: string) => readonly string[];
}

const ROWS: readonly Row[] = [
  {
    arch: 'x86_64',
    debugger: 'gdb',
    compiler: 'gcc-12',
    qemu: 'qemu-system-x86_64',
    port: '31234',
    whyNoKernel: () => ensureKernel('6.1'),
    kernel: () => labKernel('6.1'),
    build: at => makeArguments(labKernel('6.1'), at),
  },
  {
    arch: 'arm64',
    debugger: 'gdb-multiarch',
    compiler: 'aarch64-linux-gnu-gcc-12',
    qemu: 'qemu-system-aarch64',
    port: '31235',
    whyNoKernel: () => ensureArchKernel('arm64-6.1'),
    kernel: () => archLabKernel('arm64-6.1'),
    build: at => archMakeArguments(archLabKernel('arm64-6.1'), at),
  },
];

for (const row of ROWS) {
  const programs = [row.debugger, row.compiler, row.qemu, 'make'];
  const skip = ensurePrograms(`a debugger on a real kernel of ${row.arch}`, programs) ?? row.whyNoKernel() ?? false;
  test(`a breakpoint in the C source is hit, and variables are read, on ${row.arch}`, { skip }, async () => {
    const directory = path.join(scratch, row.arch);
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'counter.c'), SOURCE);
    writeFileSync(path.join(directory, 'Makefile'), 'obj-m := counter.o\n');
    const kernel = row.kernel();
    linkPackages(kernel);
    execFileSync('make', [...row.build(directory)], { stdio: 'ignore' });
    const shown = await debugged(row, kernel.modules, directory);
    assert.match(shown, /Temporary breakpoint 1, counter_init \(\) at .*counter\.c:\d+/);
    assert.match(shown, /Breakpoint 2, add \(amount=.*3\) at .*counter\.c:7/);
    assert.match(shown, /\$1 = 3\n\$2 = 4/);
  });
}

/** What the debugger prints when it follows the script and then stops in a function of the module. */
async function debugged(row: Row, modules: string, directory: string): Promise<string> {
  const options = ['--kernel', modules, '--gdb', row.port, '--gdb-script', 'counter.gdb'];
  const machine = spawn(process.execPath, [CLI, 'boot', ...options, 'counter.ko', 'start=4'], {
    cwd: directory,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise(resolve => machine.once('close', resolve));
  try {
    await waiting(machine);
    // The stub listens a moment later than the script is there; gdb itself does not wait for it.
    const commands = ['break counter.c:7 if amount == 3', 'continue', 'print total', 'print start', 'kill'];
    const asked = commands.flatMap(each => ['-ex', each]);
    return execFileSync(
      row.debugger,
      ['-nx', '-batch', '-ex', 'set tcp auto-retry on', '-x', 'counter.gdb', ...asked],
      { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  } finally {
    machine.kill('SIGINT');
    await ended;
  }
}

/** Resolves when a debugger may connect. */
function waiting(machine: ChildProcessByStdio<null, null, Readable>): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    machine.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('waits for a debugger')) resolve();
    });
    machine.once('close', () => reject(new Error(said)));
  });
}
