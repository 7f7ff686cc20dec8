import { note } from '../../../src/findings/notes';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { readModule } from '../../../src/host/node/decompress';
import { InputError } from '../../../src/host/node/files';
import { PACKED, UNPACKED } from '../../support/packed';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(directory, name);
  writeFileSync(file, bytes);
  return file;
}

for (const [compression, packed] of Object.entries(PACKED)) {
  test(`${compression} is told by its first bytes, whatever the name`, async () => {
    const read = await readModule(write('whatever.ko', packed));
    assert.equal(read.compression, compression);
    assert.ok(UNPACKED.equals(read.bytes));
  });

  test(`cut or damaged ${compression} data is one clear error`, async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 20, 40);
    for (const bytes of [packed.subarray(0, packed.length >> 1), packed.subarray(0, 8), damaged]) {
      const file = write('broken.ko', bytes);
      await assert.rejects(readModule(file), { name: 'InputError', message: `${file}: corrupted ${compression} data` });
    }
  });

  test(`${compression} that grows past the limit is refused`, async () => {
    const file = write('bomb.ko', packed);
    const message = `${file}: decompresses to more than 65536 bytes`;
    await assert.rejects(readModule(file, 65536), { name: 'InputError', message });
    // The decoder is not kept by what was given up.
    assert.ok(UNPACKED.equals((await readModule(file)).bytes));
  });
}

test('anything else is returned as it is, an empty file too', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('text'), Buffer.from([0x7f, 0x45])]) {
    const file = write('plain.ko', bytes);
    assert.deepEqual(await readModule(file), { path: file, bytes, compression: null, packedHead: null });
  }
});

test('what cannot be read is an InputError that names file and reason', async () => {
  const missing = path.join(directory, 'missing.ko');
  await assert.rejects(readModule(missing), { name: 'InputError', message: `${missing}: no such file or directory` });
  await assert.rejects(readModule(directory), new InputError(directory, note('is-directory')));
});
