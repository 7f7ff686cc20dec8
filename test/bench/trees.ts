// Checking a distribution's whole tree, against depmod on the same tree: turn by turn, so that both meet the same noise.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureKernel } from '../kernel/lib/ensureKernel';
import { labKernel } from '../kernel/lib/kernels';
import { repositoryRoot } from '../kernel/lib/paths';
import { hasProgram } from '../kernel/lib/shell';

export interface TreeCost {
  readonly tree: string;
  readonly rows: readonly { readonly name: string; readonly samples: readonly number[] }[];
  /** Median of a check divided by the median of `depmod -n`. */
  readonly ratios: readonly { readonly name: string; readonly ratio: number }[];
  /** Bytes the largest process of a check took at its peak; xz(1), where it runs, not counted. */
  readonly peakBytes: number;
}

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly samples: number[];
}

/** Null, and why, where the kernel or depmod is missing. */
export function treeCost(key: string, runs: number): TreeCost | string {
  const missing = ensureKernel(key);
  if (missing !== null) return missing;
  if (!hasProgram('depmod')) return 'needs depmod (Debian package kmod)';
  const kernel = labKernel(key);
  const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-bench-'));
  try {
    mkdirSync(path.join(root, 'lib/modules'), { recursive: true });
    symlinkSync(kernel.modules, path.join(root, 'lib/modules', kernel.release));
    const hook = path.join(root, 'peak.cjs');
    const peaks = path.join(root, 'peaks');
    writeFileSync(hook, HOOK);
    const check = (...more: string[]): string[] => [
      ...['--require', hook, path.join(repositoryRoot(), 'dist/cli.js'), 'check'],
      ...[...more, '--kernel', kernel.headers, kernel.modules],
    ];
    const symvers = path.join(kernel.headers, 'Module.symvers');
    const depmod = ['-n', '-b', root, kernel.release];
    const contenders: Contender[] = [
      { name: 'depmod -n', command: 'depmod', args: depmod, samples: [] },
      { name: 'depmod -n -e -E', command: 'depmod', args: ['-e', '-E', symvers, ...depmod], samples: [] },
      {
        name: 'check, without relocations',
        command: process.execPath,
        args: check('--no-cache', '--no-relocations'),
        samples: [],
      },
      { name: 'check', command: process.execPath, args: check('--no-cache'), samples: [] },
      // Nothing changed since the turn before.
      { name: 'check again', command: process.execPath, args: check(), samples: [] },
    ];
    // One turn more than counts: the first finds the files in memory for the others.
    for (let run = 0; run <= runs; run++) for (const contender of contenders) take(contender, run > 0, peaks);
    return summary(`${key}: ${kernel.release}`, contenders, readFileSync(peaks, 'utf8'));
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Appends the peak of the process to a file when it ends, in KB. */
const HOOK = `const { isMainThread } = require('node:worker_threads');
if (isMainThread) process.on('exit', () =>
  require('node:fs').appendFileSync(process.env.BENCH_PEAKS, process.resourceUsage().maxRSS + '\\n'));
`;

function take({ name, command, args, samples }: Contender, counts: boolean, peaks: string): void {
  const started = performance.now();
  const { status } = spawnSync(command, args, {
    stdio: 'ignore',
    env: { ...process.env, BENCH_PEAKS: peaks, XDG_CACHE_HOME: path.dirname(peaks) },
  });
  if (counts) samples.push(performance.now() - started);
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
}

function summary(tree: string, contenders: readonly Contender[], peaks: string): TreeCost {
  const median = (samples: readonly number[]): number =>
    [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? NaN;
  const [depmod, , ...checks] = contenders;
  return {
    tree,
    rows: contenders.map(({ name, samples }) => ({ name: `${tree}, ${name}`, samples })),
    ratios: checks.map(({ name, samples }) => ({ name, ratio: median(samples) / median(depmod?.samples ?? []) })),
    peakBytes: Math.max(...peaks.trim().split('\n').map(Number)) * 1024,
  };
}
