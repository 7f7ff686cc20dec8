import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SEQUENCE, childrenOf, hasTag, oidOf, readValue } from '../../../src/linux/lib/asn1';
import { NULL, integer, octets, oid, sequence, tlv } from '../../support/der';

test('lengths of one, two and three bytes, and none that reaches past the end', () => {
  for (const length of [0, 5, 127, 128, 255, 256, 1000]) {
    const bytes = octets(Buffer.alloc(length));
    const value = readValue(bytes);
    assert.deepEqual([value?.tag, value?.contents.length, value?.encoded.length], [4, length, bytes.length]);
    assert.equal(readValue(bytes.subarray(0, bytes.length - 1)), null);
  }
  // The kernel takes two bytes of length, not three.
  assert.equal(readValue(Buffer.from([4, 0x83, 0, 0, 1, 7])), null);
});

test('values in a row must fill what they stand in', () => {
  const inner = Buffer.concat([integer(1), NULL]);
  const tags = (bytes: Uint8Array) => childrenOf(readValue(bytes) ?? undefined, SEQUENCE)?.map(value => value.tag);
  assert.deepEqual(tags(sequence(inner)), [2, 5]);
  assert.equal(tags(sequence(inner.subarray(0, inner.length - 1))), undefined);
  assert.equal(tags(integer(1)), undefined);
});

test('an indefinite length ends with two zero bytes', () => {
  const bytes = Buffer.concat([Buffer.from([SEQUENCE, 0x80]), integer(1), Buffer.from([0, 0]), NULL]);
  assert.equal(readValue(bytes)?.encoded.length, 7);
  assert.equal(childrenOf(readValue(bytes) ?? undefined, SEQUENCE)?.length, 1);
  assert.equal(readValue(bytes.subarray(0, 5)), null);
});

test('where a primitive value is asked for, the kernel takes a constructed one', () => {
  assert.ok(hasTag(readValue(tlv(0x22, Buffer.from([1]))) ?? undefined, 0x02));
  assert.ok(!hasTag(readValue(tlv(0x10)) ?? undefined, SEQUENCE));
});

test('object identifiers', () => {
  for (const text of ['1.2.840.113549.1.7.2', '2.5.4.3', '2.16.840.1.101.3.4.2.1', '0.9.2342', '2.999.1']) {
    assert.equal(oidOf(readValue(oid(text)) ?? undefined), text);
  }
  // Its last byte says that more follow.
  assert.equal(oidOf(readValue(tlv(0x06, Buffer.from([0x55, 0x84]))) ?? undefined), '');
  assert.equal(oidOf(readValue(NULL) ?? undefined), null);
});

test('any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const value = readValue(bytes);
      assert.ok(value === null || value.encoded.length <= bytes.length);
      if (value) childrenOf(value, value.tag);
      oidOf({ tag: 6, encoded: bytes, contents: bytes });
    }),
  );
});
