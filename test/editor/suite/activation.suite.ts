// The extension is there and wakes up.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

suite('activation', () => {
  test('the extension activates without an exception', async () => {
    const extension = vscode.extensions.all.find(({ id }) => id.endsWith('.insmod-lens'));
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
