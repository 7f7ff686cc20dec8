// The editor of `npm start`: the sample workspace with the extension running, in the VS Code that is here, or else in a
// browser, from the VS Code server. Nothing of the person's own settings is read or changed.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { labDir, repositoryRoot } from '../kernel/lib/paths';
import { hasProgram, progress } from '../kernel/lib/shell';
import { EDITORS, installEditor } from './lib/install';
import { makePackage } from './lib/package';
import { installPackage, startServer, windowAddress } from './lib/server';

const root = repositoryRoot();
const workspace = path.join(root, 'media', 'workspace');
/** What there is to see at once. */
const shown = path.join(workspace, 'trouble', 'trouble.c');
/** One that is easy to remember; another where it is taken. */
const PORT = 8080;

async function main(): Promise<void> {
  const desktop = desktopCode();
  if (desktop !== null) {
    progress(`Opening ${path.relative(root, workspace)} in ${desktop}.`);
    const home = path.join(labDir(), 'start');
    const args = ['--user-data-dir', path.join(home, 'user'), '--extensions-dir', path.join(home, 'extensions')];
    const all = ['--new-window', ...args, `--extensionDevelopmentPath=${root}`, workspace, shown];
    // There it is a batch file, which only a shell runs, and names may have blanks.
    const shell = process.platform === 'win32';
    spawn(desktop, shell ? all.map(word => `"${word}"`) : all, { stdio: 'ignore', detached: true, shell }).unref();
    return;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    progress('There is no `code` on the PATH, and the VS Code server is for Linux on x86_64 only. Install VS Code, or');
    progress('run its command "Shell Command: Install \'code\' command in PATH", then `npm start` again.');
    return;
  }
  await serve();
}

async function serve(): Promise<void> {
  const version = EDITORS.at(-1);
  if (!version) return;
  progress(`There is no desktop VS Code here: the server of VS Code ${version.vscode} takes its place.`);
  const editor = installEditor(version, false);
  const token = randomBytes(12).toString('hex');
  const home = path.join(labDir(), 'start');
  progress('Packaging the extension and installing it there.');
  installPackage(editor, home, makePackage());
  const options = { editor, home, token, trusted: true, driver: false };
  const { server, port } = await startServer({ ...options, port: (await isFree(PORT)) ? PORT : 0 });
  const address = windowAddress({ port, folder: workspace, extension: null, tests: null, token, file: shown });
  progress(`\nOpen this in a browser (Ctrl-C ends it):\n\n  ${address}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill());
  // Whoever ends `npm start` otherwise than by Ctrl-C ends only what it waits for.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || server.kill(), 1000).unref();
  await new Promise(resolve => server.on('exit', resolve));
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.on('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A desktop VS Code that can show a window, new enough for the extension. */
function desktopCode(): string | null {
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  // In a terminal of VS Code itself `code` may be that of a remote, which starts no window of its own.
  if (!hasDisplay || process.env['VSCODE_IPC_HOOK_CLI']) return null;
  const shell = process.platform === 'win32';
  for (const name of ['code', 'code-insiders', 'codium']) {
    if (!shell && !hasProgram(name)) continue;
    const run = spawnSync(name, ['--version'], { encoding: 'utf8', shell });
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(run.stdout ?? '') ?? [];
    const oldest = Number(EDITORS[0]?.vscode.split('.')[1]);
    if (Number(major) > 1 || Number(minor) >= oldest) return name;
  }
  return null;
}

main().catch((error: unknown) => {
  progress(`The editor cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  progress('Everything else works: `node dist/cli.js --help`.');
});
