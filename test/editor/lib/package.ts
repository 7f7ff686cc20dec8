// The extension as a person installs it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../../kernel/lib/paths';

let made: string | null = null;

/** Makes the .vsix, once; its path. */
export function makePackage(): string {
  made ??= make();
  return made;
}

function make(): string {
  const root = repositoryRoot();
  const run = spawnSync(process.execPath, [path.join(root, 'scripts', 'package.mjs')], { cwd: root, encoding: 'utf8' });
  const name = /^(\S+\.vsix):/m.exec(run.stdout)?.[1];
  if (run.status !== 0 || name === undefined) throw new Error(`packaging: ${run.stderr.slice(-500)}`);
  return path.join(root, name);
}
