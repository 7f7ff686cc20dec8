import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../../../src/core/bytes/base64';
import { toHex } from '../../../src/core/bytes/hex';

test('base64 as Node writes it, and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), bytes => {
      const text = toBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(fromBase64(text), bytes);
      assert.equal(toHex(bytes), Buffer.from(bytes).toString('hex'));
    }),
  );
});

test('what is not base64 is null', () => {
  for (const text of ['A', 'AB', 'ABC', 'AB=C', '====', 'AB C', 'A===', 'ABC\u00e9'])
    assert.equal(fromBase64(text), null, text);
});
