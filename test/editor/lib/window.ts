// One window of a real VS Code: its server on this machine, its workbench in a browser without a screen.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { InstalledEditor } from './install';
import { TEST_OUTPUT } from './output';

export interface WindowOptions {
  readonly editor: InstalledEditor;
  readonly browser: string;
  /** Folder or .code-workspace file to open; null for an empty window. */
  readonly folder: string | null;
  readonly extension: string;
  /** Test entry that the extension host runs; null to only open the window. */
  readonly tests: string | null;
  readonly trusted: boolean;
}

export interface EditorWindow {
  readonly page: Page;
  /** Exit code of the test entry; never resolves without one. */
  readonly finished: Promise<number>;
  close(): Promise<void>;
}

const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the server and opens the window; throws when it does not come up within a minute. */
export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-editor-'));
  const { server, port } = await startServer(options, home);
  let browser: Browser | null = null;
  const close = async (): Promise<void> => {
    await browser?.close();
    server.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    browser = await chromium.launch({ executablePath: options.browser, args: BROWSER_ARGS });
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    const finished = new Promise<number>((resolve, reject) => {
      page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
    });
    await page.exposeFunction('codeAutomationLog', (_level: string, args: unknown[]) => {
      const text = String(args[0]);
      if (text.startsWith(TEST_OUTPUT)) console.log(text.slice(TEST_OUTPUT.length));
    });
    await page.goto(windowUrl(options, port));
    await page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
    return { page, finished, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function windowUrl({ folder, extension, tests }: WindowOptions, port: number): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['skipWelcome', 'true'],
    ...(tests === null ? [] : [['extensionTestsPath', remote(tests)]]),
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (folder === null) query.set('ew', 'true');
  else query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(folder));
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

async function startServer(
  { editor, trusted }: WindowOptions,
  home: string,
): Promise<{ server: ChildProcess; port: number }> {
  const args = [
    editor.serverMain,
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
    ...['--enable-smoke-test-driver', '--disable-telemetry', '--server-data-dir', home],
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
  const server = spawn(editor.node, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the VS Code server does not come up')), 60_000);
    let heard = '';
    server.stdout.on('data', (data: Buffer) => {
      heard += data.toString();
      const match = /listening on (\d+)/.exec(heard);
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    });
    server.on('exit', code => reject(new Error(`the VS Code server ended with ${String(code)}`)));
  });
  return { server, port };
}
