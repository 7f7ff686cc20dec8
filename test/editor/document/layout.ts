// The layout of a module as a person sees it: tree and map agree with the engine and with each other.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { helloOn } from './setting';

const number = (text: string): number => Number(text.replace(/\s/g, ''));

/** Rows of the tree of one kind: label, offset, size, alignment. */
export async function rows(
  hands: Hands,
  kind: string,
): Promise<{ label: string; offset: number; size: number; align: number }[]> {
  const items = await hands.document.locator(`vscode-tree-item[data-kind=${kind}]`).all();
  const all = [];
  for (const item of items) {
    const text = (name: string): Promise<string> =>
      item.locator(`:scope > .cells .${name} .value`).evaluate(element => element.textContent ?? '');
    const label = await item.locator(':scope > .label').evaluate(element => element.textContent ?? '');
    all.push({
      label,
      offset: Number(await text('offset')),
      size: number(await text('bytes')),
      align: number(await text('align')),
    });
  }
  return all;
}

export const LAYOUT: readonly Deed[] = [
  {
    name: 'a click on a .ko opens its layout: every number is the engine’s',
    run: async hands => {
      await hands.openFile('sample/hello.ko');
      await hands.document.locator('insmod-lens-memory-map svg').first().waitFor();
      const { layout } = helloOn(0);
      const shown = await rows(hands, 'section');
      const expected = layout.regions.flatMap(({ sections }) =>
        [...sections].sort((a, b) => a.offset - b.offset || a.size - b.size),
      );
      assert.deepEqual(
        shown,
        expected.map(({ name, offset, size, align }) => ({ label: name, offset, size, align })),
      );
      for (const [total, value] of [
        ['coresize', layout.coresize],
        ['initsize', layout.initsize],
      ])
        assert.equal(await hands.document.locator(`[data-total=${total}]`).getAttribute('data-value'), String(value));
    },
  },
  {
    name: 'the map is drawn to scale',
    run: async hands => {
      const { layout } = helloOn(0);
      for (const [i, region] of layout.regions.entries()) {
        const figure = hands.document.locator('figure.region').nth(i);
        const box = await figure.locator('svg').getAttribute('viewBox');
        const pageWidth = Number(box?.split(' ')[2]);
        for (const section of region.sections.filter(({ size }) => size > 32)) {
          const rects = figure.locator(`g.section[aria-label^="${section.name}: "] rect.bytes`);
          const widths = await rects.evaluateAll(all => all.map(rect => Number(rect.getAttribute('width'))));
          const drawn = (widths.reduce((total, width) => total + width, 0) / pageWidth) * 4096;
          assert.ok(Math.abs(drawn - section.size) < 8, `${section.name}: ${drawn} bytes wide, not ${section.size}`);
        }
      }
    },
  },
  {
    name: 'by keyboard alone: the tree opens a section, and the map follows',
    run: async hands => {
      const tree = hands.document.locator('vscode-tree');
      await hands.document.locator('#view-layout .search input').focus();
      // From the search through order, three buttons, and into the tree.
      for (let i = 0; i < 12; i++) {
        await hands.press('Tab');
        if (await tree.evaluate(element => element.matches(':focus-within'))) break;
      }
      await hands.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter');
      const selected = tree.locator('vscode-tree-item[selected]');
      assert.equal(await selected.getAttribute('data-kind'), 'symbol');
      const id = (await selected.getAttribute('data-id')) ?? '';
      const section = id.split('/').slice(0, 3).join('/');
      await hands.document.locator(`g.section[data-id="${section}"][aria-selected=true]`).waitFor();
      await hands.document.locator('.map .mark').first().waitFor({ state: 'attached' });
    },
  },
  {
    name: 'by keyboard alone: the map chooses a section, and the tree follows',
    run: async hands => {
      await hands.document.locator('svg.map').first().focus();
      await hands.press('Home', 'ArrowRight', 'ArrowRight');
      const chosen = hands.document.locator('g.section[aria-selected=true]');
      const id = (await chosen.getAttribute('data-id')) ?? '';
      await hands.document.locator(`vscode-tree-item[selected][data-id="${id}"]`).waitFor();
    },
  },
  {
    name: 'the search finds a symbol, and F12 goes to its line',
    run: async hands => {
      await hands.document.locator('#view-layout .search input').fill('hello_init');
      const found = hands.document.locator('#view-layout vscode-tree-item[data-kind=symbol]').first();
      await found.click();
      await hands.press('F12');
      await hands.page.waitForSelector('.tab.active[data-resource-name="hello.c"]');
      await hands.see('.monaco-editor .current-line ~ .view-line, .statusbar-item', /Ln 1[5-9]/);
      await hands.openFile('sample/hello.ko');
      await hands.document.locator('#view-layout .search input').fill('');
    },
  },
  {
    name: 'a line of the source shows its symbol in the layout',
    run: async hands => {
      await hands.openFile('sample/hello.c');
      await hands.goTo(27, 3);
      await hands.command('Insmod Lens: Reveal in module layout');
      const selected = hands.document.locator('#view-layout vscode-tree-item[selected]');
      await selected.filter({ hasText: 'hello_exit' }).waitFor();
      await hands.picture('document-revealed');
      await hands.command('View: Close All Editors');
    },
  },
];
