// The order of initcalls in an image, held against what a booted kernel printed with initcall_debug.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { insmodLens } from '../support/command';
import { schemaErrors } from '../support/schema';
import { ensureKernel } from './lib/ensureKernel';
import { labKernel } from './lib/kernels';

/** Of 6.1.0-50-amd64: its lines `calling NAME+0x…`, without initcalls of consoles and fixups of PCI, which have lists of their own. */
const PRINTED = {
  release: '6.1.0-50-amd64',
  count: 666,
  sha256: 'bbf5958349d333f222e096ddf8d235a6dd90c1f90a11d57bc43876cfde7ac649',
};

interface Listed {
  readonly kernel: string;
  readonly initcalls: readonly { readonly function: string; readonly level: string; readonly number: number }[];
}

void test('initcalls of an image come in the order in which the kernel calls them', async t => {
  const missing = ensureKernel('6.1');
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const { vmlinuz } = labKernel('6.1');
  const json: unknown = JSON.parse((await insmodLens('initcalls', vmlinuz, '--format', 'json')).stdout);
  assert.deepEqual(schemaErrors('initcalls', json), []);
  const { kernel, initcalls } = json as Listed;
  assert.equal(kernel, PRINTED.release);
  assert.equal(initcalls.length, PRINTED.count);
  const names = initcalls.map(({ function: name }) => name).join('\n');
  assert.equal(createHash('sha256').update(names).digest('hex'), PRINTED.sha256);
  const asked = await insmodLens('initcalls', vmlinuz, 'serial8250_init', 'regulator_init_complete');
  assert.equal(asked.status, 0);
  assert.match(asked.stdout, /^serial8250_init \(\w+\): \d+ of 666, level 6 \(device\)\n/);
  assert.match(asked.stdout, /regulator_init_complete \(core\): 665 of 666, level 7 \(late\), sync\n/);
  const unknown = await insmodLens('initcalls', vmlinuz, 'no_such_init');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /^insmod-lens: .*6\.1\.0-50-amd64 calls no no_such_init when it starts\n$/);
});
