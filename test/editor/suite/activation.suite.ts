// The extension is there, and brings what its manifest says.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/host/editor/ids';
import { lensApi } from './support';

suite('activation', () => {
  test('the extension activates without an exception', async () => {
    const api = await lensApi();
    assert.equal(typeof api.reports, 'function');
  });

  test('its commands are registered', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      COMMANDS.filter(id => !known.has(id)),
      [],
    );
  });
});
