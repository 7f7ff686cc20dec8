// Which debugger is started on a kernel that waits, and with what.
import assert from 'node:assert/strict';
import test from 'node:test';
import { launchWith } from '../../../src/host/extension/model/debuggers';

const SCRIPT = [
  '# a comment',
  'set confirm off',
  'add-symbol-file "/w/counter.ko" -s .text 0xffffffffc0000000',
  'target remote 127.0.0.1:4711',
  'thbreak *0xffffffffc0004000',
  'continue',
  '',
].join('\n');
const WAITING = { module: 'counter', modulePath: '/w/counter.ko', script: SCRIPT, port: 4711, gdb: '/usr/bin/gdb' };

const launch = (...installed: string[]) =>
  launchWith(id => installed.includes(id), 'counter on the real kernel', WAITING);

test('without an extension that drives gdb there is no launch', () => {
  assert.equal(launch('llvm-vs-code-extensions.vscode-clangd'), null);
});

test('C/C++ connects as the script says, and runs to the breakpoint itself', () => {
  const launched = launch('ms-vscode.cpptools', 'webfreak.debug');
  assert.ok(launched);
  const { type, customLaunchSetupCommands, launchCompleteCommand, miDebuggerPath } = launched;
  assert.equal(type, 'cppdbg');
  assert.deepEqual(
    (customLaunchSetupCommands as { text: string }[]).map(({ text }) => text),
    SCRIPT.split('\n').slice(1, 5),
  );
  assert.deepEqual([launchCompleteCommand, miDebuggerPath], ['exec-continue', '/usr/bin/gdb']);
});

test('Native Debug connects to the port before the commands', () => {
  const launched = launch('webfreak.debug');
  assert.ok(launched);
  const { type, request, target, remote, autorun } = launched;
  assert.deepEqual([type, request, target, remote], ['gdb', 'attach', '127.0.0.1:4711', true]);
  assert.deepEqual(autorun, [SCRIPT.split('\n')[1], SCRIPT.split('\n')[2], SCRIPT.split('\n')[4], 'continue']);
});
