// Types, saves, hovers and photographs in a real VS Code, as a person would; pictures go to .build/pictures.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EditorWindow } from './lib/window';
import { doAll, type Deed } from './lib/deeds';
import { Hands } from './lib/hands';
import { ofSample } from './lib/workspace';

const DEEDS: readonly Deed[] = [
  {
    name: 'opens a source and sees what the kernel says on the line',
    run: async hands => {
      await hands.openFile('debug/main.c');
      await hands.page.waitForSelector('.squiggly-error');
      await hands.see('.statusbar-item', /located.*refused/s);
      await hands.picture('1-squiggles');
    },
  },
  {
    name: 'hovers over a symbol and reads its versions',
    run: async hands => {
      await hands.pointAt('versioned_call(y)', 'versioned_call');
      await hands.see('.monaco-hover', /versioned_call.*6\.1\.0-50-amd64/s);
      await hands.picture('2-hover');
      await hands.press('Escape');
    },
  },
  {
    name: 'edits and saves, and is told that positions are those of the last build',
    run: async hands => {
      await hands.goTo(1, 1);
      await hands.press('End');
      await hands.page.keyboard.type(' /* edited */');
      await hands.press('Control+S', 'Control+Shift+M');
      await hands.see('.markers-panel', /from the last build/);
      await hands.picture('3-problems');
    },
  },
  {
    name: 'simulates insmod with a parameter and reads the log',
    run: async hands => {
      await hands.openFile('sample/hello.c');
      await hands.command('Insmod Lens: Simulate insmod');
      await hands.see('.quick-input-title', /Simulate insmod hello\.ko/);
      await hands.page.keyboard.type('tims=2');
      // Parameters are checked while they are typed: what is said of `tim` comes before.
      await hands.see('.quick-input-list .monaco-list-row', /unknown parameter 'tims' ignored/);
      await hands.picture('4-parameters');
      await hands.press('Enter');
      await hands.see('.part.panel .view-lines', /unknown parameter 'tims' ignored/);
      await hands.picture('5-simulated');
    },
  },
  {
    name: 'opens the tree of modules, targets and stages',
    run: async hands => {
      await hands.page
        .locator('.activitybar .action-item[aria-label*="Kernel modules"]')
        .first()
        .click({ timeout: 60_000 });
      await hands.see('.pane-body .monaco-list-row', /hello/);
      await hands.picture('6-tree');
    },
  },
  {
    name: 'narrows the view to what is refused, and widens it again',
    run: async hands => {
      await hands.command('Insmod Lens: Filter modules');
      await hands.see('.quick-input-title', /Show which modules/);
      await hands.page.keyboard.type('refused');
      await hands.press('Enter');
      await hands.see('.pane-body', /\d of \d modules: refused/);
      // The list is drawn after its message.
      const rows = hands.page.locator('.pane-body .monaco-list-row');
      await rows
        .filter({ hasNotText: /located/ })
        .first()
        .waitFor({ state: 'detached' });
      assert.ok((await rows.count()) > 0);
      await hands.picture('7-filtered');
      await hands.command('Insmod Lens: Clear filter');
      await hands.see('.pane-body .monaco-list-row', /hello/);
    },
  },
  {
    name: 'opens a module by its row',
    run: async hands => {
      await hands.page.locator('.pane-body .monaco-list-row', { hasText: 'hello.ko' }).first().click();
      await hands.see('.tabs-container .tab', /hello\.ko/);
      await hands.document.locator('insmod-lens-module h1').waitFor();
      await hands.picture('8-opened');
    },
  },
];

const ROWS = '.pane-body .monaco-list-row';
const COPIES = 24;

/** A workspace that has grown: more modules than are checked, and more than a plain list is good for. */
const inLargeWorkspace = (folder: string): readonly Deed[] => [
  {
    name: 'sees how many modules are not checked, and has all of them checked',
    reloads: true,
    run: async hands => {
      for (let i = 0; i < COPIES; i++) {
        const directory = path.join(folder, 'many', `dir${i % 3}`);
        mkdirSync(directory, { recursive: true });
        cpSync(ofSample('hello.ko'), path.join(directory, `hello${i}.ko`));
      }
      const file = path.join(folder, '.vscode', 'settings.json');
      const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...settings, 'insmodLens.maxModules': 6 }));
      await hands.command('Developer: Reload Window');
      await hands.page.waitForSelector('.monaco-workbench .statusbar-item');
      await hands.see(ROWS, new RegExp(`6 of ${COPIES + 6} modules checked`));
      await hands.picture('9-limit');
      await hands.page.locator(ROWS, { hasText: 'modules checked' }).click();
      await hands.page.locator(ROWS, { hasText: 'modules checked' }).waitFor({ state: 'detached' });
    },
  },
  {
    name: 'finds many modules by folder, and has them listed instead',
    run: async hands => {
      await hands.see(ROWS, /many.dir1.*8/);
      await hands.picture('10-folders');
      await hands.command('Insmod Lens: Group modules by folder');
      await hands.see(ROWS, /hello11\.ko/);
      await hands.page.locator(ROWS, { hasText: /^many.dir1/ }).waitFor({ state: 'detached' });
      await hands.command('Insmod Lens: Group modules by folder');
      await hands.see(ROWS, /many.dir1.*8/);
    },
  },
  {
    name: 'asks for a kernel of a release of which nothing is at hand',
    run: async hands => {
      await hands.command('Insmod Lens: Select target kernels');
      await hands.page.locator('.quick-input-list .monaco-list-row', { hasText: 'A kernel of a release' }).click();
      await hands.press('Enter');
      await hands.see('.quick-input-title', /A kernel of a release, not at hand/);
      const input = hands.page.locator('.quick-input-widget input').first();
      await input.fill('old');
      await hands.see('.quick-input-message', /Expected RELEASE or RELEASE-ARCH/);
      await input.fill('3.10-x86_64');
      await hands.press('Enter');
      await hands.openFile('sample/hello.ko');
      await hands.document.locator('insmod-lens-module', { hasText: '3.10' }).waitFor();
      await hands.picture('11-release');
    },
  },
];

/** The number of things that went wrong. */
export async function browse(window: EditorWindow, folder: string): Promise<number> {
  const hands = new Hands(window.page);
  await window.page.waitForSelector('.monaco-workbench .statusbar-item');
  await window.page.waitForTimeout(3000);
  return doAll(hands, [...DEEDS, ...inLargeWorkspace(folder)], 'editor');
}
