// kmod's own tools, where the machine has them.
import { spawn, spawnSync } from 'node:child_process';
import { ensurePrograms } from '../kernel/lib/machine';
import type { Run } from './command';

/** Why comparisons with kmod cannot be made; null when they can. */
export const KMOD_MISSING: string | null =
  kmodVersion() === null ? ensurePrograms("comparisons with kmod's own tools", ['depmod']) : null;

/** Version of the kmod that is there, or null. */
export function kmodVersion(): number | null {
  const { stdout } = spawnSync('depmod', ['--version'], { encoding: 'utf8', env: environment() });
  const version = /^kmod version (\d+)/.exec(stdout)?.[1];
  return version === undefined ? null : Number(version);
}

/** Runs one of kmod's tools; output as byte strings. */
export function kmod(tool: 'depmod' | 'modprobe' | 'modinfo', args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { env: environment() });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', status =>
      resolve({ status, stdout: Buffer.concat(out).toString('latin1'), stderr: Buffer.concat(err).toString('latin1') }),
    );
  });
}

/** The tools live where an ordinary user's PATH need not lead. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
    LC_ALL: 'C',
    MODPROBE_OPTIONS: undefined,
  };
}
