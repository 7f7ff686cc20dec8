// What the engine says of the sample modules: the page in the browser has to say the same.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { System, type LoadResult } from '../../../src/index';
import { readSnapshot } from '../../../src/host/node/targets';
import { repositoryRoot } from '../../kernel/lib/paths';

const sample = path.join(repositoryRoot(), 'media', 'workspace');

/** The snapshots of the workspace, in the order of their names. */
export const SNAPSHOTS = ['kernels/debian-12.kernel.json.br', 'kernels/debian-14.kernel.json.br'];

/** The engine's answer about a module of the workspace on one of {@link SNAPSHOTS}. */
export function loadOn(kernel: number, module: string, args = '', bytes?: Uint8Array): LoadResult {
  const system = new System(readSnapshot(path.join(sample, SNAPSHOTS[kernel] ?? '')), {});
  return system.insmod({ path: module, bytes: bytes ?? readFileSync(path.join(sample, module)) }, args);
}

/** The lines of the command for every snapshot: kernel log and insmod's own line, without the notes of Insmod Lens. */
export function commandLines(module: string, args: readonly string[]): string[] {
  return SNAPSHOTS.flatMap(snapshot => {
    const command = [path.join(repositoryRoot(), 'dist', 'cli.js'), 'insmod', '--kernel', snapshot, module, ...args];
    const run = spawnSync(process.execPath, command, { cwd: sample, encoding: 'utf8' });
    return `${run.stdout}${run.stderr}`.split('\n').filter(line => line !== '' && !/^(#|insmod-lens: )/.test(line));
  });
}
