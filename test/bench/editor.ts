// npm run bench -- editor: how long a person waits in a real VS Code, until the first picture of a module and between frames
// while a long table is scrolled.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { helloOn, makeSetting } from '../editor/document/setting';
import { Hands } from '../editor/lib/hands';
import { EDITORS, installBrowser, installEditor } from '../editor/lib/install';
import { openWindow } from '../editor/lib/window';
import { repositoryRoot } from '../kernel/lib/paths';
import { findModulesDir, hasStockModule, readStockModule } from '../kernel/lib/stock';

interface Large {
  readonly module: string;
  /** Below the modules directory. */
  readonly path: string;
  /** What the document is meant to take on an idle machine of two cores, in milliseconds. */
  readonly goal: number;
}

const MODULES: readonly Large[] = [
  { module: 'llc2', path: 'kernel/net/llc/llc2.ko', goal: 500 },
  { module: 'amdgpu', path: 'kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko', goal: 2000 },
];

const TIMES = 5;

/** From the key that opens the file to the map being drawn, in milliseconds. */
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

async function scrolling(hands: Hands): Promise<void> {
  await hands.openFile('built/amdgpu.ko');
  await hands.document.locator('vscode-panel-tab#tab-relocations').click();
  await hands.document.locator('#view-relocations .rows [role=row]').first().waitFor();
  const rates = [await framesPerSecond(hands, 66), await framesPerSecond(hands, 1000)];
  console.log(`relocations of amdgpu: ${rates.map(rate => rate.toFixed(1)).join(' and ')} frames a second (goal 50)`);
}

async function main(): Promise<void> {
  const editor = EDITORS.at(-1);
  const directory = findModulesDir(helloOn(0).kernel.release);
  const found = MODULES.filter(({ path: file }) => directory !== null && hasStockModule(directory, file));
  if (!editor || directory === null || found.length === 0) throw new Error("the kernel's own modules are not here");
  const folder = makeSetting();
  for (const { module, path: file } of found)
    writeFileSync(path.join(folder, 'built', `${module}.ko`), readStockModule(directory, file));
  const where = { editor: installEditor(editor), browser: installBrowser(), folder, extension: repositoryRoot() };
  const window = await openWindow({ ...where, tests: null, trusted: true });
  const hands = new Hands(window.page);
  try {
    await window.page.waitForSelector('.monaco-workbench .statusbar-item');
    await window.page.waitForTimeout(3000);
    for (const { module, goal } of found) {
      const times: number[] = [];
      for (let i = 0; i < TIMES; i++) times.push(await firstPicture(hands, `${module}.ko`));
      const sorted = times.sort((a, b) => a - b).map(Math.round);
      console.log(`${module}.ko: first picture after ${sorted.join(', ')} ms (goal ${goal})`);
    }
    if (found.some(({ module }) => module === 'amdgpu')) await scrolling(hands);
  } finally {
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
