// The folder that is opened without a disk: the sample workspace, its module packed in every way, and broken ones.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { repositoryRoot } from '../../kernel/lib/paths';
import { leftOut } from '../../support/leftOut';

const sample = path.join(repositoryRoot(), 'media', 'workspace');

/** The module that loads, in the folder `packed` by the endings that it has there. */
export const PACKED = new Map<string, Uint8Array>();

/** A module that ends where it should go on, in the folder `broken`. */
export const CUT = readFileSync(path.join(sample, 'greeter', 'greeter.ko')).subarray(0, 3000);

/** Makes it. No kernel is chosen: all snapshots are held against. */
export function makeWebFolder(folder: string): void {
  cpSync(sample, folder, { recursive: true });
  rmSync(path.join(folder, '.vscode', 'settings.json'));
  const module = readFileSync(path.join(sample, 'greeter', 'greeter.ko'));
  PACKED.set('ko.gz', gzipSync(module));
  packWith('xz', 'ko.xz', '--check=crc32', '--stdout');
  packWith('zstd', 'ko.zst', '--stdout');
  mkdirSync(path.join(folder, 'packed'));
  for (const [ending, bytes] of PACKED) writeFileSync(path.join(folder, 'packed', `greeter.${ending}`), bytes);
  writeFileSync(path.join(folder, 'dmesg.txt'), '[ 1.5] greeter: disagrees about version of symbol kfree\n');
  mkdirSync(path.join(folder, 'broken'));
  writeFileSync(path.join(folder, 'broken', 'cut.ko'), CUT);
  writeFileSync(path.join(folder, 'broken', 'half.ko.gz'), gzipSync(module).subarray(0, 1000));

  function packWith(program: string, ending: string, ...args: string[]): void {
    const run = spawnSync(program, args, { input: module });
    if (run.status === 0) PACKED.set(ending, run.stdout);
    else leftOut(`a .${ending} in the browser alone`, `${program} is not installed`);
  }
}
