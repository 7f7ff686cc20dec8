import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { oidText, readAll, readTlv } from '../../../src/core/bytes/der';
import { oid, sequence, tlv } from '../../support/der';

test('lengths of one, two and three bytes', () => {
  for (const length of [0, 5, 127, 128, 255, 256, 1000]) {
    const bytes = tlv(0x04, Buffer.alloc(length));
    const value = readTlv(bytes, 0, bytes.length);
    assert.deepEqual([value?.tag, (value?.end ?? 0) - (value?.from ?? 0)], [4, length]);
    assert.equal(readTlv(bytes, 0, bytes.length - 1), null);
  }
});

test('values in a row must fill their container', () => {
  const bytes = sequence(tlv(2, Buffer.from([1])), tlv(5));
  assert.deepEqual(
    readAll(bytes, 2, bytes.length)?.map(value => value.tag),
    [2, 5],
  );
  assert.equal(readAll(bytes, 2, bytes.length - 1), null);
});

test('object identifiers', () => {
  for (const text of ['1.2.840.113549.1.7.2', '2.5.4.3', '2.16.840.1.101.3.4.2.1', '0.9.2342', '2.999.1']) {
    const bytes = oid(text);
    assert.equal(oidText(bytes, 2, bytes.length), text);
  }
});

test('any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(20), fc.nat(40), (bytes, from, end) => {
      const value = readTlv(bytes, from, Math.min(end, bytes.length));
      assert.ok(value === null || (value.end <= Math.min(end, bytes.length) && value.from <= value.end));
      readAll(bytes, from, end);
      oidText(bytes, from, end);
    }),
  );
});
