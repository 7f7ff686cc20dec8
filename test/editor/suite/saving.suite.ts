// Building on save: off unless asked for, and no change is lost to a build that had already read the file.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { inWorkspace, reportOf, waitFor } from './support';

suite('building on save', () => {
  const at = (name: string): string => inWorkspace('saved', name);
  const builds = (): string[] => readFileSync(at('builds'), 'utf8').split('\n').filter(Boolean);
  const buildOnSave = (value: boolean | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('insmodLens').update('buildOnSave', value, vscode.ConfigurationTarget.Workspace);

  suiteSetup(async () => {
    mkdirSync(inWorkspace('saved'));
    copyFileSync(inWorkspace('sample', 'hello.c'), at('made.c'));
    copyFileSync(inWorkspace('sample', 'hello.ko'), at('made.ko'));
    // A build that notes what it read, and takes its time afterwards.
    writeFileSync(at('Makefile'), 'all:\n\techo "$$(tail -n 1 made.c)" >> builds\n\tsleep 1\n');
    writeFileSync(at('builds'), '');
    await reportOf(at('made.ko'));
  });

  suiteTeardown(async () => {
    await buildOnSave(undefined);
    rmSync(inWorkspace('saved'), { recursive: true, force: true });
  });

  test('nothing is built unless the setting says so', async () => {
    await saveWith('// unasked');
    await new Promise(resolve => setTimeout(resolve, 500));
    assert.deepEqual(builds(), []);
  });

  test('a save during a build is built afterwards', async () => {
    await buildOnSave(true);
    const twoEnded = waitFor<void>(
      done => {
        let ended = 0;
        return vscode.tasks.onDidEndTask(() => {
          if (++ended === 2) done();
        });
      },
      'the second build',
      60_000,
    );
    await saveWith('// first');
    while (builds().length === 0) await new Promise(resolve => setTimeout(resolve, 20));
    await saveWith('// second');
    await saveWith('// third');
    await twoEnded;
    assert.deepEqual(builds(), ['// first', '// third']);
  });

  async function saveWith(line: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(at('made.c'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, `\n${line}`);
    await vscode.workspace.applyEdit(edit);
    await document.save();
  }
});
