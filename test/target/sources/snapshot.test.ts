import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { toBytes } from '../../../src/formats/bytes/strings';
import { parseSymvers } from '../../../src/target/symvers';
import type { KernelFacts } from '../../../src/target/types';
import { writeSnapshot } from '../../support/snapshotFile';
import { readTarget } from '../../../src/host/node/targets';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const facts: KernelFacts = {
  release: '6.1.0',
  arch: 'arm64',
  vermagic: '6.1.0 SMP aarch64',
  config: { SMP: 'y' },
  distribution: null,
  exports: parseSymvers(toBytes('0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n')),
  structModule: null,
  builtin: null,
  trustedKeys: null,
  ownSigners: [],
  btf: null,
};

for (const ending of ['.json', '.json.gz', '.json.br']) {
  test(`a target from a ${ending} file`, async () => {
    const file = path.join(directory, 'kernel' + ending);
    writeSnapshot(file, facts);
    const read = await readTarget(file);
    assert.equal(read.vermagic, facts.vermagic);
    assert.equal(read.exports.findName('a'), 0);
  });

  test(`a damaged ${ending} file is one clear error`, async () => {
    const file = path.join(directory, 'broken' + ending);
    writeFileSync(file, 'nonsense');
    const reason = ending === '.json' ? 'is not a snapshot: not JSON' : 'corrupted compressed data';
    await assert.rejects(readTarget(file), { name: 'InputError', message: `${file}: ${reason}` });
  });
}
