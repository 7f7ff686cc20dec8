// Language models in the editor can call the tools, and get what the command gives them.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LANGUAGE_MODEL_TOOLS } from '../../../src/host/editor/ids';
import { lensApi } from './support';

async function invoke(name: string, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return result.content.map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

suite('tools for language models', () => {
  test('they are registered', async () => {
    await lensApi();
    const known = vscode.lm.tools.map(({ name }) => name);
    for (const name of LANGUAGE_MODEL_TOOLS) assert.ok(known.includes(name), name);
  });

  test('a module of the workspace is checked against the kernels of the settings', async () => {
    await lensApi();
    const text = await invoke('check_module_load', { module: 'sample/hello.ko' });
    assert.match(text, /## On 6\.1\.0-50-amd64: loads/);
  });

  test('findings and logs are explained', async () => {
    await lensApi();
    assert.match(await invoke('explain_module_finding', { code: 'vermagic' }), /## How to fix it/);
    const log = 'foo: disagrees about version of symbol bar';
    assert.match(await invoke('explain_kernel_log', { log }), /symbol-version \(foo, bar\)/);
  });
});
