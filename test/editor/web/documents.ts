// Documents of modules in an editor that is only a page: every number is the engine's.
import assert from 'node:assert/strict';
import { rows } from '../document/layout';
import { cells, showTable } from '../document/tables';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { loadOn, SNAPSHOTS } from './expected';
import { CUT, PACKED } from './folder';

/** Opens a module and waits until its page says what the first kernel says. */
export async function openDocument(hands: Hands, module: string, verdict: string): Promise<void> {
  await hands.openInExplorer(module);
  await hands.document.locator('header .path', { hasText: module }).waitFor();
  await hands.document.locator('header .verdict', { hasText: verdict }).first().waitFor();
}

async function showTab(hands: Hands, tab: string): Promise<void> {
  await hands.document.locator(`vscode-panel-tab#tab-${tab}`).click();
}

export const DOCUMENTS: readonly Deed[] = [
  {
    name: 'a click on a .ko opens its layout, held against every snapshot of the folder',
    run: async hands => {
      await openDocument(hands, 'trouble/trouble.ko', 'EINVAL');
      await hands.document.locator('insmod-lens-memory-map svg').first().waitFor();
      const kernels = hands.document.locator('[data-testid=target] vscode-option');
      const releases = (await kernels.allTextContents()).map(text => text.trim());
      const loads = SNAPSHOTS.map((_, i) => loadOn(i, 'trouble/trouble.ko'));
      assert.deepEqual(
        releases,
        loads.map(({ kernel }) => kernel.release),
      );
      const shown = (await rows(hands, 'section')).map(({ label, offset, size }) => `${label} ${offset} ${size}`);
      const sections = loads[0]?.layout.regions.flatMap(region => region.sections) ?? [];
      assert.deepEqual(shown.sort(), sections.map(({ name, offset, size }) => `${name} ${offset} ${size}`).sort());
      await hands.picture('web-layout');
    },
  },
  {
    name: 'its map is saved beside the module, as the person says',
    run: async hands => {
      await hands.document.getByRole('button', { name: 'Save map as SVG' }).click();
      // The folder it goes to is shown beside the name.
      await hands.see('.quick-input-list .monaco-list-row', /trouble\.c/);
      await hands.picture('web-save');
      await hands.press('Enter');
      await hands.see('.explorer-folders-view .monaco-list-row', /\.svg/);
    },
  },
  {
    name: 'what cannot be had here is not offered',
    run: async hands => {
      assert.equal(await hands.document.locator('[data-testid=with-needs]').count(), 0);
      await showTab(hands, 'graph');
      await hands.document.locator('#view-graph', { hasText: 'as files on disk' }).waitFor();
      await hands.picture('web-dependencies');
    },
  },
  {
    name: 'step by step, with the outcome of every stage',
    run: async hands => {
      await showTab(hands, 'steps');
      const stages = hands.document.locator('.timeline li');
      await stages.first().waitFor();
      const shown = await stages.evaluateAll(all =>
        all.map(item => `${item.getAttribute('data-stage')} ${item.classList.item(0)}`),
      );
      const reached = shown.filter(stage => !stage.endsWith(' not-reached'));
      const expected = loadOn(0, 'trouble/trouble.ko').stages.map(({ name, outcome }) => `${name} ${outcome}`);
      assert.deepEqual(reached, expected);
      assert.deepEqual(shown.slice(0, reached.length), reached, 'a stage was reached behind one that was not');
      await hands.document.locator('.timeline li[data-stage=simplify_symbols]').click();
      await hands.document.locator('.stage', { hasText: 'dma_buf_get' }).waitFor();
      await hands.picture('web-steps');
    },
  },
  {
    name: 'symbols, parameters, modinfo and relocations',
    run: async hands => {
      const { symbols, params } = loadOn(0, 'trouble/trouble.ko');
      await showTable(hands, 'symbols');
      const imports = await cells(hands, 'symbols');
      for (const { name, wanted, found } of symbols) {
        const row = imports.find(([first]) => first === name)?.join(' ') ?? '';
        assert.ok(row.includes(wanted ?? '') && row.includes(found ?? ''), `${name}: ${row}`);
      }
      await hands.picture('web-symbols');
      await showTable(hands, 'parameters');
      const parameters = await cells(hands, 'parameters');
      for (const { name, type } of params)
        assert.ok(parameters.some(row => row[0] === name && row.join(' ').includes(type)));
      await hands.picture('web-parameters');
      await showTable(hands, 'modinfo');
      assert.ok((await cells(hands, 'modinfo')).some(row => row.join(' ').includes('6.1.0')));
      await hands.picture('web-modinfo');
      await showTable(hands, 'relocations');
      assert.ok((await cells(hands, 'relocations')).some(row => row.join(' ').includes('dma_buf_put')));
      await hands.picture('web-relocations');
      await showTab(hands, 'layout');
    },
  },
  {
    name: 'problems stand in the Problems pane while the module is open',
    run: async hands => {
      await hands.command('Problems: Focus on Problems View');
      await hands.see('.markers-panel .monaco-list-row', /disagrees about version of symbol register_reboot_notifier/);
      await hands.picture('web-problems');
      await hands.command('View: Hide Panel');
    },
  },
  {
    name: 'packed modules open like plain ones',
    run: async hands => {
      for (const [ending, bytes] of PACKED) {
        await openDocument(hands, `packed/greeter.${ending}`, 'would load');
        await hands.document.locator('header .size', { hasText: bytesText(bytes.length) }).waitFor();
      }
      await hands.picture('web-packed');
    },
  },
  {
    name: 'a broken module is one clear line',
    run: async hands => {
      await openDocument(hands, 'broken/cut.ko', loadOn(0, 'cut.ko', '', CUT).errnoName ?? '');
      await hands.picture('web-cut');
      await hands.openInExplorer('broken/half.ko.gz');
      const problem = hands.document.locator('.problem');
      await problem.filter({ hasText: 'half.ko.gz: corrupted gzip data' }).waitFor();
      assert.equal(await problem.count(), 1);
      await hands.picture('web-broken');
    },
  },
];

/** As the page writes numbers. */
function bytesText(bytes: number): RegExp {
  return new RegExp(`^${String(bytes).replace(/\B(?=(?:\d{3})+$)/g, '\\s?')} bytes$`);
}
