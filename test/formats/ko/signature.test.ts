import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readModuleSignature, SIGNATURE_MARKER } from '../../../src/formats/ko/signature';
import { describeSignature } from '../../../src/kmod/signatureInfo';
import { appendSignature, makeIdentity, signCms } from '../../support/cms';

const elf = Buffer.from('pretend ELF');

test('the parts of a signed file', () => {
  const signed = appendSignature(elf, Buffer.from('signature'));
  assert.deepEqual(readModuleSignature(signed), {
    algo: 0,
    hash: 0,
    id_type: 2,
    signer_len: 0,
    key_id_len: 0,
    pad: [0, 0, 0],
    sig_len: 9,
    sigStart: 11,
    sigEnd: 20,
    elfLength: 11,
  });
});

test('one byte after the marker, or nothing before it, and the file is not signed', () => {
  const signed = appendSignature(elf, Buffer.from('signature'));
  assert.equal(readModuleSignature(Buffer.concat([signed, Buffer.alloc(1)])), null);
  assert.equal(readModuleSignature(Buffer.from(SIGNATURE_MARKER)), null);
  assert.equal(readModuleSignature(elf), null);
});

test('a signature longer than the file, and a file shorter than the trailer', () => {
  const long = appendSignature(elf, Buffer.from('signature'));
  long.writeUInt32BE(1000, long.length - 28 - 4);
  const trailer = readModuleSignature(long);
  assert.deepEqual([trailer?.sig_len, trailer?.sigStart, trailer?.sigEnd], [1000, 20, 20]);
  const short = readModuleSignature(Buffer.from('abc' + SIGNATURE_MARKER));
  assert.deepEqual([short?.sig_len, short?.elfLength], [0, 0]);
});

test('a PKCS#7 signature in words', () => {
  const signer = makeIdentity('Some Öne', 'ec', 0x7f);
  const info = describeSignature(appendSignature(elf, signCms(elf, signer)));
  assert.equal(info?.idType, 'PKCS#7');
  assert.equal(Buffer.from(info?.signer ?? '', 'latin1').toString('utf8'), 'Some Öne');
  assert.deepEqual([...(info?.key ?? [])], [0x7f]);
  assert.equal(info?.hashAlgorithm, 'sha256');
  assert.equal(describeSignature(appendSignature(elf, signCms(elf, signer, { byKeyIdentifier: true }))), null);
});

test('damaged signatures never throw', () => {
  const good = appendSignature(elf, signCms(elf, makeIdentity('x', 'ec', 1)));
  const edit = fc.tuple(fc.nat(good.length - 29), fc.nat(255));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 6 }), edits => {
      const bytes = Buffer.from(good);
      for (const [at, value] of edits) bytes[at] = value;
      describeSignature(bytes);
    }),
    { numRuns: 2000 },
  );
});
