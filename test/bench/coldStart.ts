// What the command costs from a cold start: CPU time (user and system) of whole processes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import type { BenchModule } from './modules';

const RUNS = 15;

/** Reports the CPU time of the process it is loaded into, in microseconds, on file descriptor 3. */
const HOOK =
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(3, String(user + system)); });";

export interface ColdStart {
  readonly name: string;
  /** milliseconds of CPU */
  readonly samples: readonly number[];
}

/** `insmod-lens insmod` on a module, and Node.js doing nothing, side by side. */
export function coldStartCpu(kernel: string, module: BenchModule): ColdStart[] {
  const work = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-bench-'));
  try {
    const hook = path.join(work, 'hook.cjs');
    const ko = path.join(work, `${module.name}.ko`);
    writeFileSync(hook, HOOK);
    writeFileSync(ko, module.bytes);
    const cli = path.join(repositoryRoot(), 'dist', 'cli.js');
    const nothing: number[] = [];
    const insmod: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      nothing.push(cpuOf(hook, ['-e', '0']));
      insmod.push(cpuOf(hook, [cli, 'insmod', '--kernel', kernel, ko]));
    }
    return [
      { name: 'CPU of insmod-lens insmod, cold start', samples: insmod },
      { name: 'CPU of node doing nothing', samples: nothing },
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function cpuOf(hook: string, args: readonly string[]): number {
  const run = spawnSync(process.execPath, ['-r', hook, ...args], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return Number(String(run.output[3] ?? '')) / 1000;
}
