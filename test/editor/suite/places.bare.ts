// Windows with nothing to simulate, several roots, no trust: the extension is quiet, useful and whole.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/host/editor/ids';
import { OUTSIDE } from '../lib/outside';
import { lensApi, say } from './support';

suite('an unusual window', () => {
  test('activates, registers its commands, and throws nothing', async () => {
    const api = await lensApi();
    const folders = vscode.workspace.workspaceFolders ?? [];
    say(`${folders.length} folders, ${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}`);
    const known = new Set(await vscode.commands.getCommands(true));
    assert.ok(COMMANDS.every(id => known.has(id)));
    await vscode.commands.executeCommand('insmodLens.refresh');
    assert.ok(Array.isArray(api.reports()));
  });

  test('every module of every root is found', async () => {
    const api = await lensApi();
    const wanted = await modulesOnDisk();
    for (let waited = 0; waited < 8000 && api.reports().length < wanted.length; waited += 100)
      await new Promise(resolve => setTimeout(resolve, 100));
    assert.deepEqual(
      api
        .reports()
        .map(report => report?.path)
        .sort(),
      wanted,
    );
  });

  if (vscode.workspace.isTrusted) return;

  test('settings of the folder name kernels of the folder only', async () => {
    const [report] = (await lensApi()).reports();
    assert.ok(report);
    assert.deepEqual(
      report.missingTargets.filter(({ path }) => path === OUTSIDE),
      [],
    );
    assert.deepEqual(
      report.results.map(({ target }) => vscode.workspace.asRelativePath(target.path)),
      ['kernel.json.br'],
    );
  });
});

async function modulesOnDisk(): Promise<string[]> {
  const found: string[] = [];
  for (const { uri } of vscode.workspace.workspaceFolders ?? [])
    for (const [name] of await vscode.workspace.fs.readDirectory(uri))
      if (name.endsWith('.ko')) found.push(vscode.Uri.joinPath(uri, name).fsPath);
  return found.sort();
}
