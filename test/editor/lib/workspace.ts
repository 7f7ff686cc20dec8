// A workspace of its own for every run: the sample module, the facts of its kernel, the module of test/locate.
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../kernel/lib/paths';
import { fixturesDirectory, locatedBytes } from '../../support/located';

/** Makes the folder and returns its path; whoever asked removes it. */
export function makeWorkspace(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-workspace-'));
  cpSync(path.join(repositoryRoot(), 'media', 'sample'), path.join(folder, 'sample'), { recursive: true });
  for (const variant of ['debug', 'stripped'] as const) {
    cpSync(fixturesDirectory, path.join(folder, variant), { recursive: true });
    // Last, so that it is newer than its sources.
    writeFileSync(path.join(folder, variant, 'located.ko'), locatedBytes(variant));
  }
  mkdirSync(path.join(folder, '.vscode'));
  const settings = {
    'insmodLens.targets': [path.join(folder, 'sample', 'kernel.json.br')],
    'workbench.startupEditor': 'none',
    'chat.commandCenter.enabled': false,
  };
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}
