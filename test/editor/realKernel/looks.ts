// The page of a module on a real kernel in every theme and at several widths: photographed, and checked as other pages are.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { choose, seriousViolations, sticksOut, THEMES } from '../document/looks';

const WIDTHS = [400, 800, 1400];

/** Pages that the deeds before have opened, by the title of their tab. */
const PAGES = {
  loads: /^counter on 6\.1/,
  crash: /^crasher on 6\.1/,
  differs: /^counter on 6\.1/,
  matrix: /^Would it load/,
} as const;

async function show(hands: Hands, title: RegExp, last: boolean): Promise<void> {
  const tabs = hands.page.locator('.tab').filter({ hasText: title });
  await (last ? tabs.last() : tabs.first()).click();
  await hands.document.locator('insmod-lens-report header').first().waitFor();
}

export function bootLooks(folder: string): readonly Deed[] {
  const inThemes = Object.entries(THEMES).map(([kind, theme]) => ({
    name: `pages of real kernels in ${theme}: no serious violation of axe-core's rules`,
    run: async (hands: Hands) => {
      choose(theme, folder);
      const violations: string[] = [];
      for (const [name, title] of Object.entries(PAGES)) {
        await show(hands, title, name === 'differs');
        await hands.document.locator(`body[data-vscode-theme-kind=${kind}]`).waitFor();
        await hands.page.mouse.move(0, 0);
        await hands.page.waitForTimeout(300);
        await hands.picture(`kernel-${name}-${kind.replace('vscode-', '')}`);
        violations.push(...(await seriousViolations(hands, theme)).map(violation => `${name}: ${violation}`));
      }
      assert.deepEqual(violations, []);
    },
  }));
  const atWidths = WIDTHS.map(width => ({
    name: `pages of real kernels in a window of ${width} pixels: nothing is cut off`,
    run: async (hands: Hands) => {
      const before = hands.page.viewportSize();
      if (await hands.page.locator('.part.sidebar').isVisible()) await hands.command('View: Close Primary Side Bar');
      if (await hands.page.locator('.part.panel').isVisible()) await hands.command('View: Hide Panel');
      const problems: string[] = [];
      for (const [name, title] of Object.entries(PAGES)) {
        await show(hands, title, name === 'differs');
        await hands.page.setViewportSize({ width, height: 800 });
        await hands.page.mouse.move(0, 0);
        await hands.page.waitForTimeout(300);
        await hands.picture(`kernel-${name}-${width}`);
        problems.push(...(await sticksOut(hands)).map(problem => `${name}: ${problem}`));
        if (before) await hands.page.setViewportSize(before);
      }
      assert.deepEqual(problems, []);
    },
  }));
  return [...inThemes, ...atWidths];
}
