// dist/cli.js: runs dist/command.js with the code that earlier runs have compiled.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type * as V8 from 'node:v8';
import { cacheDirectory } from '../node/cacheFiles';
import { CodeCache, codeFiles } from '../node/codeCache';
import { loadedWhenUsed } from '../node/loadedWhenUsed';
import { thisBuild } from '../node/thisBuild';
import { isCommandName, V8_FLAGS } from './commandNames';

const COMMAND = path.join(__dirname, 'command.js');

/** What takes milliseconds to load, and what most runs only import. */
const HEAVY: ReadonlySet<string> = new Set(
  ['child_process', 'crypto', 'stream', 'stream/promises', 'v8', 'worker_threads', 'zlib'].map(name => `node:${name}`),
);

/** As the program is wrapped when Node loads it. */
type Program = (exports: object, require: (name: string) => unknown, module: object, file: string, dir: string) => void;

const [HEAD, TAIL] = ['(function(exports,require,module,__filename,__dirname){', '\n})'];

/** Compiled code is a little larger than the program; memory that is not touched costs nothing. */
const ROOM = 2;

/** Memory that was used once costs less to use again, so the program and its compiled code are read into the same. */
function run(cache: CodeCache): void {
  const fd = openSync(COMMAND, 'r');
  const { size } = fstatSync(fd);
  const room = Buffer.allocUnsafeSlow(ROOM * size);
  // The program is written in ASCII. Put together before it is a text: joined texts are copied.
  room.write(HEAD, 'latin1');
  const read = readSync(fd, room, HEAD.length, size, 0);
  closeSync(fd);
  const end = HEAD.length + read;
  const source = room.toString('latin1', 0, end + room.write(TAIL, end, 'latin1'));
  const program = cache.script(source, COMMAND, room).runInThisContext() as Program;
  const module = { exports: {} };
  program(module.exports, requireForCommand, module, COMMAND, __dirname);
}

function requireForCommand(name: string): unknown {
  if (HEAVY.has(name)) return loadedWhenUsed(() => require(name) as object);
  return require(name);
}

const [, , word] = process.argv;
const command = isCommandName(word) ? word : null;
const flags = command === null ? undefined : V8_FLAGS[command];
if (flags) {
  const { setFlagsFromString } = require('node:v8') as typeof V8;
  for (const flag of flags) setFlagsFromString(flag);
}
const directory = cacheDirectory();
// Clearing the cache leaves nothing behind, and who wants none gets none.
if (directory === null || command === 'cache' || process.argv.includes('--no-cache')) {
  require(COMMAND);
} else {
  const cache = new CodeCache(codeFiles(directory), thisBuild(), command ?? '');
  run(cache);
  process.on('exit', () => cache.keep());
}
