// What a person takes away from a document: pictures as files, text on the clipboard.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deed } from '../lib/deeds';
import type { Hands } from '../lib/hands';
import { helloOn } from './setting';

/** Presses a button that saves a file, agrees to the name proposed, and returns the file's contents. */
async function saved(hands: Hands, button: string, file: string): Promise<Buffer> {
  await hands.document.getByRole('button', { name: button }).click();
  await hands.page.waitForSelector('.quick-input-widget input');
  await hands.page.waitForTimeout(500);
  await hands.press('Enter');
  for (let tries = 0; tries < 100 && !existsSync(file); tries++) await hands.page.waitForTimeout(100);
  await hands.page.waitForTimeout(200);
  return readFileSync(file);
}

export function keeping(folder: string): readonly Deed[] {
  const inSample = (name: string): string => path.join(folder, 'sample', name);
  return [
    {
      name: 'the map is saved as SVG and as PNG',
      run: async hands => {
        await hands.openFile('sample/hello.ko');
        await hands.document.locator('vscode-panel-tab#tab-layout').click();
        const svg = (await saved(hands, 'Save map as SVG', inSample('hello-layout.svg'))).toString();
        assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
        assert.match(svg, /fill="rgb/, 'colours are in the file');
        assert.doesNotMatch(svg, /var\(--/, 'nothing is left to a style sheet');
        const png = await saved(hands, 'Save map as PNG', inSample('hello-layout.png'));
        assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
        assert.ok(png.readUInt32BE(16) > 400, 'as wide as it is drawn');
      },
    },
    {
      name: 'layout and steps are copied as Markdown',
      run: async hands => {
        const copied = async (): Promise<string> => {
          // Tables below have a button of their own.
          await hands.document.getByRole('button', { name: 'Copy as Markdown' }).first().click();
          return hands.clipboard();
        };
        const layout = await copied();
        for (const { name } of helloOn(0).layout.regions.flatMap(({ sections }) => sections))
          assert.ok(layout.includes(`\`${name}\``), name);
        await hands.document.locator('vscode-panel-tab#tab-steps').click();
        const steps = await copied();
        for (const { name } of helloOn(0).stages) assert.ok(steps.includes(`\`${name}\``), name);
      },
    },
  ];
}
