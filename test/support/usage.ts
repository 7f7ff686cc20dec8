// What a run of the command takes, counted: calls of the file system, bytes read, memory pages. No clock, so that a busy machine
// counts the same as an idle one.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLI, environment } from './command';

export interface Usage {
  /** Calls of node:fs that go to the system. */
  readonly calls: number;
  /** Bytes read from files. */
  readonly bytes: number;
  /** Pages of memory that were touched for the first time, beyond those of Node.js doing nothing. */
  readonly pages: number;
}

/** Counts in the process it is loaded into, and reports on file descriptor 3. */
const HOOK = `
const fs = require('node:fs');
let [calls, bytes, depth] = [0, 0, 0];
for (const name of ['openSync', 'readSync', 'readFileSync', 'statSync', 'lstatSync', 'fstatSync', 'readdirSync', 'existsSync',
  'readlinkSync', 'realpathSync', 'accessSync', 'mkdirSync', 'writeFileSync', 'renameSync', 'rmSync', 'utimesSync']) {
  const real = fs[name];
  fs[name] = Object.assign((...args) => {
    // Some are made of others.
    if (depth++ === 0) calls++;
    try {
      const result = real(...args);
      if (depth === 1 && name === 'readSync') bytes += result;
      if (depth === 1 && name === 'readFileSync') bytes += result.length;
      return result;
    } finally {
      depth--;
    }
  }, real);
}
const write = fs.writeSync;
process.on('exit', () => write(3, JSON.stringify({ calls, bytes, pages: process.resourceUsage().minorPageFault })));
`;

/**
 * What `insmod-lens ARGS` takes with the caches below `base`, of which there is nothing else.
 *
 * @param before runs of the same command before the one that is counted, which fill the cache
 */
export function usageOf(base: string, args: readonly string[], before: number): Usage {
  const hook = path.join(base, 'hook.cjs');
  writeFileSync(hook, HOOK);
  const env = { ...environment(), XDG_CACHE_HOME: base };
  const run = (more: readonly string[]): Usage => {
    const { output, stderr } = spawnSync(process.execPath, ['--require', hook, ...more], {
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const counted = String(output[3] ?? '');
    if (counted === '') throw new Error(`${more.join(' ')}: ${String(stderr)}`);
    return JSON.parse(counted) as Usage;
  };
  for (let i = 0; i < before; i++) run([CLI, ...args]);
  const { calls, bytes, pages } = run([CLI, ...args]);
  return { calls, bytes, pages: pages - run(['-e', '0']).pages };
}
