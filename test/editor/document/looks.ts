// Every tab in every theme: photographed, and held against the rules of axe-core.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { TABS } from '../../../src/protocol/view';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';

/** By the kind a page is told, the theme. */
const THEMES = {
  'vscode-light': 'Default Light Modern',
  'vscode-dark': 'Default Dark Modern',
  'vscode-high-contrast': 'Default High Contrast',
  'vscode-high-contrast-light': 'Default High Contrast Light',
} as const;

/** What has to be there before a picture of a tab is worth taking. */
const SIGHTS: Readonly<Record<(typeof TABS)[number], string>> = {
  layout: 'insmod-lens-memory-map svg',
  steps: '.stage .purpose',
  graph: 'svg.graph .node',
  symbols: '[role=row]',
  parameters: ':is(p, [role=row])',
  modinfo: '[role=row]',
  relocations: ':is(p, [role=row])',
};

export function looks(folder: string): readonly Deed[] {
  return Object.entries(THEMES).map(([kind, theme]) => ({
    name: `every tab in ${theme}: no serious violation of axe-core's rules`,
    run: async hands => {
      choose(theme, folder);
      await hands.openFile('built/user.ko');
      await hands.document.locator(`body[data-vscode-theme-kind=${kind}]`).waitFor();
      const violations: string[] = [];
      for (const tab of TABS) {
        await hands.document.locator(`vscode-panel-tab#tab-${tab}`).click();
        await hands.document.locator(`#view-${tab} ${SIGHTS[tab]}`).first().waitFor();
        // The mouse would leave a hover in the picture.
        await hands.page.mouse.move(0, 0);
        await hands.page.waitForTimeout(300);
        await hands.picture(`document-${tab}-${kind.replace('vscode-', '')}`);
        violations.push(...(await seriousViolations(hands)).map(violation => `${tab}: ${violation}`));
      }
      assert.deepEqual(violations, []);
    },
  }));
}

function choose(theme: string, folder: string): void {
  const file = path.join(folder, '.vscode', 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
}

async function seriousViolations(hands: Hands): Promise<string[]> {
  const body = await hands.document.locator('body').elementHandle();
  const frame = await body?.ownerFrame();
  assert.ok(frame);
  // Evaluated by the debugger: the page itself would not let it in.
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate<axe.AxeResults>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
}
