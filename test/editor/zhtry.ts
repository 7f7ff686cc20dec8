import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { Hands } from './lib/hands';
import { EDITORS, installBrowser, installEditor } from './lib/install';
import { doAll } from './lib/deeds';
import { openWindow } from './lib/window';
import { LANGUAGES, deedsIn } from './languages';
import { makePackage } from './lib/package';
async function main() {
  const vsix = process.env.DEV ? undefined : makePackage();
  for (const words of LANGUAGES.filter(l => !process.argv[2] || l.language === process.argv[2])) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'zhtry-'));
    cpSync(path.join(repositoryRoot(), 'media', 'workspace'), folder, { recursive: true });
    const begin = Date.now();
    const window = await openWindow({
      editor: installEditor(EDITORS.at(-1)!),
      browser: installBrowser(),
      folder,
      extension: vsix ? null : repositoryRoot(),
      ...(vsix ? { vsix } : {}),
      tests: null,
      trusted: true,
      language: words.language,
    });
    try {
      const hands = new Hands(window.page);
      await hands.see('.explorer-folders-view .monaco-list-row', /trouble/);
      await doAll(hands, deedsIn(words), words.language);
      console.log((Date.now() - begin) / 1000, 's');
      if (!process.env.SHORT) await extra(hands, words.language, words);
    } finally {
      await window.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
async function extra(hands: Hands, l: string, words: any) {
  const step = async (name: string, f: () => Promise<unknown>) => {
    try {
      await f();
    } catch (e) {
      console.log(name, String(e).slice(0, 200));
    }
    await hands.page.waitForTimeout(700);
    await hands.picture(`${l}-${name}`);
  };
  const tab = (id: string) => hands.document.locator(`vscode-panel-tab#tab-${id}`).click();
  for (const id of ['layout', 'graph', 'symbols', 'parameters', 'modinfo', 'relocations'])
    await step(`tab-${id}`, async () => {
      await tab(id);
      await hands.page.waitForTimeout(1200);
    });
  await step('greeter-layout', async () => {
    await hands.openFile('greeter/greeter.ko');
    await hands.page.waitForTimeout(1500);
  });
  await step('greeter-graph', async () => {
    await tab('graph');
    await hands.page.waitForTimeout(2500);
  });
  await step('greeter-relocations', async () => {
    await tab('relocations');
    await hands.page.waitForTimeout(1500);
  });
  await step('greeter-parameters', async () => {
    await tab('parameters');
    await hands.page.waitForTimeout(1500);
  });
  await step('view', async () => {
    await hands.openFile('greeter/greeter.c');
    await hands.page
      .locator('.activitybar .action-item[aria-label*="' + words.view + '"]')
      .first()
      .click({ timeout: 5000 });
    await hands.page.waitForTimeout(1000);
    for (const row of ['trouble.ko', '6.1.0']) {
      await hands.page
        .locator('.monaco-list-row', { hasText: row })
        .locator('.monaco-tl-twistie')
        .first()
        .click({ timeout: 5000 });
      await hands.page.waitForTimeout(500);
    }
  });
  await step('simulate', async () => {
    await hands.openFile('greeter/greeter.c');
    await hands.command('Insmod Lens: ' + words.simulate);
    await hands.page.waitForTimeout(1500);
    await hands.page.keyboard.type('tims=2');
    await hands.page.waitForTimeout(1500);
  });
  await step('simulated', async () => {
    await hands.press('Enter');
    await hands.page.waitForTimeout(3000);
  });
  await step('explainlog', async () => {
    await hands.page.evaluate(
      'navigator.clipboard.writeText("[ 4123.7] trouble: disagrees about version of symbol register_reboot_notifier\\n[ 4123.7] trouble: Unknown symbol kallsyms_lookup_name (err -2)\\ninsmod: ERROR: could not insert module trouble.ko: Invalid parameters")',
    );
    await hands.command('Insmod Lens: ' + (l === 'zh-cn' ? '解释内核日志' : '解釋核心記錄'));
    await hands.page.waitForTimeout(4000);
  });
  await step('targets', async () => {
    await hands.command('Insmod Lens: ' + (l === 'zh-cn' ? '选择目标内核' : '選取目標核心'));
    await hands.page.waitForTimeout(2000);
  });
  await step('walkthrough', async () => {
    await hands.press('Escape');
    await hands.command('Welcome: Open Walkthrough');
    await hands.page.keyboard.type('Insmod Lens');
    await hands.page.waitForTimeout(800);
    await hands.press('Enter');
    await hands.page.waitForTimeout(3000);
  });
  await step('quickfix', async () => {
    await hands.openFile('trouble/trouble.c');
    await hands.goTo(37, 8);
    await hands.press('Control+.');
    await hands.page.waitForTimeout(2500);
  });
  await step('why', async () => {
    await hands.press('Escape');
    await hands.command('Insmod Lens: ' + (l === 'zh-cn' ? '解释内核的回答' : '解釋核心的回答'));
    await hands.page.waitForTimeout(3000);
  });
}
void main();
