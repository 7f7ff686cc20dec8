// A workspace with modules that load, that fail and that crash, built for a kernel whose image is at hand.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { labKernel } from '../../kernel/lib/kernels';
import { QUIET, SAMPLE_KERNEL } from '../lib/workspace';

/** A word on the command line of every machine of this workspace: it tells them from others. */
export const WORD = 'insmod_lens_editor';

const COUNTER = `#include <linux/module.h>
static int start = 3;
module_param(start, int, 0444);
MODULE_PARM_DESC(start, "Where to begin");
static int total;
static noinline int add(int amount)
{
	total += amount;
	return total;
}
static int __init counter_init(void)
{
	pr_info("counter: total %d\\n", add(start));
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

const CRASHER = `#include <linux/module.h>
struct device_state {
	int ready;
};
static struct device_state *state;
static noinline int is_ready(void)
{
	return READ_ONCE(state->ready);
}
static int __init crasher_init(void)
{
	pr_info("crasher: looking for the device\\n");
	return is_ready() ? 0 : -EAGAIN;
}
static void __exit crasher_exit(void)
{
	state = NULL;
}
module_init(crasher_init);
module_exit(crasher_exit);
MODULE_LICENSE("GPL");
`;

const ABSENT = `#include <linux/module.h>
static int __init absent_init(void)
{
	pr_warn("absent: no device\\n");
	return -ENODEV;
}
static void __exit absent_exit(void)
{
}
module_init(absent_init);
module_exit(absent_exit);
MODULE_LICENSE("GPL");
`;

/** The line of CRASHER that reads through a null pointer. */
export const CRASH_LINE = 1 + CRASHER.split('\n').findIndex(line => line.includes('READ_ONCE'));

/** Makes the folder and returns its path; whoever asked removes it. */
export function makeKernelFolder(tree: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-workspace-'));
  const sources = { counter: COUNTER, crasher: CRASHER, absent: ABSENT };
  for (const [name, text] of Object.entries(sources)) writeFileSync(path.join(folder, `${name}.c`), text);
  writeFileSync(
    path.join(folder, 'Makefile'),
    Object.keys(sources)
      .map(name => `obj-m += ${name}.o\n`)
      .join(''),
  );
  execFileSync('make', ['-C', tree, `M=${folder}`, 'CC=gcc-12', 'modules'], { stdio: 'ignore' });
  // A kernel that refuses all of them.
  copyFileSync(
    path.join(path.dirname(SAMPLE_KERNEL), 'debian-14.kernel.json.br'),
    path.join(folder, 'newer.kernel.json.br'),
  );
  mkdirSync(path.join(folder, '.vscode'));
  change(folder, {
    ...QUIET,
    'insmodLens.targets': [labKernel('6.1').modules],
    'insmodLens.cmdline': WORD,
    // Of the machine alone: what a workspace names is not run.
    'insmodLens.qemu': path.join(folder, 'no-such-program'),
  });
  return folder;
}

const settingsFile = (folder: string): string => path.join(folder, '.vscode', 'settings.json');

/** Settings of the workspace; none while there is no such file. */
function settingsOf(folder: string): Readonly<Record<string, unknown>> {
  const file = settingsFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

/** Changes settings of the workspace. */
export function change(folder: string, settings: object): void {
  writeFileSync(settingsFile(folder), JSON.stringify({ ...settingsOf(folder), ...settings }, null, 2));
}

/** The targets that the workspace has chosen. */
export const targetsOf = (folder: string): readonly unknown[] => {
  const targets = settingsOf(folder)['insmodLens.targets'];
  return Array.isArray(targets) ? targets : [];
};

/** How many virtual machines of this workspace run. */
export function machines(): number {
  return readdirSync('/proc').filter(pid => {
    try {
      return (
        /^\d+$/.test(pid) &&
        /^[^\0]*qemu-system.*insmod_lens_editor/s.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))
      );
    } catch {
      return false;
    }
  }).length;
}
