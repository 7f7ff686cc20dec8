// npm run bench -- ratios [--history FILE]: what the command costs beside the programs it is compared with, run in turns so that
// both meet the same noise, and how costs grow with the size of an input. CPU of whole processes, as bash(1) reports it.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureKernel } from '../kernel/lib/ensureKernel';
import { labKernel, type LabKernel } from '../kernel/lib/kernels';
import { listModules } from '../kernel/lib/stockTree';
import { hasProgram } from '../kernel/lib/shell';
import { exponentOf } from '../support/steps';
import { GROWTH_CASES } from '../growth/cases';
import { CLI } from '../support/command';

type Command = readonly [program: string, ...args: string[]];

interface Pair {
  readonly name: string;
  /** The largest ratio that counts as reached. */
  readonly goal: number;
  readonly beside: Command;
  readonly command: Command;
  readonly runs: number;
  /** Whether each run begins with an empty cache. */
  readonly isCold?: boolean;
}

interface Ratio {
  readonly name: string;
  readonly goal: number;
  /** Median of the ratios of neighbouring runs. */
  readonly ratio: number;
  /** Least CPU of either, in milliseconds. */
  readonly beside: number;
  readonly command: number;
}

const FACTOR = 8;
const work = mkdtempSync(path.join(tmpdir(), 'insmod-lens-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const insmodLens = (...args: string[]): Command => [process.execPath, CLI, ...args];
const NOTHING: Command = [process.execPath, '-e', '0'];

function startPairs({ headers, modules }: LabKernel): Pair[] {
  const stock = path.join(modules, 'kernel/net/phonet/phonet.ko');
  const insmod = insmodLens('insmod', '--kernel', headers, stock);
  const beside = NOTHING;
  return [
    { name: 'insmod / node -e 0', goal: 1.7, beside, command: insmod, runs: 15 },
    { name: 'insmod, nothing cached / node -e 0', goal: Infinity, beside, command: insmod, runs: 5, isCold: true },
    { name: 'modinfo / node -e 0', goal: 1.7, beside, command: insmodLens('modinfo', stock), runs: 9 },
  ];
}

function treePairs(kernel: LabKernel): Pair[] {
  if (!hasProgram('depmod')) return [];
  const root = path.join(work, kernel.release);
  const symvers = path.join(kernel.headers, 'Module.symvers');
  const beside: Command = ['depmod', '-n', '-e', '-E', symvers, '-b', root, kernel.release];
  const check = (...more: string[]): Command =>
    insmodLens('check', ...more, '--kernel', kernel.headers, kernel.modules);
  const alone = checkWithoutImage(kernel, root);
  return [
    { name: 'check of a plain tree / depmod -n -e -E', goal: 2, beside, command: alone, runs: 5 },
    { name: 'with the image: signatures, BTF / depmod', goal: Infinity, beside, command: check('--no-cache'), runs: 3 },
    { name: 'check again / depmod -n -e -E', goal: 0.75, beside, command: check(), runs: 5 },
  ];
}

/**
 * Headers and modules under `root`, where no image of their kernel is found: what they are compared with verifies no signature
 * and reads no types either.
 */
function checkWithoutImage({ headers, modules, release }: LabKernel, root: string): Command {
  const [src, lib] = [path.join(root, 'usr/src'), path.join(root, 'lib/modules')];
  for (const directory of [src, lib]) mkdirSync(directory, { recursive: true });
  const beside = path.dirname(headers);
  for (const name of readdirSync(beside)) symlinkSync(path.join(beside, name), path.join(src, name));
  symlinkSync(modules, path.join(lib, release));
  return insmodLens('check', '--no-cache', '--kernel', path.join(src, path.basename(headers)), path.join(lib, release));
}

function xzPairs(kernel: LabKernel): Pair[] {
  if (!hasProgram('xz')) return [];
  const { headers, modules, release } = kernel;
  const beside: Command = ['xz', '-dc', ...listModules(modules, '.ko.xz')];
  const alone = checkWithoutImage(kernel, path.join(work, release));
  const whole = insmodLens('check', '--no-cache', '--kernel', headers, modules);
  return [
    { name: 'check of an xz tree / xz -dc', goal: 1.2, beside, command: alone, runs: 2 },
    { name: 'with the image: signatures, BTF / xz -dc', goal: Infinity, beside, command: whole, runs: 2 },
  ];
}

/** CPU of a process and what it started, in milliseconds. */
function cpuOf(command: Command, cache: string): number {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" >/dev/null 2>/dev/null; } 2>&1';
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', XDG_CACHE_HOME: cache },
  });
  const [user = NaN, system = NaN] = stdout.trim().split(' ').map(Number);
  return 1000 * (user + system);
}

function measure({ name, goal, beside, command, runs, isCold = false }: Pair): Ratio {
  const warm = mkdtempSync(path.join(work, 'cache-'));
  const cache = (): string => (isCold ? mkdtempSync(path.join(work, 'cache-')) : warm);
  const failed = [beside, command].find(whole => spawnSync(whole[0], whole.slice(1), { stdio: 'ignore' }).status !== 0);
  if (failed) throw new Error(`${failed.slice(0, 4).join(' ')} … fails: what it costs says nothing`);
  // Fills the cache, and finds the files in memory.
  for (let i = 0; i < (isCold ? 1 : 3); i++) cpuOf(command, cache());
  const pairs = Array.from({ length: runs }, () => [cpuOf(beside, warm), cpuOf(command, cache())] as const);
  const least = (which: 0 | 1): number => Math.min(...pairs.map(pair => pair[which]));
  return { name, goal, ratio: median(pairs.map(([a, b]) => b / a)), beside: least(0), command: least(1) };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** How CPU grows with the number of what an input has many of: 1 is in proportion, 2 with the square. */
async function exponents(): Promise<{ readonly name: string; readonly exponent: number }[]> {
  const found = [];
  for (const { name, count, make } of GROWTH_CASES) {
    const [one, many] = [make(count), make(count * FACTOR)];
    // The first time, functions are compiled.
    await one();
    const small = await milliseconds(one);
    const exponent = exponentOf(small, await milliseconds(many), FACTOR);
    console.log(`${name.padEnd(44)} ${exponent.toFixed(2).padStart(6)}`);
    found.push({ name, exponent });
  }
  return found;
}

async function milliseconds(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function lineOf({ name, goal, ratio, beside, command }: Ratio): string {
  const cell = (text: string): string => text.padStart(7);
  const numbers = [ratio.toFixed(2), goal === Infinity ? '-' : goal.toFixed(2), command.toFixed(0), beside.toFixed(0)];
  return name.padEnd(43) + numbers.map(cell).join(' ');
}

async function main(): Promise<void> {
  const pairs = [
    ['6.1', startPairs],
    ['6.1', treePairs],
    ['6.12', xzPairs],
  ] as const;
  const ratios: Ratio[] = [];
  console.log(`${'CPU'.padEnd(44)}  ratio   goal      ms  beside`);
  for (const [key, make] of pairs) {
    const missing = ensureKernel(key);
    if (missing !== null) console.log(`left out: ${key}: ${missing}`);
    else
      for (const pair of make(labKernel(key))) {
        const ratio = measure(pair);
        ratios.push(ratio);
        console.log(lineOf(ratio));
      }
  }
  console.log(`\n${'CPU grows with the number of'.padEnd(44)} exponent`);
  const growth = await exponents();
  const at = process.argv.indexOf('--history');
  const history = at < 0 ? undefined : process.argv[at + 1];
  if (history !== undefined)
    appendFileSync(
      history,
      JSON.stringify({ date: new Date().toISOString(), node: process.version, ratios, growth }) + '\n',
    );
}

void main();
