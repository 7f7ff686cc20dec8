// activate() itself reads no file and starts no thread. Both come later, when the editor has listed the modules.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { repositoryRoot } from '../../kernel/lib/paths';

/** The bundle, with an editor that answers anything; prints which calls of node:fs and node:worker_threads it made. */
const PROGRAM = `
const Module = require('node:module');
const special = new Map([[Symbol.toPrimitive, () => ''], [Symbol.iterator, () => [][Symbol.iterator]()], ['then', undefined], ['prototype', {}]]);
const anything = new Proxy(function () {}, {
  get: (_, key) => (special.has(key) ? special.get(key) : anything),
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? Object.create(anything) : load(request, ...rest));
const { activate } = require(process.argv[1]);
const calls = [];
for (const name of ['node:fs', 'node:fs/promises', 'node:worker_threads', 'node:child_process']) {
  const library = require(name);
  for (const [key, value] of Object.entries(library))
    if (typeof value === 'function')
      library[key] = new Proxy(value, {
        apply: (target, self, args) => (calls.push(name + ' ' + key), Reflect.apply(target, self, args)),
        construct: (target, args) => (calls.push(name + ' ' + key), Reflect.construct(target, args)),
      });
}
activate(anything);
console.log(JSON.stringify(calls));
process.exit();
`;

test('activate() reads nothing and starts nothing', () => {
  const script = path.join(repositoryRoot(), 'dist', 'extension.js');
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM, script], { encoding: 'utf8' });
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(JSON.parse(stdout), []);
});
