import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseSymvers } from '../../../src/target/symvers';
import { parsePkcs7, signerIds } from '../../../src/linux/crypto/asymmetric_keys/pkcs7';
import type { KernelFacts } from '../../../src/target/types';
import { similarMessagesParser } from '../../../src/linux/crypto/asymmetric_keys/similarMessages';
import { oidRegistry } from '../../../src/linux/lib/oidRegistry';
import { verifyPkcs7 } from '../../../src/host/node/pkcs7';
import { makeIdentity, signCms, type CmsOptions, type Identity } from '../../support/cms';
import { NULL, octets, oid, sequence, set, tlv } from '../../support/der';

const rsa = makeIdentity('Build key', 'rsa', 0x21);
const ec = makeIdentity('Curve key', 'ec', 0x22);
const stranger = makeIdentity('Stranger', 'ec', 0x23);
const data = Buffer.from('the module');

const facts: KernelFacts = {
  release: '6.1.0',
  arch: 'x86_64',
  vermagic: '',
  config: { CRYPTO_RSA: 'y', CRYPTO_ECDSA: 'm', CRYPTO_SHA256: 'y', CRYPTO_SHA512: 'y', CRYPTO_SHA1: 'y' },
  distribution: null,
  exports: parseSymvers(new Uint8Array()),
  structModule: null,
  builtin: null,
  trustedKeys: { certificates: [rsa.certificate, ec.certificate], source: 'the tree' },
  ownSigners: [],
  btf: null,
};

const [EINVAL, ENOPKG, EBADMSG, ENOKEY, EKEYREJECTED] = [22, 65, 74, 126, 129] as const;

function check(by: Identity, options: CmsOptions = {}, kernel: KernelFacts = facts, signed: Uint8Array = data): number {
  const verdict = verifyPkcs7(data, signCms(signed, by, options), kernel);
  assert.equal(verdict.checked, true, verdict.note.id);
  return verdict.errno;
}

test('signatures by trusted keys, RSA and ECDSA, named either way', () => {
  for (const by of [rsa, ec]) {
    for (const options of [{}, { byKeyIdentifier: true }, { digest: 'sha512' }, { digest: 'sha1' }]) {
      assert.equal(check(by, options), 0);
    }
  }
});

test('a changed module, another key under the same name, a signer nobody knows', () => {
  assert.equal(check(rsa, {}, facts, Buffer.from('another module')), EKEYREJECTED);
  assert.equal(check({ ...rsa, privateKey: makeIdentity('x', 'rsa', 1).privateKey }), EKEYREJECTED);
  // A key of another kind than the certificate's.
  assert.equal(check({ ...rsa, privateKey: ec.privateKey, kind: 'ec' }), EKEYREJECTED);
  assert.equal(check(stranger), ENOKEY);
  assert.equal(check(stranger, { byKeyIdentifier: true }), ENOKEY);
  assert.equal(check(rsa, { issuerName: 'Someone else' }), ENOKEY);
});

test('algorithms the kernel does not have', () => {
  assert.equal(check(rsa, {}, { ...facts, config: { CRYPTO_RSA: 'y' } }), ENOPKG);
  assert.equal(check(ec, {}, { ...facts, config: { CRYPTO_SHA256: 'y', CRYPTO_RSA: 'y' } }), ENOPKG);
  assert.equal(check(rsa, { digestOid: '1.2.3.4' }), ENOPKG);
});

test('what a module signature must not be', () => {
  assert.equal(check(rsa, { content: data }), EBADMSG);
  assert.equal(check(rsa, { outerType: '1.2.840.113549.1.7.3' }), EINVAL);
  assert.equal(check(rsa, { contentType: '1.2.840.113549.1.7.5' }), EINVAL);
  assert.equal(check(rsa, { version: 2 }), EINVAL);
  // Version 3 asks for a key identifier: issuer and serial number are read and not used.
  assert.equal(check(rsa, { version: 3 }), EINVAL);
});

test('authenticated attributes: refused at the latest for being there', () => {
  const attribute = (id: string, ...values: Buffer[]) => sequence(oid(id), set(...values));
  const type = attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1'));
  const digest = attribute('1.2.840.113549.1.9.4', octets(Buffer.alloc(32)));
  const capabilities = attribute('1.2.840.113549.1.9.15', sequence());
  const wrongType = attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.2'));
  const errno = (...attributes: Buffer[]) => check(rsa, { attributes: tlv(0xa0, ...attributes) });
  assert.equal(errno(type, digest), EKEYREJECTED);
  assert.equal(errno(digest), EBADMSG);
  assert.equal(errno(type), EBADMSG);
  assert.equal(errno(wrongType, digest), EBADMSG);
  assert.equal(errno(type, type, digest), EKEYREJECTED);
  assert.equal(errno(type, digest, capabilities), EKEYREJECTED);
  assert.equal(errno(octets(data)), EBADMSG);
  const authenticode = '1.3.6.1.4.1.311.2.1.4';
  assert.equal(check(rsa, { contentType: authenticode }), EBADMSG);
  const their = attribute('1.2.840.113549.1.9.3', oid(authenticode));
  const attributes = tlv(0xa0, their, digest, capabilities);
  assert.equal(check(rsa, { contentType: authenticode, attributes }), EKEYREJECTED);
});

test('certificates carried along: a chain to a trusted one, a self-signed stranger, a forged one', () => {
  const issued = makeIdentity('Issued', 'ec', 0x31, rsa);
  assert.equal(check(issued, { issuerName: rsa.name }), ENOKEY);
  assert.equal(check(issued, { issuerName: rsa.name, certificates: [issued.certificate] }), 0);
  assert.equal(check(issued, { issuerName: rsa.name, certificates: [issued.certificate, rsa.certificate] }), 0);
  assert.equal(check(stranger, { certificates: [stranger.certificate] }), ENOKEY);
  assert.equal(check(rsa, { certificates: [rsa.certificate] }), 0);
  const forged = makeIdentity('Forged', 'ec', 0x32, { ...rsa, privateKey: makeIdentity('y', 'rsa', 2).privateKey });
  assert.equal(check(forged, { issuerName: rsa.name, certificates: [forged.certificate] }), EKEYREJECTED);
  assert.equal(check(rsa, { certificates: [sequence(oid('1.2.3'))] }), EBADMSG);
});

test('where the keyring is not known, only the name decides, and the verdict says so', () => {
  const parsed = parsePkcs7(signCms(data, rsa));
  const ownSigners = parsed.ok ? signerIds(parsed.value) : [];
  const unknown = { ...facts, trustedKeys: null, ownSigners };
  const own = verifyPkcs7(data, signCms(Buffer.from('changed'), rsa), unknown);
  assert.deepEqual([own.errno, own.checked], [0, false]);
  assert.equal(own.note.id, 'signature-assumed');
  const other = verifyPkcs7(data, signCms(data, ec), unknown);
  assert.deepEqual([other.errno, other.checked], [ENOKEY, false]);
  assert.equal(other.note.id, 'signature-assumed-unknown');
  const malformed = verifyPkcs7(data, Buffer.from('garbage'), unknown);
  assert.deepEqual([malformed.errno, malformed.checked], [EBADMSG, true]);
});

test('numbers of an elliptic curve as the kernel reads them, which is not as strictly as DER has them', () => {
  /** Contents of the two numbers, P-256. */
  const numbers = (der: Buffer): [Buffer, Buffer] => {
    const second = 4 + (der[3] ?? 0);
    return [der.subarray(4, second), der.subarray(second + 2)];
  };
  const errno = (reshape: (r: Buffer, s: Buffer) => Buffer): number =>
    check(ec, { reshape: der => reshape(...numbers(der)) });
  const full = (number: Buffer): Buffer => Buffer.concat([Buffer.alloc(33), number]).subarray(-33);
  const int = (contents: Buffer): Buffer => tlv(0x02, contents);
  assert.equal(
    errno((r, s) => sequence(int(r), int(s))),
    0,
  );
  assert.equal(
    errno((r, s) => tlv(0x10, int(full(r)), int(full(s)))),
    0,
  );
  assert.equal(
    errno((r, s) => sequence(int(full(r).subarray(1)), int(full(s).subarray(1)), Buffer.alloc(0))),
    0,
  );
  for (const wrong of [
    (r: Buffer, s: Buffer) => sequence(int(Buffer.concat([Buffer.alloc(1), full(r)])), int(s)),
    (r: Buffer) => sequence(int(r)),
    (r: Buffer) => sequence(int(r), tlv(0x02)),
    (r: Buffer, s: Buffer) => sequence(int(r), int(s), int(s)),
    (r: Buffer, s: Buffer) => sequence(tlv(0x22, r), int(s)),
    (r: Buffer, s: Buffer) => sequence(int(s), int(r)),
  ])
    assert.equal(errno(wrong), EKEYREJECTED);
});

test('bytes after the message do not matter, missing ones do', () => {
  const good = signCms(data, ec);
  assert.equal(verifyPkcs7(data, Buffer.concat([good, Buffer.alloc(3)]), facts).errno, 0);
  assert.equal(verifyPkcs7(data, good.subarray(0, good.length - 1), facts).errno, EBADMSG);
  assert.equal(verifyPkcs7(data, new Uint8Array(), facts).errno, EBADMSG);
});

/** Bytes of a signature with a key of 2048 bits, at the end of the message. */
const SIGNATURE = 256;

test('what the kernel does not look into may be anything', () => {
  const good = signCms(data, rsa);
  const change = (from: Buffer, to: (found: Buffer) => void): number => {
    const bytes = Buffer.from(good);
    // The signer's, not the list of digest algorithms in front.
    // Nor the signature behind it, whose bytes may be anything.
    to(bytes.subarray(bytes.lastIndexOf(from, good.length - SIGNATURE - from.length)));
    return verifyPkcs7(data, bytes, facts).errno;
  };
  // Parameters of the algorithm: NULL, as if it were constructed.
  assert.equal(
    change(NULL, found => (found[0] = 0x25)),
    0,
  );
  // An identifier that is not well formed is one the kernel does not know.
  const sha256 = oid('2.16.840.1.101.3.4.2.1');
  assert.equal(
    change(sha256, found => (found[sha256.length - 1] = 0x81)),
    ENOPKG,
  );
});

test('a message longer than the ASN.1 decoder takes', () => {
  const [EMSGSIZE, limit] = [90, 65535];
  const good = signCms(data, ec);
  assert.equal(verifyPkcs7(data, Buffer.concat([good, Buffer.alloc(limit - good.length)]), facts).errno, 0);
  assert.equal(verifyPkcs7(data, Buffer.concat([good, Buffer.alloc(limit + 1 - good.length)]), facts).errno, EMSGSIZE);
});

test('messages of one signer are parsed once, and to the same as each alone', () => {
  const registry = oidRegistry(new Set(['curves']));
  const parse = similarMessagesParser(registry);
  const [one, other] = [data, Buffer.from('another module')].map(signed => new Uint8Array(signCms(signed, rsa)));
  assert.ok(one && other);
  const first = parse(one);
  const second = parse(other);
  assert.deepEqual([first, second], [parsePkcs7(one, registry), parsePkcs7(other, registry)]);
  assert.ok(first.ok && second.ok);
  const idOf = (result: typeof first): unknown => result.value.signers[0]?.id;
  assert.equal(idOf(first), idOf(second), 'not parsed again');
  // What belongs to the caller may change.
  other.fill(0);
  assert.deepEqual(parse(one), parsePkcs7(one, registry));
  fc.assert(
    fc.property(
      fc.nat(one.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: -8, max: 8 }),
      (at, flip, more) => {
        const bytes = Uint8Array.from({ length: one.length + more }, (_, i) => one[i] ?? 0);
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ flip;
        assert.deepEqual(parse(bytes), parsePkcs7(bytes, registry));
        assert.deepEqual(parse(one), parsePkcs7(one, registry));
      },
    ),
  );
});

test('damaged signatures never throw and never pass', () => {
  const good = signCms(data, ec, { certificates: [ec.certificate] });
  const edit = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
      const bytes = Buffer.from(good);
      for (const [at, flip] of edits) bytes[at] = (bytes[at] ?? 0) ^ flip;
      verifyPkcs7(data, bytes, facts);
      assert.notEqual(verifyPkcs7(Buffer.from('other'), bytes, facts).errno, 0);
    }),
    { numRuns: 500 },
  );
});
