// A table of hundreds of thousands of rows holds only those that are seen.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Deed } from '../lib/deeds';
import { findModulesDir, hasStockModule, readStockModule } from '../../kernel/lib/stock';

const AMDGPU = 'kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko';
/** Rows of the page at a time; a screen shows about thirty. */
const MOST_ROWS = 200;

/** One of the kernel's own modules, where they are at hand; else reported as left out. */
export function large(folder: string, release: string): readonly Deed[] {
  const directory = findModulesDir(release);
  if (directory === null || !hasStockModule(directory, AMDGPU)) {
    console.log(`    NOT RUN: tables of a large module: no modules of ${release} here`);
    return [];
  }
  writeFileSync(path.join(folder, 'built', 'amdgpu.ko'), readStockModule(directory, AMDGPU));
  return [
    {
      name: 'amdgpu.ko: of 319,882 relocations only those in sight are drawn',
      run: async hands => {
        await hands.openFile('built/amdgpu.ko');
        await hands.document.locator('vscode-panel-tab#tab-relocations').click();
        const grid = hands.document.locator('#view-relocations [role=grid]');
        const rows = hands.document.locator('#view-relocations .rows [role=row]');
        await rows.first().waitFor();
        assert.ok(Number(await grid.getAttribute('aria-rowcount')) > 300_000);
        // The row that the keys are at stays drawn, as the first: the last tells.
        const shown = await rows.last().textContent();
        for (const share of [0.2, 0.5, 1]) {
          await grid.evaluate((element, part) => {
            const scrolled = element as unknown as { scrollTop: number; readonly scrollHeight: number };
            scrolled.scrollTop = scrolled.scrollHeight * part;
          }, share);
          // A page under load draws late.
          for (let tries = 0; tries < 100 && (await rows.last().textContent()) === shown; tries++)
            await hands.page.waitForTimeout(100);
          const drawn = await rows.count();
          assert.ok(drawn > 0 && drawn < MOST_ROWS, `${drawn} rows`);
          assert.notEqual(await rows.last().textContent(), shown, 'other rows');
        }
        await hands.command('View: Close All Editors');
      },
    },
  ];
}
