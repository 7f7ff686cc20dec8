// One window of a real VS Code: its server on this machine, its workbench in a browser without a screen.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, newPage } from './chromium';
import type { InstalledEditor } from './install';
import { TEST_OUTPUT } from './output';
import { endServer, installPackage, startServer, windowAddress } from './server';

export interface WindowOptions {
  readonly editor: InstalledEditor;
  readonly browser: string;
  /** Folder or .code-workspace file to open; null for an empty window. */
  readonly folder: string | null;
  /** Directory of the extension to run from its sources; null where a package is installed. */
  readonly extension: string | null;
  /** A packaged extension to install first. */
  readonly vsix?: string;
  /** Test entry that the extension host runs; null to only open the window. */
  readonly tests: string | null;
  readonly trusted: boolean;
  /** Display language that extensions are told; English without. The editor's own words stay English. */
  readonly language?: string;
}

export interface EditorWindow {
  readonly page: Page;
  /** Writes the settings of the machine, which no workspace can. */
  configure(settings: object): void;
  /** Exit code of the test entry; never resolves without one. */
  readonly finished: Promise<number>;
  close(): Promise<void>;
}

/** Starts the server and opens the window; throws when it does not come up within a minute. */
export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-editor-'));
  const { editor, trusted, vsix, folder, extension, tests, language } = options;
  if (vsix !== undefined) installPackage(editor, home, vsix);
  const { server, port } = await startServer({ editor, home, token: null, trusted, driver: true });
  let browser: Browser | null = null;
  const close = async (): Promise<void> => {
    await browser?.close();
    await endServer(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    browser = await launchBrowser(options.browser);
    const page = await newPage(browser);
    // As the words of a language pack do that the page loads.
    if (language !== undefined)
      await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
    const finished = new Promise<number>((resolve, reject) => {
      page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
    });
    await page.exposeFunction('codeAutomationLog', (_level: string, args: unknown[]) => {
      const text = String(args[0]);
      if (text.startsWith(TEST_OUTPUT)) console.log(text.slice(TEST_OUTPUT.length));
    });
    const absolute = (file: string | null): string | null => (file === null ? null : path.resolve(file));
    const address = { folder: absolute(folder), extension: absolute(extension), tests: absolute(tests) };
    await page.goto(windowAddress({ port, token: null, ...address }));
    await page.waitForSelector('.monaco-workbench', { timeout: 180_000 });
    const configure = (settings: object): void => {
      const directory = path.join(home, 'data', 'Machine');
      mkdirSync(directory, { recursive: true });
      writeFileSync(path.join(directory, 'settings.json'), JSON.stringify(settings));
    };
    return { page, finished, close, configure };
  } catch (error) {
    await close();
    throw error;
  }
}
