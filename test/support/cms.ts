// Keys, certificates and module signatures for tests, made as openssl and sign-file make them.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { NULL, integer, octets, oid, sequence, set, tlv, utf8 } from './der';

export interface Identity {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly kind: 'rsa' | 'ec';
  readonly name: string;
  readonly serial: number;
  /** DER of the X.509 certificate. */
  readonly certificate: Buffer;
  readonly keyIdentifier: Buffer;
}

const DIGESTS: Readonly<Record<string, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const SIGNED_BY: Readonly<Record<'rsa' | 'ec', string>> = { rsa: '1.2.840.113549.1.1.11', ec: '1.2.840.10045.4.3.2' };

const nameOf = (text: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8(text))));

/** A key pair with its certificate, self-signed unless an issuer is given. */
export function makeIdentity(name: string, kind: 'rsa' | 'ec', serial: number, issuer?: Identity): Identity {
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyIdentifier = createHash('sha1').update(spki).digest();
  const by = issuer ?? { name, kind, privateKey, keyIdentifier };
  const algorithm = sequence(oid(SIGNED_BY[by.kind]), ...(by.kind === 'rsa' ? [NULL] : []));
  const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), octets(value));
  const tbs = sequence(
    tlv(0xa0, integer(2)),
    integer(serial),
    algorithm,
    nameOf(by.name),
    sequence(tlv(0x17, Buffer.from('200101000000Z')), tlv(0x17, Buffer.from('400101000000Z'))),
    nameOf(name),
    spki,
    tlv(
      0xa3,
      sequence(
        extension('2.5.29.14', octets(keyIdentifier)),
        extension('2.5.29.35', sequence(tlv(0x80, by.keyIdentifier))),
      ),
    ),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', tbs, by.privateKey));
  return { publicKey, privateKey, kind, name, serial, certificate: sequence(tbs, algorithm, signature), keyIdentifier };
}

export interface CmsOptions {
  readonly digest?: string;
  /** Name the signer by key identifier instead of issuer and serial number. */
  readonly byKeyIdentifier?: boolean;
  readonly issuerName?: string;
  readonly certificates?: readonly Buffer[];
  readonly contentType?: string;
  readonly content?: Buffer;
  readonly attributes?: Buffer;
  readonly outerType?: string;
  readonly version?: number;
  readonly digestOid?: string;
  /** Another form of the signature itself. */
  readonly reshape?: (signature: Buffer) => Buffer;
}

/** A detached PKCS#7 signature of `data`, as sign-file makes it. */
export function signCms(data: Uint8Array, by: Identity, options: CmsOptions = {}): Buffer {
  const digest = options.digest ?? 'sha256';
  const version = integer(options.version ?? (options.byKeyIdentifier ? 3 : 1));
  const digestAlgorithm = sequence(oid(options.digestOid ?? DIGESTS[digest] ?? ''));
  const sid = options.byKeyIdentifier
    ? tlv(0x80, by.keyIdentifier)
    : sequence(nameOf(options.issuerName ?? by.name), integer(by.serial));
  const { reshape = (signature: Buffer) => signature } = options;
  const signature = reshape(sign(digest, data, by.privateKey));
  const algorithm =
    by.kind === 'rsa' ? sequence(oid('1.2.840.113549.1.1.1'), NULL) : sequence(oid('1.2.840.10045.4.3.2'));
  const attributes = options.attributes ? [options.attributes] : [];
  const signer = sequence(version, sid, digestAlgorithm, ...attributes, algorithm, octets(signature));
  const content = options.content ? [tlv(0xa0, octets(options.content))] : [];
  const certificates = options.certificates ? [tlv(0xa0, ...options.certificates)] : [];
  const signedData = sequence(
    version,
    set(digestAlgorithm),
    sequence(oid(options.contentType ?? '1.2.840.113549.1.7.1'), ...content),
    ...certificates,
    set(signer),
  );
  return sequence(oid(options.outerType ?? '1.2.840.113549.1.7.2'), tlv(0xa0, signedData));
}

/** A file with this signature appended as the kernel expects it. */
export function appendSignature(file: Uint8Array, signature: Uint8Array): Buffer {
  const info = Buffer.alloc(12);
  info[2] = 2;
  info.writeUInt32BE(signature.length, 8);
  return Buffer.concat([file, signature, info, Buffer.from('~Module signature appended~\n')]);
}
