// The package, installed into a VS Code that knows nothing else: does it work, and in another language as well?
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { CHINESE, CHINESE_DEEDS } from './chinese';
import { doAll, type Deed } from './lib/deeds';
import { Hands } from './lib/hands';
import type { InstalledEditor } from './lib/install';
import { makePackage } from './lib/package';
import { openWindow, type WindowOptions } from './lib/window';

const DEEDS: readonly Deed[] = [
  {
    name: 'the modules of the sample are found and marked',
    run: async hands => {
      await hands.openFile('trouble/trouble.c');
      await hands.see('.statusbar-item', /trouble: refused \(EINVAL\)/);
      await hands.page.locator('.squiggly-error').first().waitFor();
    },
  },
  {
    name: 'the code of a problem opens its page, which is part of the package',
    run: async hands => {
      await hands.command('View: Focus Problems (Errors, Warnings, Infos)');
      const code = hands.page.locator('.markers-panel a.monaco-link', { hasText: 'namespace' }).first();
      await code.click({ modifiers: ['Control'] });
      await hands.document.locator('h1', { hasText: 'A symbol namespace is not imported' }).waitFor();
    },
  },
  {
    name: 'a module opens as a document',
    run: async hands => {
      await hands.openFile('greeter/greeter.ko');
      await hands.document.locator('header', { hasText: 'would load' }).waitFor();
    },
  },
  {
    name: 'copied lines of a kernel log are explained, with the page that is part of the package',
    run: async hands => {
      await hands.page.evaluate(
        'navigator.clipboard.writeText("trouble: Unknown symbol kallsyms_lookup_name (err -2)")',
      );
      await hands.command('Insmod Lens: Explain kernel log');
      const preview = hands.document.locator('body', { hasText: 'What to do' });
      await preview.waitFor();
    },
  },
  {
    name: 'the walkthrough shows its pictures',
    run: async hands => {
      await hands.command('Welcome: Open Walkthrough');
      await hands.page.keyboard.type('Insmod Lens');
      await hands.page.waitForTimeout(800);
      await hands.press('Enter');
      await hands.see('.getting-started-step', /See why it is refused/);
    },
  },
];

/** The number of things that went wrong. */
export async function tryPackage(editor: InstalledEditor, browser: string): Promise<number> {
  const options = { editor, browser, extension: null, vsix: makePackage(), tests: null, trusted: true };
  return (
    (await tryDeeds(options, DEEDS, 'packaged')) +
    (await tryDeeds({ ...options, language: CHINESE }, CHINESE_DEEDS, 'chinese'))
  );
}

/** In a window of its own, with the sample workspace. */
async function tryDeeds(
  options: Omit<WindowOptions, 'folder'>,
  deeds: readonly Deed[],
  pictures: string,
): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-packaged-'));
  cpSync(path.join(repositoryRoot(), 'media', 'workspace'), folder, { recursive: true });
  const window = await openWindow({ ...options, folder });
  try {
    const hands = new Hands(window.page);
    await hands.see('.explorer-folders-view .monaco-list-row', /trouble/);
    return await doAll(hands, deeds, pictures);
  } finally {
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
