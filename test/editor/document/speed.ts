// How long a person waits: until the first picture of a module, and between frames while a long table is scrolled.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { findModulesDir, hasStockModule, readStockModule } from '../../kernel/lib/stock';

interface Goal {
  readonly module: string;
  /** Below the modules directory. */
  readonly path: string;
  /** What the document is meant to take on an idle machine of two cores, in milliseconds. */
  readonly goal: number;
}

const GOALS: readonly Goal[] = [
  { module: 'llc2', path: 'kernel/net/llc/llc2.ko', goal: 500 },
  { module: 'amdgpu', path: 'kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko', goal: 2000 },
];

/** Machines that test are busy: only a wait that cannot be excused by that fails. */
const EXCUSE = 4;

const TIMES = 3;

/** From the key that opens the file to the map being drawn. */
async function firstPicture(hands: Hands, file: string): Promise<number> {
  await hands.press('Control+P');
  await hands.page.waitForSelector('.quick-input-widget input');
  await hands.page.keyboard.type(file);
  await hands.see('.quick-input-list .monaco-list-row', new RegExp(file.replace('.', '\\.')));
  await hands.page.waitForTimeout(1000);
  const begin = performance.now();
  await hands.press('Enter');
  await hands.document.locator('insmod-lens-memory-map svg').first().waitFor();
  const took = performance.now() - begin;
  await hands.command('View: Close All Editors');
  return took;
}

/** Frames in a second while the table of relocations is scrolled for three. */
async function framesPerSecond(hands: Hands, step: number): Promise<number> {
  return hands.document.locator('#view-relocations [role=grid]').evaluate(async (grid, by) => {
    const scope = globalThis as unknown as { requestAnimationFrame(then: () => void): void };
    const begin = performance.now();
    let frames = 0;
    while (performance.now() - begin < 3000) {
      (grid as unknown as { scrollTop: number }).scrollTop += by;
      await new Promise<void>(resolve => scope.requestAnimationFrame(resolve));
      frames++;
    }
    return (frames * 1000) / (performance.now() - begin);
  }, step);
}

/** The kernel's own modules, where they are at hand; else said to be left out. */
export function speed(folder: string, release: string): readonly Deed[] {
  const directory = findModulesDir(release);
  const found = GOALS.filter(({ path: file }) => directory !== null && hasStockModule(directory, file));
  for (const { module, path: file } of found)
    writeFileSync(path.join(folder, 'built', `${module}.ko`), readStockModule(directory ?? '', file));
  if (found.length < GOALS.length)
    console.log(`    NOT RUN: how quick large modules are: no modules of ${release} here`);
  return [
    ...found.map(({ module, goal }) => ({
      name: `${module}.ko: the first picture`,
      run: async (hands: Hands): Promise<void> => {
        const times: number[] = [];
        for (let i = 0; i < TIMES; i++) times.push(await firstPicture(hands, `${module}.ko`));
        const median = times.sort((a, b) => a - b)[TIMES >> 1] ?? Infinity;
        console.log(
          `      ${module}.ko: first picture after ${Math.round(median)} ms (goal ${goal}, median of ${TIMES})`,
        );
        assert.ok(median < goal * EXCUSE, `${Math.round(median)} ms`);
      },
    })),
    ...(found.some(({ module }) => module === 'amdgpu') ? [SCROLLING] : []),
  ];
}

const SCROLLING: Deed = {
  name: 'amdgpu.ko: scrolling 319,882 relocations',
  run: async hands => {
    await hands.openFile('built/amdgpu.ko');
    await hands.document.locator('vscode-panel-tab#tab-relocations').click();
    await hands.document.locator('#view-relocations .rows [role=row]').first().waitFor();
    const rates = [await framesPerSecond(hands, 66), await framesPerSecond(hands, 1000)];
    console.log(
      `      ${rates.map(rate => rate.toFixed(1)).join(' and ')} frames a second, 3 and 45 rows a frame (goal 50)`,
    );
    for (const rate of rates) assert.ok(rate > 50 / EXCUSE, `${rate.toFixed(1)} frames a second`);
    await hands.command('View: Close All Editors');
  },
};
