// npm run test:editor: the suites of test/editor/suite inside real VS Codes, oldest supported first.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { repositoryRoot } from '../kernel/lib/paths';
import { progress } from '../kernel/lib/shell';
import { fixturesDirectory, locatedBytes } from '../support/located';
import { EDITORS, installBrowser, installEditor } from './lib/install';

const root = repositoryRoot();
const built = path.join(root, '.build', 'editor');

/** A workspace of its own for every run: the sample module, the facts of its kernel, the module of test/locate. */
function makeWorkspace(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-workspace-'));
  cpSync(path.join(root, 'media', 'sample'), path.join(folder, 'sample'), { recursive: true });
  for (const variant of ['debug', 'stripped'] as const) {
    cpSync(fixturesDirectory, path.join(folder, variant), { recursive: true });
    // Last, so that it is newer than its sources.
    writeFileSync(path.join(folder, variant, 'located.ko'), locatedBytes(variant));
  }
  mkdirSync(path.join(folder, '.vscode'));
  const settings = { 'insmodLens.targets': [path.join(folder, 'sample', 'kernel.json.br')] };
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

/** Why no editor can be tested here, or null. */
function obstacle(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'needs Linux on x86_64';
  try {
    installBrowser();
    for (const editor of EDITORS) installEditor(editor);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<void> {
  const missing = obstacle();
  if (missing !== null) {
    progress(`editor suites NOT RUN: ${missing}`);
    return;
  }
  for (const { vscode } of EDITORS) {
    progress(`VS Code ${vscode}`);
    const workspace = makeWorkspace();
    try {
      await runTests({
        vscodeExecutablePath: path.join(built, 'launcher.js'),
        extensionDevelopmentPath: root,
        extensionTestsPath: path.join(built, 'suite', 'index.js'),
        launchArgs: [workspace],
        extensionTestsEnv: { INSMOD_LENS_VSCODE: vscode },
      });
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }
  }
}

main().catch((error: unknown) => {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
