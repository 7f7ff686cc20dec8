// A VS Code that is nothing but a page: no server behind it, no disk, extensions in a web worker. The package, as it is
// installed, is driven there as a person drives it; pictures go to .build/pictures.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { doAll } from './lib/deeds';
import { launchBrowser, newPage } from './lib/chromium';
import { Hands } from './lib/hands';
import type { InstalledEditor } from './lib/install';
import { makePackage } from './lib/package';
import { installPackage } from './lib/server';
import { webDeeds } from './web/deeds';
import { FOLDER } from './web/files';
import { openSite } from './web/site';
import { makeWebFolder } from './web/folder';

/** The number of things that went wrong. */
export async function tryWithoutServer(editor: InstalledEditor, executable: string): Promise<number> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-web-'));
  installPackage(editor, home, makePackage());
  const installed = readdirSync(path.join(home, 'extensions')).find(name => name.startsWith('insmod-lens'));
  const files = path.join(home, 'files');
  makeWebFolder(path.join(files, FOLDER));
  const vscode = path.dirname(path.dirname(editor.serverMain));
  const site = await openSite({ vscode, extension: path.join(home, 'extensions', installed ?? ''), files });
  const browser = await launchBrowser(executable);
  try {
    const page = await newPage(browser);
    const complaints = listen(page);
    await page.goto(site.address);
    await page.waitForSelector('.explorer-folders-view .monaco-list-row');
    return await doAll(new Hands(page), webDeeds(complaints), 'web');
  } finally {
    await browser.close();
    site.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Errors that have to do with the extension: thrown, logged by the editor, or a file of it that is not there. */
function listen(page: Page): string[] {
  const heard: string[] = [];
  page.on('pageerror', error => heard.push(error.stack || String(error)));
  page.on('console', message => {
    const { url } = message.location();
    if (message.type() === 'error' && /insmod-lens|\/extension\//i.test(`${url} ${message.text()}`))
      heard.push(`${url}: ${message.text()}`);
  });
  return heard;
}
