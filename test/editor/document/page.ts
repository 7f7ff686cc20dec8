// The page itself: built anew, opened again, given names that look like markup.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import { MARKUP_NAME, rebuild } from './setting';

export function pageDeeds(folder: string): readonly Deed[] {
  return [
    {
      name: 'a module named like markup is text',
      run: async hands => {
        await hands.openFile(`built/${MARKUP_NAME}.ko`);
        await hands.document.locator('header .path', { hasText: MARKUP_NAME }).waitFor();
        assert.equal(await hands.document.locator('img').count(), 0);
      },
    },
    {
      name: 'a new build is shown by itself, with what grew',
      run: async hands => {
        await hands.openFile('built/grows.ko');
        await hands.document.locator('vscode-panel-tab#tab-layout').click();
        await hands.document.locator('insmod-lens-memory-map svg').first().waitFor();
        rebuild(folder);
        const grown = hands.document.locator('.growth summary');
        await grown.filter({ hasText: 'Since the last build' }).waitFor();
        await grown.click();
        await hands.document.locator('.growth tbody tr').first().waitFor();
        await hands.picture('document-grown');
      },
    },
    {
      name: 'tab, selection and search are there again after the window was loaded anew',
      reloads: true,
      run: async hands => {
        await hands.openFile('sample/hello.ko');
        await hands.document.locator('vscode-panel-tab#tab-layout').click();
        await hands.document.locator('#view-layout .search input').fill('hello');
        await hands.document.locator('#view-layout vscode-tree-item', { hasText: 'hello_exit' }).first().click();
        await hands.document.locator('vscode-panel-tab#tab-steps').click();
        await hands.document.locator('.timeline li[data-stage=simplify_symbols]').click();
        await hands.command('Developer: Reload Window');
        await hands.document.locator('body').waitFor({ state: 'detached' });
        await hands.document.locator('.timeline li.chosen[data-stage=simplify_symbols]').waitFor();
        await hands.document.locator('vscode-panel-tab#tab-layout').click();
        await hands.document.locator('#view-layout vscode-tree-item[selected]', { hasText: 'hello_exit' }).waitFor();
        assert.equal(await hands.document.locator('#view-layout .search input').inputValue(), 'hello');
        await hands.document.locator('#view-layout .search input').fill('');
      },
    },
  ];
}
