// Every tab in every theme: photographed, and held against the rules of axe-core.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { TABS } from '../../../src/protocol/view';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';

/** By the kind a page is told, the theme. */
export const THEMES = {
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
        violations.push(...(await seriousViolations(hands, theme)).map(violation => `${tab}: ${violation}`));
      }
      assert.deepEqual(violations, []);
    },
  }));
}

/** Widths of a window; beside the bar of activities the narrowest leaves 320 pixels to a document. */
const WIDTHS = [368, 400, 800, 1400];

/** Every tab at every width: nothing sticks out of the page, and each tab can be reached. */
export function widths(): readonly Deed[] {
  return WIDTHS.map(width => ({
    name: `every tab in a window of ${width} pixels: nothing is cut off`,
    run: async hands => {
      const before = hands.page.viewportSize();
      await hands.openFile('built/user.ko');
      // The bar beside it would leave an editor its least width, and cut it off.
      if (await hands.page.locator('.part.sidebar').isVisible()) await hands.command('View: Close Primary Side Bar');
      await hands.page.setViewportSize({ width, height: 800 });
      const problems: string[] = [];
      for (const tab of TABS) {
        const button = hands.document.locator(`vscode-panel-tab#tab-${tab}`);
        await button.scrollIntoViewIfNeeded();
        await button.click();
        await hands.document.locator(`#view-${tab} ${SIGHTS[tab]}`).first().waitFor({ state: 'attached' });
        await hands.page.mouse.move(0, 0);
        await hands.page.waitForTimeout(300);
        await hands.picture(`document-${tab}-${width}`);
        problems.push(...(await sticksOut(hands)).map(problem => `${tab}: ${problem}`));
      }
      if (before) await hands.page.setViewportSize(before);
      assert.deepEqual(problems, []);
    },
  }));
}

/** Evaluated in the page: what ends to the right of it and lies in nothing that scrolls. */
const STICKING_OUT = `(() => {
  const scrolls = element => {
    // The row of tabs lies around them in a shadow tree.
    const around = at => at.assignedSlot ?? at.parentElement;
    for (let at = around(element); at && at !== document.body; at = around(at))
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    return false;
  };
  return [...document.body.querySelectorAll('*')]
    .filter(element => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > innerWidth + 1 && !scrolls(element);
    })
    .map(element => element.outerHTML.slice(0, 80) + ' ends at ' + Math.round(element.getBoundingClientRect().right))
    .slice(0, 5);
})()`;

export async function sticksOut(hands: Hands): Promise<string[]> {
  const frame = await (await hands.document.locator('body').elementHandle())?.ownerFrame();
  assert.ok(frame);
  return frame.evaluate<string[]>(STICKING_OUT);
}

export function choose(theme: string, folder: string): void {
  const file = path.join(folder, '.vscode', 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
}

/** Rules whose answer hangs on colours; what the others say is the same in every theme. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

export async function seriousViolations(hands: Hands, theme: string): Promise<string[]> {
  const body = await hands.document.locator('body').elementHandle();
  const frame = await body?.ownerFrame();
  assert.ok(frame);
  // Evaluated by the debugger: the page itself would not let it in.
  await frame.evaluate(axe.source);
  const options: axe.RunOptions = {
    resultTypes: ['violations'],
    ...(theme === THEMES['vscode-light'] ? {} : { runOnly: OF_COLOURS }),
  };
  const { violations } = await frame.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
}
