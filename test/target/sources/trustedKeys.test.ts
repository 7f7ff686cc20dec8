import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { certificatesIn } from '../../../src/target/build/certificates';
import { DISK } from '../../../src/host/node/targetFiles';
import { readTrustedKeys } from '../../../src/target/build/trustedKeys';
import { makeIdentity } from '../../support/cms';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

const [signing, extra] = [makeIdentity('signing', 'ec', 1).certificate, makeIdentity('extra', 'ec', 2).certificate];
const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
const PRIVATE_KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';

function tree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(path.join(scratch, 'tree-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

test('certificates in PEM among other blocks, in DER one after the other, in neither', () => {
  assert.deepEqual(
    certificatesIn(Buffer.from(PRIVATE_KEY + pem(signing) + 'text\n' + pem(extra))),
    [signing, extra].map(c => new Uint8Array(c)),
  );
  assert.equal(certificatesIn(Buffer.concat([signing, extra])).length, 2);
  assert.equal(certificatesIn(Buffer.concat([signing, extra.subarray(0, 50)])).length, 1);
  assert.deepEqual(certificatesIn(Buffer.from('nothing')), []);
  assert.deepEqual(certificatesIn(Buffer.alloc(0)), []);
});

test('the signing key of the build, and the additional certificates', () => {
  const root = tree({ 'certs/signing_key.pem': PRIVATE_KEY + pem(signing), 'certs/x509_certificate_list': extra });
  const keys = readTrustedKeys(root, {}, DISK);
  assert.equal(keys?.certificates.length, 2);
  assert.match(keys?.source ?? '', /signing_key\.pem and .*x509_certificate_list$/);
});

test('places from the configuration', () => {
  const root = tree({ 'mine/key.pem': pem(signing), 'mine/others.pem': pem(extra) });
  const config = { MODULE_SIG_KEY: 'mine/key.pem', SYSTEM_TRUSTED_KEYS: 'mine/others.pem' };
  assert.equal(readTrustedKeys(root, config, DISK)?.certificates.length, 2);
  assert.equal(readTrustedKeys(root, { MODULE_SIG_KEY: 'pkcs11:token' }, DISK), null);
});

test('without the signing certificate the keyring is not known', () => {
  assert.equal(readTrustedKeys(tree({ 'certs/x509_certificate_list': extra }), {}, DISK), null);
  assert.equal(readTrustedKeys(tree({}), { MODULE_SIG_KEY: 'certs/signing_key.pem' }, DISK), null);
});
