// What a person reads at a place: hovers, lenses, the output of a simulation.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { inWorkspace, reportOf } from './support';

suite('reading the sample', () => {
  const module = inWorkspace('sample', 'hello.ko');
  const source = vscode.Uri.file(inWorkspace('sample', 'hello.c'));

  suiteSetup(async () => {
    await reportOf(module);
    await vscode.window.showTextDocument(source);
  });

  async function hoverAt(text: string, inside = text): Promise<string> {
    const lines = readFileSync(source.fsPath, 'utf8').split('\n');
    const line = lines.findIndex(candidate => candidate.includes(text));
    const column = (lines[line]?.indexOf(text) ?? 0) + text.indexOf(inside);
    const position = new vscode.Position(line, column + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      source,
      position,
    );
    return hovers.flatMap(hover => hover.contents.map(c => (typeof c === 'string' ? c : c.value))).join('\n');
  }

  test('a parameter: type, permissions, default, description', async () => {
    const text = await hoverAt('module_param(times', 'times');
    for (const part of ['int', '0644', 'How often']) assert.ok(text.includes(part), `${part} is not in: ${text}`);
  });

  test('module_init: what it becomes', async () => {
    assert.match(await hoverAt('module_init(hello_init)', 'module_init'), /init_module/);
  });

  test('lenses: the layout above module_init', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      source,
      50,
    );
    const titles = lenses.map(lens => lens.command?.title ?? '');
    assert.ok(
      titles.some(title => /CORE \d+ KiB .*INIT \d+ KiB freed after loading/.test(title)),
      titles.join(' | '),
    );
  });

  test('Simulate insmod runs to its end with parameters given', async () => {
    await vscode.commands.executeCommand('insmodLens.simulateInsmod', { modulePath: module, args: 'times=3' });
  });
});
