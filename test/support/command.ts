// The built command as another program would run it.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const CLI = path.join(repositoryRoot(), 'dist', 'cli.js');

/** Runs `insmod-lens ARGS`, standard output and error being pipes. */
export function insmodLens(...args: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { env: environment() });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', status =>
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** Nothing that would force or forbid colours, so that the command itself decides. */
export function environment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ['FORCE_COLOR', 'NO_COLOR', 'NODE_OPTIONS', 'NODE_TEST_CONTEXT']) delete env[name];
  // What a check remembers stays with the build.
  env['XDG_CACHE_HOME'] ??= path.join(repositoryRoot(), '.build', 'cache');
  return env;
}
