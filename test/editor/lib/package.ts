// The extension as a person installs it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../../kernel/lib/paths';

/** Makes the .vsix; its path. */
export function makePackage(): string {
  const root = repositoryRoot();
  const run = spawnSync(process.execPath, [path.join(root, 'scripts', 'package.mjs')], { cwd: root, encoding: 'utf8' });
  const made = /^(\S+\.vsix):/m.exec(run.stdout)?.[1];
  if (run.status !== 0 || made === undefined) throw new Error(`packaging: ${run.stderr.slice(-500)}`);
  return path.join(root, made);
}
