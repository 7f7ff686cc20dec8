// Entry of the tests inside the extension host: runs the bundled Mocha files beside this one.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { TEST_OUTPUT } from '../lib/output';

export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => console.log(TEST_OUTPUT + format(...args));
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 120_000, reporter: 'spec' });
  // Where there is nothing to see, only the suites about that are run.
  const bare = vscode.workspace.workspaceFolders?.some(({ name }) => name.startsWith('insmod-lens-workspace')) !== true;
  for (const file of readdirSync(__dirname).sort())
    if (file.endsWith(bare ? '.bare.js' : '.suite.js')) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>(resolve => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
