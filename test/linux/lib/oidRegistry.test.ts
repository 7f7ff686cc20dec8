// The list of object identifiers: its length is what a kernel prints for one it does not know.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deriveFeatures } from '../../../src/linux/deriveFeatures';
import { parsePkcs7 } from '../../../src/linux/crypto/asymmetric_keys/pkcs7';
import { integer, NULL, octets, oid, sequence, set, tlv } from '../../support/der';

const registryOf = (release: string) =>
  deriveFeatures({ release, arch: 'x86_64', config: {}, distribution: null }).oids;

test('kernels number the identifiers they know in order, and give others the number of the end', () => {
  const ends = { '5.10.262': 78, '6.1.176': 98, '6.12.107': 103, '7.2.12': 106 };
  for (const [release, end] of Object.entries(ends)) assert.equal(registryOf(release).numberOf('1.2.3'), end, release);
  assert.equal(registryOf('5.10.0').numberOf('1.2.840.10045.4.1'), 2);
  assert.equal(registryOf('6.1.0').numberOf('1.2.840.10045.2.1'), 2);
  assert.equal(registryOf('6.1.0').isKnown('1.2.840.113549.2.5'), true);
  assert.equal(registryOf('6.12.0').isKnown('1.2.840.113549.2.5'), false);
});

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const message = (digests: Buffer, contentType = '1.2.840.113549.1.7.1') =>
  sequence(oid(SIGNED_DATA), tlv(0xa0, sequence(integer(1), digests, sequence(oid(contentType)), set())));

function answer(bytes: Uint8Array, release = '6.1.0'): [errno: number, ...log: string[]] {
  const result = parsePkcs7(bytes, registryOf(release));
  return [result.ok ? 0 : result.errno, ...result.log.map(({ text }) => text)];
}

test('what is unknown is said where it stands, before what follows is found wrong', () => {
  const digests = set(sequence(oid('1.2.3.4'), NULL));
  const [errno, line] = answer(message(digests));
  assert.equal(errno, 74);
  assert.match(line ?? '', /^PKCS7: Unknown OID: \[\d+\] 1\.2\.3\.4$/);
  // The kernel notes the type of the content twice, and then refuses it by its number.
  const other = answer(message(set(sequence(oid('2.16.840.1.101.3.4.2.1'))), '1.2.3'), '5.10.0');
  assert.equal(other[0], 22);
  assert.equal(other[1], other[2]);
  assert.equal(other[3], 'PKCS7: Unsupported data type 78');
});

test('lists must hold something, and a message ends where it says', () => {
  assert.deepEqual(answer(message(set())), [74]);
  assert.deepEqual(answer(octets(Buffer.alloc(4))), [74]);
  assert.deepEqual(answer(sequence(oid('1.2.840.113549.1.7.1'))), [22, 'PKCS7: Only support pkcs7_signedData type']);
  // Without any signed data nothing is malformed, but nobody signed.
  assert.deepEqual(answer(sequence(oid(SIGNED_DATA))), [22, 'PKCS7: Inconsistently supplied authAttrs']);
});
