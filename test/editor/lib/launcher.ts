#!/usr/bin/env node
// Stands where @vscode/test-electron expects the executable of a desktop VS Code: same arguments, same exit code.
import { installBrowser, installEditor, EDITORS } from './install';
import { openWindow } from './window';

/** Longer than any suite takes on a machine under load; the window is then taken for hung. */
const LIMIT_MS = 1_200_000;

async function main(args: readonly string[]): Promise<number> {
  const value = (name: string): string | null =>
    args.find(argument => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
  const wanted = process.env['INSMOD_LENS_VSCODE'];
  const version = EDITORS.find(editor => editor.vscode === wanted) ?? EDITORS[0];
  const extension = value('extensionDevelopmentPath');
  const tests = value('extensionTestsPath');
  if (!version || extension === null || tests === null) throw new Error('extension and tests have to be named');
  const window = await openWindow({
    editor: installEditor(version),
    browser: installBrowser(),
    folder: args.find(argument => !argument.startsWith('-')) ?? null,
    extension,
    tests,
    // @vscode/test-electron trusts every workspace; one suite is about those that are not.
    trusted: args.includes('--disable-workspace-trust') && !process.env['INSMOD_LENS_UNTRUSTED'],
  });
  const hung = new Promise<number>(resolve => setTimeout(() => resolve(124), LIMIT_MS).unref());
  const code = await Promise.race([window.finished, hung]);
  const picture = process.env['INSMOD_LENS_PICTURE'];
  if (picture) await window.page.screenshot({ path: picture });
  await window.close();
  if (code === 124) console.error('the window did not finish in time');
  return code;
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(125);
  },
);
