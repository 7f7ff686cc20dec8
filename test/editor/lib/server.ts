// The server of a real VS Code, on this machine and for this machine only.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstalledEditor } from './install';

export interface ServerOptions {
  readonly editor: InstalledEditor;
  /** Where it keeps everything of its own; nothing of the person's is read or written. */
  readonly home: string;
  /** A secret that the address has to name; null for none. */
  readonly token: string | null;
  readonly trusted: boolean;
  /** For tests, which drive the window from outside. */
  readonly driver: boolean;
  readonly port?: number;
}

/** Starts a server; throws when it does not come up within a minute. */
export async function startServer(options: ServerOptions): Promise<{ server: ChildProcess; port: number }> {
  const { editor, home, token, trusted, driver } = options;
  const args = [
    editor.serverMain,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--accept-server-license-terms'],
    ...(token === null ? ['--without-connection-token'] : ['--connection-token', token]),
    ...['--disable-telemetry', '--server-data-dir', home],
    ...(driver ? ['--enable-smoke-test-driver'] : []),
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
  // A group of its own, so that a test can wait for all that the server has started.
  const server = spawn(editor.node, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: driver });
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the VS Code server does not come up')), 180_000);
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

/** Ends the server of a test and its extension hosts, which go on writing for a while; when it returns, none is left. */
export async function endServer({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  for (let tries = 0; signal(-pid, tries < 20 ? 'SIGTERM' : 'SIGKILL'); tries++) await sleep(250);
}

/** False where nobody is left to hear it. */
function signal(group: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(group, name);
  } catch {
    return false;
  }
}

export interface Address {
  readonly port: number;
  /** Folder or .code-workspace file to open; null for an empty window. */
  readonly folder: string | null;
  /** Directory of the extension to run from its sources; null where it is installed. */
  readonly extension: string | null;
  /** Test entry that the extension host runs. */
  readonly tests: string | null;
  readonly token: string | null;
  /** A file to show first. */
  readonly file?: string;
}

/** Where a browser finds a window with the extension running. */
export function windowAddress({ port, folder, extension, tests, token, file }: Address): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${file}`;
  const payload = [
    ...(extension === null ? [] : [['extensionDevelopmentPath', remote(extension)]]),
    ['skipWelcome', 'true'],
    ...(file === undefined ? [] : [['openFile', remote(file)]]),
    ...(tests === null ? [] : [['extensionTestsPath', remote(tests)]]),
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (token !== null) query.set('tkn', token);
  if (folder === null) query.set('ew', 'true');
  else query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

/** Installs a .vsix into the server's own directory, as a person does with the editor's command line. */
export function installPackage(editor: InstalledEditor, home: string, vsix: string): void {
  const args = [editor.serverMain, '--server-data-dir', home, '--accept-server-license-terms'];
  const run = spawnSync(editor.node, [...args, '--force', '--install-extension', path.resolve(vsix)], {
    encoding: 'utf8',
  });
  if (!run.stdout.includes('successfully installed')) throw new Error(`${vsix}: ${run.stdout}${run.stderr}`);
}
