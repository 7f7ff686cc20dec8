// Loading step by step as a person sees it.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import { helloOn } from './setting';

export const STEPS: readonly Deed[] = [
  {
    name: 'every stage of the engine stands on the timeline, with its outcome',
    run: async hands => {
      await hands.openFile('sample/hello.ko');
      await hands.document.locator('vscode-panel-tab#tab-steps').click();
      const stages = hands.document.locator('.timeline li');
      await stages.first().waitFor();
      const shown = await stages.evaluateAll(all =>
        all.map(item => `${item.getAttribute('data-stage')} ${item.classList.item(0)}`),
      );
      assert.deepEqual(
        shown,
        helloOn(0).stages.map(({ name, outcome }) => `${name} ${outcome}`),
      );
    },
  },
  {
    name: 'it is walked forwards and backwards by keyboard',
    run: async hands => {
      await hands.document.locator('.timeline li.chosen').focus();
      await hands.press('Home', 'ArrowDown', 'ArrowDown', 'ArrowUp');
      assert.equal(
        await hands.document.locator('.timeline li.chosen').getAttribute('data-stage'),
        helloOn(0).stages[1]?.name,
      );
      await hands.document.getByRole('button', { name: 'Last' }).click();
      await hands.document.locator('.stage', { hasText: 'The module would load.' }).waitFor();
    },
  },
  {
    name: 'both rewrites of the section headers show what they changed',
    run: async hands => {
      for (const stage of ['rewrite_section_headers', 'layout_and_allocate']) {
        await hands.document.locator(`.timeline li[data-stage=${stage}]`).click();
        await hands.document.locator('.headers ins').first().waitFor();
      }
      const text = await hands.document.locator('.headers tr', { hasText: '.init.text' }).first().textContent();
      const { layout } = helloOn(0);
      assert.match(text ?? '', /0xffffffffc0/, `an address in module memory; core is ${layout.coresize} bytes`);
    },
  },
  {
    name: 'struct module shows what a stage wrote into it',
    run: async hands => {
      await hands.document.locator('.timeline li[data-stage=add_unformed_module]').click();
      const state = hands.document.locator('.struct-module tr[data-member=state]');
      await state.locator('ins', { hasText: 'MODULE_STATE_UNFORMED' }).waitFor();
      await hands.document.locator('.timeline li').last().click();
      await state.locator('ins', { hasText: 'MODULE_STATE_LIVE' }).waitFor();
      assert.equal(await state.locator('del').textContent(), 'MODULE_STATE_COMING');
    },
  },
  {
    name: 'the way of a look-up is shown for an undefined symbol',
    run: async hands => {
      await hands.document.locator('.timeline li[data-stage=simplify_symbols]').click();
      const symbols = hands.document.locator('[name="steps.symbols"]');
      await symbols.locator('.search input').first().fill('_printk');
      await symbols.locator('[role=grid]').getByText('_printk', { exact: true }).first().dblclick();
      await hands.document.locator('.search-path li.found', { hasText: 'vmlinux __ksymtab' }).waitFor();
      await symbols.locator('.search input').first().fill('');
    },
  },
  {
    name: 'two kernels side by side',
    run: async hands => {
      await hands.document.locator('[data-testid=compared]').click();
      await hands.document.locator('[data-testid=compared] vscode-option').last().click();
      const panes = hands.document.locator('insmod-lens-steps section.pane');
      await panes.nth(1).waitFor();
      for (const i of [0, 1]) {
        const { kernel, stages } = helloOn(i);
        const pane = panes.nth(i);
        await pane.locator('.timeline li').first().waitFor();
        assert.equal(await pane.getAttribute('data-release'), kernel.release);
        assert.equal(await pane.locator('.timeline li:not(.not-reached)').count(), stages.length);
        assert.equal(await pane.locator('.timeline li').last().getAttribute('data-stage'), 'do_init_module');
      }
      await hands.picture('document-side-by-side');
      await hands.document.locator('[data-testid=compared]').click();
      await hands.document.locator('[data-testid=compared] vscode-option').first().click();
      await panes.nth(1).waitFor({ state: 'detached' });
    },
  },
];
