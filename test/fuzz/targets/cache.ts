// Files of the cache: what is read is what was written, or nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ColumnBuilder } from '../../../src/graph/tree/columns';
import { Examiner } from '../../../src/graph/tree/examine';
import { CheckCache } from '../../../src/host/node/check/cache';
import { verifyPkcs7 } from '../../../src/host/node/lazyPkcs7';
import { BootedKernel } from '../../../src/linux/kernel/module/bootedKernel';
import { factsOf, fixture } from '../../support/recorded';
import type { FuzzTarget, Input } from '../lib/types';

const FILES = ['/exporter.ko', '/user.ko'];
const STAMPS = ['1', '2'];

/** A cache with real columns in it, the one file it keeps, and what is in that file. */
function fill() {
  const kernel = new BootedKernel(factsOf('6.1'));
  const examiner = new Examiner(kernel, verifyPkcs7, { cmdline: '', relocations: true });
  const builder = new ColumnBuilder(kernel.names);
  for (const [i, name] of ['exporter', 'user'].entries()) {
    const { bytes } = fixture('6.1', name);
    const verdict = examiner.examine(bytes);
    if (verdict.kind === 'passes') builder.add(i, verdict.examined, true);
    else builder.add(i, examiner.needsOf(verdict, bytes, name), false);
  }
  const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-cache-'));
  const said: string[] = [];
  const cache = new CheckCache(root, 'tool', factsOf('6.1'), '', line => said.push(line));
  cache.keep(FILES, STAMPS, [builder.columns()]);
  const directory = path.join(root, 'check');
  const file = path.join(directory, readdirSync(directory)[0] ?? '');
  const whole = new Uint8Array(readFileSync(file));
  const recalled = cache.recall(FILES, STAMPS);
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  return { cache, file, whole, recalled, said };
}

let filled: ReturnType<typeof fill> | null = null;

export const cache: FuzzTarget = {
  name: 'cache',
  longest: 64 << 10,
  seeds: () => {
    filled ??= fill();
    // With and without the head that says what it is.
    return [filled.whole, filled.whole.slice(52), new Uint8Array()];
  },
  run(bytes: Input) {
    filled ??= fill();
    const { cache, file, whole, recalled, said } = filled;
    writeFileSync(file, bytes, { mode: 0o600 });
    said.length = 0;
    const got = cache.recall(FILES, STAMPS);
    if (Buffer.compare(bytes, whole) === 0) assert.deepEqual([got, said], [recalled, []]);
    else assert.deepEqual([got, said.length], [[], 1]);
  },
};
