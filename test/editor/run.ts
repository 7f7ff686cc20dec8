// npm run test:editor: the suites of test/editor/suite inside real VS Codes, oldest supported first.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { linkPackages } from '../kernel/lib/build';
import { ensureKernel } from '../kernel/lib/ensureKernel';
import { labKernel } from '../kernel/lib/kernels';
import { ensurePrograms } from '../kernel/lib/machine';
import { repositoryRoot } from '../kernel/lib/paths';
import { progress } from '../kernel/lib/shell';
import { browse } from './browser';
import { tryWithoutServer } from './browserOnly';
import { leftOut } from '../support/leftOut';
import { EDITORS, installBrowser, installEditor } from './lib/install';
import { openWindow } from './lib/window';
import { tryDocuments } from './moduleDocument';
import { makeWorkspace, unusualWindows, type UnusualWindow } from './lib/workspace';
import { tryPackage } from './packaged';
import { tryRealKernel } from './realKernel';

const root = repositoryRoot();
const built = path.join(root, '.build', 'editor');

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

/** What there is to run, by the words that choose it: `npm run test:editor -- web` runs one part alone. */
const PARTS: Readonly<Record<string, () => Promise<number>>> = {
  suites: insideEditors,
  person: inTheBrowser,
  documents,
  kernel,
  packaged,
  web: withoutServer,
};

/** A window waits more than it works: these run at the same time, the parts of each one after another. */
const GROUPS: readonly (readonly string[])[] = [['documents'], ['person', 'kernel'], ['suites', 'packaged', 'web']];

async function main(words: readonly string[]): Promise<void> {
  // Has the editors at hand before they are needed; what cannot be had is said then.
  if (words[0] === 'prepare') return void obstacle();
  const unknown = words.find(word => !Object.hasOwn(PARTS, word));
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(PARTS).join(', ')}`);
  const missing = obstacle();
  if (missing !== null) {
    progress(`editor suites NOT RUN: ${leftOut('the suites inside real editors', missing)}`);
    return;
  }
  const failed = words.length > 0 ? await runParts(words) : await runAll();
  // A group tells the one that started it.
  if (process.send) return void process.send(failed, () => process.disconnect());
  const list = path.join(root, '.build', 'failed-editor.txt');
  rmSync(list, { force: true });
  if (failed.length === 0) return;
  writeFileSync(list, failed.map(line => `editor part ${line}\n`).join(''));
  throw new Error(`failed: ${failed.join('; ')}`);
}

/** All groups at the same time; each but the first prints at its end, in one piece. Gives what failed. */
async function runAll(): Promise<string[]> {
  kernelToBuildWith();
  const [first = [], ...others] = GROUPS;
  const besides = others.map(startGroup);
  const failed = await runParts(first);
  for (const beside of besides) failed.push(...(await beside));
  return failed;
}

/** Runs parts in a process of its own, prints what they said when they are through, and gives what failed. */
async function startGroup(words: readonly string[]): Promise<string[]> {
  const child = fork(process.argv[1] ?? '', words, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => void printed.push(piece));
  let told: string[] | null = null;
  child.on('message', message => (told = message as string[]));
  await once(child, 'close');
  process.stdout.write(Buffer.concat(printed));
  return told ?? [`${words.join(', ')}: broke off`];
}

/** Runs parts one after another, and gives what failed. */
async function runParts(words: readonly string[]): Promise<string[]> {
  const failed: string[] = [];
  for (const [word, run] of Object.entries(PARTS)) {
    if (!words.includes(word)) continue;
    try {
      const failures = await run();
      if (failures > 0) failed.push(`${word}: ${failures} failed`);
    } catch (error) {
      // A part that breaks off has failed, and the others are tried all the same.
      failed.push(
        `${word}: broke off: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      );
    }
  }
  return failed;
}

/** The suites that run in the extension host; throws when one fails. */
async function insideEditors(): Promise<number> {
  const kernel = kernelToBuildWith();
  for (const { vscode } of EDITORS) {
    progress(`VS Code ${vscode}`);
    const folder = makeWorkspace();
    await runIn(vscode, { open: folder, folder, untrusted: false }, kernel);
  }
  const newest = EDITORS.at(-1)?.vscode ?? '';
  for (const window of unusualWindows()) {
    progress(`VS Code ${newest}, ${window.name}`);
    await runIn(newest, window, null);
  }
  return 0;
}

/** The headers that modules are built with in the suites; null, and said to be left out, where they cannot be had. */
function kernelToBuildWith(): string | null {
  const missing = ensurePrograms('building modules in an editor', ['gcc-12', 'make']) ?? ensureKernel('6.1');
  if (missing !== null) return null;
  const kernel = labKernel('6.1');
  linkPackages(kernel);
  return `/usr/src/${path.basename(kernel.headers)}`;
}

/** Runs the suites that fit a window and removes what was opened; throws when one fails. */
async function runIn(
  vscode: string,
  { open, folder, untrusted }: Omit<UnusualWindow, 'name'>,
  kernel: string | null,
): Promise<void> {
  try {
    await runTests({
      vscodeExecutablePath: path.join(built, 'launcher.js'),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(built, 'suite', 'index.js'),
      launchArgs: open === null ? [] : [open],
      extensionTestsEnv: {
        INSMOD_LENS_VSCODE: vscode,
        ...(untrusted ? { INSMOD_LENS_UNTRUSTED: '1' } : {}),
        ...(kernel === null ? {} : { INSMOD_LENS_KDIR: kernel }),
      },
    });
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** The current version, driven from outside. */
async function inTheBrowser(): Promise<number> {
  const newest = EDITORS.at(-1);
  if (!newest) return 0;
  progress(`VS Code ${newest.vscode}, as a person sees it`);
  const folder = makeWorkspace();
  const window = await openWindow({
    editor: installEditor(newest),
    browser: installBrowser(),
    folder,
    extension: root,
    tests: null,
    trusted: true,
  });
  try {
    return await browse(window, folder);
  } finally {
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The documents of modules, in the current version. */
async function documents(): Promise<number> {
  const newest = EDITORS.at(-1);
  if (!newest) return 0;
  progress(`VS Code ${newest.vscode}, documents of modules`);
  return tryDocuments(installEditor(newest), installBrowser());
}

/** Modules on a real kernel, in the current version. */
async function kernel(): Promise<number> {
  const newest = EDITORS.at(-1);
  const tree = kernelToBuildWith();
  const missing = ensurePrograms('real kernels in an editor', ['qemu-system-x86_64', 'gdb']) ?? ensureKernel('6.12');
  if (!newest || tree === null || missing !== null) return 0;
  progress(`VS Code ${newest.vscode}, modules on a real kernel`);
  return tryRealKernel(installEditor(newest), installBrowser(), tree);
}

/** The extension as it is packaged and installed. */
async function packaged(): Promise<number> {
  const newest = EDITORS.at(-1);
  if (!newest) return 0;
  progress(`VS Code ${newest.vscode}, with the package installed`);
  return tryPackage(installEditor(newest), installBrowser());
}

/** The extension as it is packaged, in a VS Code that is only a page. */
async function withoutServer(): Promise<number> {
  const newest = EDITORS.at(-1);
  if (!newest) return 0;
  progress(`VS Code ${newest.vscode}, in the browser alone`);
  return tryWithoutServer(installEditor(newest), installBrowser());
}

main(process.argv.slice(2)).catch((error: unknown) => {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
