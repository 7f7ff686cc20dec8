// Unpacking as browsers do it: the same bytes as elsewhere, and no more of them than a module can have.
import assert from 'node:assert/strict';
import test from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { MAX_SNAPSHOT } from '../../../src/target/snapshot';
import { unpackModule, unpackSnapshot } from '../../../src/host/web/unpack';
import { PACKED, UNPACKED } from '../../support/packed';

for (const [format, packed] of Object.entries(PACKED)) {
  test(`${format} is told by its first bytes`, async () => {
    assert.ok(UNPACKED.equals(await unpackModule(packed)));
  });

  test(`cut or damaged ${format} data is one clear error`, async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 20, 40);
    for (const bytes of [packed.subarray(0, packed.length >> 1), packed.subarray(0, 8), damaged])
      await assert.rejects(unpackModule(bytes), { message: `corrupted ${format} data` });
  });

  test(`${format} that grows past the limit is given up`, async () => {
    await assert.rejects(unpackModule(packed, 65536), { message: 'decompresses to more than 65536 bytes' });
    // The decoder is not kept by what was given up.
    assert.ok(UNPACKED.equals(await unpackModule(packed)));
  });
}

test('what is not packed stays as it is', async () => {
  const bytes = Buffer.from('plain');
  assert.equal(await unpackModule(bytes), bytes);
});

test('a bomb is given up long before it is unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 28));
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(unpackModule(bomb, 2 ** 20), /more than 1048576 bytes/);
  const used = process.memoryUsage().arrayBuffers - before;
  assert.ok(used < 2 ** 25, `${used} bytes were kept`);
});

test('snapshots: by the name where brotli has no mark', async () => {
  const text = Buffer.from('{"schema":1}');
  for (const [name, packed] of [
    ['a.kernel.json', text],
    ['a.kernel.json.gz', gzipSync(text)],
    ['a.kernel.json.br', brotliCompressSync(text)],
  ] as const)
    assert.deepEqual(Buffer.from(await unpackSnapshot(name, packed)), text, name);
  await assert.rejects(unpackSnapshot('a.br', brotliCompressSync(UNPACKED).subarray(0, 20)), {
    message: 'corrupted brotli data',
  });
  await assert.rejects(unpackSnapshot('a.br', brotliCompressSync(Buffer.alloc(MAX_SNAPSHOT + 1))), {
    message: `decompresses to more than ${MAX_SNAPSHOT} bytes`,
  });
});
