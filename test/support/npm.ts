// The package as npm makes and installs it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { environment } from './command';

export const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
/** Packages of the registry are never asked for: there are no dependencies at run time. */
export const OFFLINE = [
  '--offline',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
  '--no-update-notifier',
  '--loglevel=error',
];

/** Runs a program with `home` for npm's cache and settings; what it prints. */
export function run(home: string, command: string, args: readonly string[], cwd: string): string {
  const env = { ...environment(), npm_config_cache: path.join(home, 'npm'), HOME: home };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** `npm pack` of the repository as it was built, into `directory`. */
export function pack(directory: string): Packed {
  const args = ['pack', '--json', '--pack-destination', directory, ...OFFLINE];
  const [packed] = JSON.parse(run(directory, NPM, args, repositoryRoot())) as Packed[];
  assert.ok(packed);
  return packed;
}
