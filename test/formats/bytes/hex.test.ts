import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/formats/bytes/hex';

test('hex as Node writes it, and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), bytes => {
      const text = toHex(bytes);
      assert.equal(text, Buffer.from(bytes).toString('hex'));
      assert.deepEqual(fromHex(text), bytes);
      assert.deepEqual(fromHex(text.toUpperCase()), bytes);
    }),
  );
});

test('what is not hex of whole bytes is null', () => {
  for (const text of ['0', '0g', ' 00', '0x00']) assert.equal(fromHex(text), null, text);
});
