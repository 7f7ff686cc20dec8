// Captured kernels: as text, and packed both ways.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parseSymvers } from '../../../src/target/symvers';
import { parseSnapshot, snapshotText } from '../../../src/target/snapshot';
import { InputError, System } from '../../../src/index';
import { readSnapshot } from '../../../src/host/node/targets';
import { repositoryRoot } from '../../kernel/lib/paths';
import { factsOf, fixture, moduleFile } from '../../support/recorded';
import type { FuzzTarget, Input } from '../lib/types';

const bytesOf = (text: string): Input => new Uint8Array(Buffer.from(text));

/** A kernel with few exports and options. */
function small(): Input {
  const facts = factsOf('6.1');
  const names = ['MODVERSIONS', 'MODULE_SIG', 'X86_64', 'SMP', 'MODULES'];
  const config = Object.fromEntries(names.map(name => [name, facts.config[name] ?? 'y']));
  const exports = parseSymvers(
    bytesOf('0x1\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n0x2\t_printk\tvmlinux\tEXPORT_SYMBOL\tNS\n'),
  );
  return bytesOf(snapshotText({ ...facts, config, exports, trustedKeys: null, builtin: ['a', 'b'] }));
}

/** Snapshots are read from files, whose names tell how they are packed. */
function readPacked(input: Input, suffix: string): void {
  const directory = path.join(repositoryRoot(), '.build', 'fuzz');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `snapshot-${process.pid}-${threadId}.json${suffix}`);
  writeFileSync(file, input);
  try {
    readSnapshot(file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

export const snapshot: FuzzTarget = {
  name: 'snapshot',
  longest: 32 << 10,
  seeds: () => [small(), gzipSync(small()), brotliCompressSync(small())],
  words: ['"schema":1', '"runs":[', '"values":[', '[[', '{"', '":', 'null', '1e308', '-1', '\\ud800'],
  run(bytes) {
    const result = parseSnapshot(Buffer.from(bytes).toString('utf8'));
    if (result.ok) new System(result.facts).insmod(moduleFile(fixture('6.1', 'minimal')));
    for (const suffix of ['.gz', '.br']) readPacked(bytes, suffix);
  },
};
