// What the extension weighs, and what waking it up costs: fresh processes, with an editor that answers anything at once.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';

const RUNS = 15;
const root = repositoryRoot();

/** Stands for every object, function and class of the editor's interface. Real editors add their own time to ours. */
const EDITOR = `
const Module = require('node:module');
const anything = new Proxy(function () {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => '' : key === Symbol.iterator ? [][Symbol.iterator].bind([]) : key === 'then' ? undefined : key === 'prototype' ? {} : anything),
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? Object.create(anything) : load(request, ...rest));
const begin = performance.now();
const { activate } = require(process.argv[1]);
const loaded = performance.now();
activate(anything);
console.log(JSON.stringify([loaded - begin, performance.now() - loaded]));
process.exit();
`;

export interface WakingUp {
  readonly name: string;
  /** milliseconds */
  readonly samples: readonly number[];
}

/** Reading dist/extension.js, and its `activate`. */
export function wakingUp(): WakingUp[] {
  const [load, activate]: [number[], number[]] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    const script = path.join(root, 'dist', 'extension.js');
    const run = spawnSync(process.execPath, ['-e', EDITOR, script], { encoding: 'utf8' });
    const [first, second] = JSON.parse(run.stdout) as [number, number];
    load.push(first);
    activate.push(second);
  }
  return [
    { name: 'load extension.js, fresh process', samples: load },
    { name: 'activate the extension', samples: activate },
  ];
}

/** Bytes of everything that is delivered, by name. */
export function bundleSizes(): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const name of ['extension.js', 'browser.js', 'worker.js', 'cli.js', 'mcp.js', 'index.js']) {
    const file = path.join(root, 'dist', name);
    if (existsSync(file)) sizes[name] = statSync(file).size;
  }
  const webview = path.join(root, 'dist', 'webview');
  const parts = readdirSync(webview).filter(name => !name.endsWith('.map'));
  sizes['webview/'] = parts.reduce((total, name) => total + statSync(path.join(webview, name)).size, 0);
  for (const name of readdirSync(root)) if (name.endsWith('.vsix')) sizes[name] = statSync(path.join(root, name)).size;
  return sizes;
}
