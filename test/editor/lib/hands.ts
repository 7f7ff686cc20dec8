// What a person's hands do in the window: keys, files, waiting for what the eyes look for.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { repositoryRoot } from '../../kernel/lib/paths';

/** How long the eyes wait, in milliseconds: machines that test are busy. */
export const PATIENCE = 120_000;

export class Hands {
  constructor(readonly page: Page) {}

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Opens a file of the workspace by its path, as Go to File does. */
  async openFile(file: string): Promise<void> {
    await this.ask('Control+P');
    await this.page.keyboard.type(file);
    // Until the search is done, the list is that of what was typed before.
    const { dir, base } = path.parse(file);
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: base });
    await row.filter({ hasText: dir }).waitFor();
    await this.press('Enter');
    await this.page.waitForSelector(`.tab.active[data-resource-name="${path.basename(file)}"]`);
    // The page of the document before may still be seen for a moment, and would take the click meant for this one.
    if (file.endsWith('.ko')) await this.document.locator('header .path', { hasText: file }).waitFor();
  }

  /** Opens a file by clicking through its folders: Go to File needs a search, which not every editor has. */
  async openInExplorer(file: string): Promise<void> {
    const row = (name: string): Locator =>
      this.page.locator('.explorer-folders-view .monaco-list-row', { has: this.page.getByText(name, { exact: true }) });
    const folders = file.split('/');
    const name = folders.pop() ?? '';
    for (const folder of folders) {
      await row(folder).waitFor();
      if ((await row(folder).getAttribute('aria-expanded')) === 'false') await row(folder).click();
    }
    await row(name).dblclick();
    await this.page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
  }

  /** The page of the document on top: webviews are frames in frames. */
  get document(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .last()
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  /** Has the editor ask for something. A document that is just being opened takes the first key as its own. */
  private async ask(key: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    // What was answered with Enter goes to the extension and back first, and would be taken away unanswered.
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.press(key);
    for (let tries = 0; tries < 5; tries++) {
      const asked = await input.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (asked) return;
      await this.press(key);
    }
    await input.waitFor({ timeout: PATIENCE });
  }

  /** Runs a command through the palette. */
  async command(title: string): Promise<void> {
    await this.ask('F1');
    await this.page.keyboard.type(title);
    const name = title.replace(/^.*: /, '');
    await this.page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: name })
      .waitFor({ timeout: PATIENCE });
    await this.press('Enter');
  }

  /** Rests the mouse on a word of a line. */
  async pointAt(line: string, word: string): Promise<void> {
    const text = this.page
      .locator('.view-line', { hasText: line })
      .locator('span', { hasText: new RegExp(`^${word}$`) });
    await text.first().hover({ timeout: PATIENCE });
  }

  async goTo(line: number, column: number): Promise<void> {
    await this.ask('Control+G');
    await this.page.keyboard.type(`${line}:${column}`);
    await this.press('Enter');
    await this.page.waitForTimeout(300);
  }

  /** The text of the first thing that matches, as soon as there is one with that text; throws when patience ends. */
  async see(selector: string, text = /./): Promise<string> {
    for (let tries = 0; tries < PATIENCE / 100; tries++, await this.page.waitForTimeout(100)) {
      // Lists are drawn anew while one looks: what was there a moment ago may be empty now.
      const seen = (await this.page.locator(selector).allTextContents()).map(found => found.replaceAll('\u00a0', ' '));
      const match = seen.find(found => text.test(found));
      if (match !== undefined) return match;
    }
    throw new Error(`nothing like ${String(text)} in ${selector}`);
  }

  /** What was copied last. Waits, for it comes round by the extension; a clipboard that is read meanwhile stays empty. */
  async clipboard(): Promise<string> {
    await this.page.waitForTimeout(1500);
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** A picture in .build/pictures. */
  async picture(name: string): Promise<void> {
    const folder = path.join(repositoryRoot(), '.build', 'pictures');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}
