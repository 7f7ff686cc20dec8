// The document of a module, driven as a person drives it; pictures go to .build/pictures.
import { rmSync } from 'node:fs';
import { repositoryRoot } from '../kernel/lib/paths';
import { LAYOUT } from './document/layout';
import { GRAPH } from './document/graph';
import { keeping } from './document/keeping';
import { looks, widths } from './document/looks';
import { pageDeeds } from './document/page';
import { helloOn, makeSetting } from './document/setting';
import { large } from './document/large';
import { STEPS } from './document/steps';
import { TABLES } from './document/tables';
import { doAll } from './lib/deeds';
import { Hands } from './lib/hands';
import type { InstalledEditor } from './lib/install';
import { openWindow } from './lib/window';

/** The number of things that went wrong. */
export async function tryDocuments(editor: InstalledEditor, browser: string): Promise<number> {
  const folder = makeSetting();
  const window = await openWindow({ editor, browser, folder, extension: repositoryRoot(), tests: null, trusted: true });
  const hands = new Hands(window.page);
  try {
    await window.page.waitForSelector('.monaco-workbench .statusbar-item');
    await window.page.waitForTimeout(3000);
    // Room for what is looked at: newer editors open a chat beside it.
    if (await window.page.locator('.part.auxiliarybar').isVisible()) await hands.press('Control+Alt+B');
    return await doAll(
      hands,
      [
        ...LAYOUT,
        ...STEPS,
        ...TABLES,
        ...GRAPH,
        ...keeping(folder),
        ...pageDeeds(folder),
        ...looks(folder),
        ...widths(),
        ...large(folder, helloOn(0).kernel.release),
      ],
      'document',
    );
  } finally {
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
