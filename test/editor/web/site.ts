// A web site with everything a browser-only VS Code is made of: its workbench, extensions, and files to open. There is no
// server of VS Code behind it: what runs, runs in the browser.
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { repositoryRoot } from '../../kernel/lib/paths';
import type { FileAnswer } from './files';
import { filesManifest, workbenchPage } from './workbenchPage';

export interface SiteOptions {
  /** The directory of VS Code that holds `out` and `extensions`. */
  readonly vscode: string;
  /** Directory of the extension as it is installed. */
  readonly extension: string;
  /** The directory that holds the folder to open, FOLDER. */
  readonly files: string;
}

export interface Site {
  readonly address: string;
  close(): void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What code-server changed in VS Code: its workbench always has a server, and keeps the user's settings there. */
const CHANGED_BACK: readonly (readonly [changed: RegExp, original: string])[] = [
  [/remoteAuthority:location\.host/g, 'remoteAuthority:undefined'],
  [/(\(this\.userDataPath\)\.with\(\{scheme:\w+\.)vscodeRemote/g, '$1vscodeUserData'],
];

/** Starts the site on a port of its own, for this machine only. */
export async function openSite(options: SiteOptions): Promise<Site> {
  const server = createServer((request, response) => {
    try {
      answer(options, port(server), request, response);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${port(server)}/`, close: () => void server.close() };
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function answer(options: SiteOptions, port: number, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
  const [first = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  const below = (directory: string): string => path.join(directory, path.posix.join('/', ...rest));
  // Extensions come from another origin, as they do from a marketplace.
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (first === '') return send(response, '.html', workbenchPage(options.vscode, port));
  if (first === 'vscode') return sendCode(response, below(options.vscode));
  if (first === 'extension') return sendFile(response, below(options.extension));
  if (first === 'files-extension') {
    if (rest.join() === 'package.json') return send(response, '.json', JSON.stringify(filesManifest()));
    return sendFile(response, below(path.join(repositoryRoot(), '.build', 'editor', 'web')));
  }
  if (first !== 'files') throw new Error(`nothing at ${pathname}`);
  const file = below(options.files);
  if (request.method === 'OPTIONS') {
    response.writeHead(204, { 'Access-Control-Allow-Methods': 'GET, PUT' }).end();
  } else if (request.method === 'PUT') {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      writeFileSync(file, Buffer.concat(parts));
      response.end();
    });
  } else if (searchParams.has('about')) send(response, '.json', JSON.stringify(about(file)));
  else sendFile(response, file);
}

function about(file: string): FileAnswer {
  const { size, mtimeMs } = statSync(file);
  const directory = statSync(file).isDirectory();
  const entries = directory ? readdirSync(file, { withFileTypes: true }) : [];
  return {
    directory,
    size,
    mtime: Math.floor(mtimeMs),
    entries: entries.map(entry => ({ name: entry.name, directory: entry.isDirectory() })),
  };
}

/** A file of VS Code; its workbench as it was before code-server. */
function sendCode(response: ServerResponse, file: string): void {
  if (!file.endsWith('/workbench/workbench.js')) return sendFile(response, file);
  let code = readFileSync(file, 'utf8');
  for (const [changed, original] of CHANGED_BACK) {
    if (code.match(changed)?.length !== 1) throw new Error(`${file} is not what code-server made of it before`);
    code = code.replace(changed, original);
  }
  send(response, '.js', code);
}

function sendFile(response: ServerResponse, file: string): void {
  const { size } = statSync(file);
  response.writeHead(200, { ...typeOf(path.extname(file)), 'Content-Length': size });
  createReadStream(file).pipe(response);
}

function send(response: ServerResponse, extension: string, body: string): void {
  response.writeHead(200, typeOf(extension)).end(body);
}

function typeOf(extension: string): { 'Content-Type': string } {
  return { 'Content-Type': TYPES[extension] ?? 'application/octet-stream' };
}
