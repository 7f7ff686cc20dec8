// Modules on a real kernel, driven as a person drives it; pictures go to .build/pictures.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { doAll } from './lib/deeds';
import { Hands } from './lib/hands';
import type { InstalledEditor } from './lib/install';
import { openWindow } from './lib/window';
import { bootDeeds } from './realKernel/deeds';
import { bootLooks } from './realKernel/looks';
import { makeKernelFolder } from './realKernel/folder';
import { writeMirror } from './realKernel/mirror';

/** The number of things that went wrong. `tree` is the kernel's build directory. */
export async function tryRealKernel(editor: InstalledEditor, browser: string, tree: string): Promise<number> {
  const folder = makeKernelFolder(tree);
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-kernel-'));
  const mirror = await writeMirror(scratch);
  // What is fetched is kept here.
  process.env['XDG_CACHE_HOME'] = path.join(scratch, 'cache');
  const window = await openWindow({ editor, browser, folder, extension: repositoryRoot(), tests: null, trusted: true });
  const hands = new Hands(window.page);
  try {
    await window.page.waitForSelector('.monaco-workbench .statusbar-item');
    await window.page.waitForTimeout(3000);
    window.configure({ 'insmodLens.mirror': mirror });
    if (await window.page.locator('.part.auxiliarybar').isVisible()) await hands.press('Control+Alt+B');
    return await doAll(
      hands,
      [...bootDeeds(folder, settings => window.configure(settings), mirror), ...bootLooks(folder)],
      'kernel',
    );
  } finally {
    await window.close();
    for (const made of [folder, scratch]) rmSync(made, { recursive: true, force: true });
  }
}
