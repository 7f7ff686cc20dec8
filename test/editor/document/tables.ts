// The tables of a document: the engine's own numbers, by keyboard, and quick however long they are.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { helloOn } from './setting';

/** Texts of the rows that are drawn, cell by cell. */
export function cells(hands: Hands, view: string): Promise<string[][]> {
  return hands.document
    .locator(`#view-${view} .rows [role=row]`)
    .evaluateAll(rows =>
      rows
        .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
        .map(row => [...row.children].map(cell => cell.textContent ?? '')),
    );
}

/** Shows the table of a tab. */
export async function showTable(hands: Hands, tab: string): Promise<void> {
  await hands.document.locator(`vscode-panel-tab#tab-${tab}`).click();
  await hands.document.locator(`#view-${tab} .rows [role=row]`).first().waitFor();
}

export const TABLES: readonly Deed[] = [
  {
    name: 'imports with the CRCs the engine found on each kernel',
    run: async hands => {
      await hands.openFile('sample/hello.ko');
      await showTable(hands, 'symbols');
      const shown = await cells(hands, 'symbols');
      const { symbols } = helloOn(0);
      assert.equal(shown.length, symbols.length);
      for (const { name, wanted, found, owner } of symbols) {
        const row = shown.find(([first]) => first === name)?.join(' ') ?? '';
        for (const value of [wanted, found, owner]) assert.ok(value === null || row.includes(value), `${name}: ${row}`);
      }
    },
  },
  {
    name: 'parameters with the values they have after loading',
    run: async hands => {
      await showTable(hands, 'parameters');
      const shown = await cells(hands, 'parameters');
      for (const { name, type, value } of helloOn(0).params) {
        const row = shown.find(([first]) => first === name)?.join(' ') ?? '';
        assert.ok(row.includes(type) && row.includes(value ?? ''), `${name}: ${row}`);
      }
    },
  },
  {
    name: 'relocations are filtered and copied by keyboard, and each shows its bytes',
    run: async hands => {
      await showTable(hands, 'relocations');
      await hands.document.locator('#view-relocations .search input').fill('_printk');
      await hands.document.locator('#view-relocations .count', { hasText: /^[1-9] of \d+ rows$/ }).waitFor();
      await hands.document.locator('#view-relocations [role=grid]').focus();
      await hands.press('ArrowDown', 'Control+c');
      const copied = await hands.clipboard();
      assert.match(copied, /R_X86_64_PLT32\t_printk/);
      await hands.press('Enter');
      await hands.document.locator('#view-relocations .bytes').waitFor();
      await hands.document.locator('#view-relocations .search input').fill('');
    },
  },
];
