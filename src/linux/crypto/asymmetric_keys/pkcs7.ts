// PKCS#7 signed data as the kernel reads it (crypto/asymmetric_keys/pkcs7_parser.c).
import { note, type Note } from '../../../findings/notes';
import { toHex } from '../../../formats/bytes/hex';
import type { LogLine } from '../../../findings/types';
import { warn } from '../../../findings/types';
import { oidRegistry, type OidRegistry } from '../../lib/oidRegistry';
import { dottedOid, type Asn1Value } from '../../lib/asn1';
import { decodeBer, type BerAction, type BerValue } from '../../lib/asn1Decoder';
import { digestName, signatureName } from './pkcs7Algorithms';
import { AttributeCheck, OID_DATA, OID_MS_INDIRECT_DATA } from './pkcs7Attributes';
import { EBADMSG, EINVAL, ENOPKG } from '../../errno';
import type { Failure } from './pkcs7Failure';
import { pkcs7Grammar, type Pkcs7Actions } from './pkcs7Grammar';

/** One signature. Byte fields are views into the message. */
export interface SignerInfo {
  /** Named by issuer and serial number (the SEQUENCE of both, and its parts' contents), or by key identifier. */
  readonly id:
    | {
        readonly kind: 'issuerAndSerial';
        readonly der: Uint8Array;
        readonly issuer: Asn1Value;
        readonly serial: Uint8Array;
      }
    | { readonly kind: 'keyIdentifier'; readonly keyIdentifier: Uint8Array };
  /** Object identifiers, dotted. */
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly hasAuthenticatedAttributes: boolean;
  readonly signature: Uint8Array;
}

export interface Pkcs7Message {
  /** Object identifier of the content, dotted. */
  readonly contentType: string;
  /** Content carried inside; null for a detached signature. */
  readonly content: Uint8Array | null;
  /** X.509 certificates (DER) carried along. */
  readonly certificates: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

/** Lower-case hex of the DER of IssuerAndSerialNumber, or of the key identifier's bytes; the other one is null. */
export interface SignerName {
  readonly issuerAndSerial: string | null;
  readonly keyIdentifier: string | null;
}

export type Pkcs7Result =
  { readonly ok: true; readonly value: Pkcs7Message; readonly log: readonly LogLine[] } | Failure;

/** What no kernel in particular knows: everything. */
const NEWEST = oidRegistry(new Set(['curves', 'file-sharing', 'negoex', 'sha3', 'p521', 'ml-dsa']));

/**
 * Parses a signature as a kernel with these names for object identifiers does. A failure carries the errno its parser
 * returns: EBADMSG for bytes that do not follow the grammar, EINVAL for another content type or version, ENOPKG for an
 * algorithm it has no use for. Bytes after the message are ignored, as the kernel does. Never throws.
 */
export function parsePkcs7(bytes: Uint8Array, registry: OidRegistry = NEWEST): Pkcs7Result {
  return new Pkcs7Parser(bytes, registry).parse();
}

/** How the signers of a message are named, as KernelFacts' ownSigners have it. */
export function signerIds(message: Pkcs7Message): SignerName[] {
  return message.signers.map(({ id }) =>
    id.kind === 'issuerAndSerial'
      ? { issuerAndSerial: toHex(id.der), keyIdentifier: null }
      : { issuerAndSerial: null, keyIdentifier: toHex(id.keyIdentifier) },
  );
}

const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const SEQUENCE = 0x30;
const EMPTY = new Uint8Array(0);
/** What is printed of an identifier fits a buffer of 50 bytes, the last of which is NUL. */
const MOST_OID_TEXT = 49;

class Pkcs7Parser {
  private readonly log: LogLine[] = [];
  private readonly certificates: Uint8Array[] = [];
  private readonly signers: SignerInfo[] = [];
  private reason: Note = note('signature-malformed');
  private oid = '';
  private version = 0;
  private contentType = '';
  private content: Uint8Array | null = null;
  // Of the signer that is being read; what names it stays from one to the next.
  private byKeyIdentifier = false;
  private nameAndSerial: Uint8Array = EMPTY;
  private issuer: Asn1Value = { tag: SEQUENCE, encoded: EMPTY, contents: EMPTY };
  private serial: Uint8Array = EMPTY;
  private keyIdentifier: Uint8Array = EMPTY;
  private digestAlgorithm = '';
  private signatureAlgorithm = '';
  private signature: Uint8Array = EMPTY;
  private attributes = new AttributeCheck();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly registry: OidRegistry,
  ) {}

  parse(): Pkcs7Result {
    const { log, certificates, signers } = this;
    const errno = decodeBer(this.bytes, pkcs7Grammar(this.actions())) || this.checkAttributes();
    if (errno !== 0) return { ok: false, errno, reason: this.reason, log };
    return { ok: true, value: { contentType: this.contentType, content: this.content, certificates, signers }, log };
  }

  private actions(): Pkcs7Actions {
    const take = (store: (contents: Uint8Array, value: BerValue) => void): BerAction => {
      return value => {
        store(this.contents(value), value);
        return 0;
      };
    };
    return {
      noteOid: value => this.noteOid(value),
      checkContentType: () =>
        this.oid === OID_SIGNED_DATA
          ? 0
          : this.refuse(EINVAL, note('signature-no-signed-data'), 'Only support pkcs7_signedData type'),
      noteVersion: value => this.noteVersion(value),
      noteContent: () => this.noteContent(),
      noteData: take(contents => (this.content = contents)),
      extractCertificate: value => this.extractCertificate(value),
      noteSignerVersion: value => this.noteSignerVersion(value),
      noteIssuer: take((contents, value) => (this.issuer = { tag: SEQUENCE, encoded: this.whole(value), contents })),
      noteSerial: take(contents => (this.serial = contents)),
      noteNameAndSerial: take((_, value) => (this.nameAndSerial = this.whole(value))),
      noteKeyIdentifier: take(contents => (this.keyIdentifier = contents)),
      noteDigest: () => this.noteDigest(),
      noteAttribute: value => this.noteAttribute(value),
      noteAttributes: () => this.objection(this.attributes.finish(this.contentType)),
      noteAlgorithm: () => this.noteAlgorithm(),
      noteSignature: take(contents => (this.signature = contents)),
      noteSigner: () => this.noteSigner(),
    };
  }

  private contents({ start, length }: BerValue): Uint8Array {
    return this.bytes.subarray(start, start + length);
  }

  /** With identifier and length. */
  private whole({ start, length, header }: BerValue): Uint8Array {
    return this.bytes.subarray(start - header, start + length);
  }

  private refuse(errno: number, reason: Note, line: string | null = null): number {
    this.reason = reason;
    if (line !== null) this.log.push(warn(`PKCS7: ${line}`));
    return errno;
  }

  private noteOid(value: BerValue): number {
    const contents = this.contents(value);
    this.oid = dottedOid(contents);
    if (!this.registry.isKnown(this.oid))
      this.log.push(warn(`PKCS7: Unknown OID: [${value.start}] ${oidText(contents)}`));
    return 0;
  }

  private noteVersion(value: BerValue): number {
    const version = this.contents(value);
    this.version = version[0] ?? 0;
    if (version.length === 1 && (this.version === 1 || this.version === 3)) return 0;
    return this.refuse(EINVAL, note('signature-version'), 'Unsupported SignedData version');
  }

  private noteContent(): number {
    if (this.oid !== OID_DATA && this.oid !== OID_MS_INDIRECT_DATA) {
      const number = this.registry.numberOf(this.oid);
      return this.refuse(EINVAL, note('signature-content-kind'), `Unsupported data type ${number}`);
    }
    this.contentType = this.oid;
    return 0;
  }

  private extractCertificate(value: BerValue): number {
    if (value.tag !== SEQUENCE) return this.refuse(EBADMSG, note('signature-no-certificate'));
    this.certificates.push(this.whole(value));
    return 0;
  }

  private noteSignerVersion(value: BerValue): number {
    const [version = 0, ...more] = this.contents(value);
    if (more.length > 0 || (version !== 1 && version !== 3))
      return this.refuse(EINVAL, note('signature-signer-version'), 'Unsupported SignerInfo version');
    if (version !== this.version) {
      const reason = note('signature-signer-differs');
      return this.refuse(EBADMSG, reason, 'SignedData-SignerInfo version mismatch');
    }
    this.byKeyIdentifier = version === 3;
    return 0;
  }

  private noteDigest(): number {
    this.digestAlgorithm = this.oid;
    if (digestName(this.oid, this.registry) !== null) return 0;
    this.log.push(warn(`Unsupported digest algo: ${this.registry.numberOf(this.oid)}`));
    return this.refuse(ENOPKG, note('signature-digest', { oid: this.oid }));
  }

  private noteAlgorithm(): number {
    this.signatureAlgorithm = this.oid;
    if (signatureName(this.oid, this.registry) !== null) return 0;
    this.log.push(warn(`Unsupported pkey algo: ${this.registry.numberOf(this.oid)}`));
    return this.refuse(ENOPKG, note('signature-algorithm', { oid: this.oid }));
  }

  private noteAttribute(value: BerValue): number {
    const { oid, contentType, registry } = this;
    return this.objection(this.attributes.note(oid, value.tag, this.contents(value), contentType, registry));
  }

  private objection({ errno, line }: { errno: number; line: string | null }): number {
    return errno === 0 ? 0 : this.refuse(errno, note('signature-attributes-refused'), line);
  }

  private noteSigner(): number {
    if (this.contentType === OID_MS_INDIRECT_DATA && !this.attributes.finished)
      return this.refuse(EBADMSG, note('signature-authenticode'), 'Authenticode requires AuthAttrs');
    const { issuer, serial, keyIdentifier, digestAlgorithm, signatureAlgorithm, signature } = this;
    this.signers.push({
      // Which of the two names counts follows from the version, whichever of them is there.
      id: this.byKeyIdentifier
        ? { kind: 'keyIdentifier', keyIdentifier }
        : { kind: 'issuerAndSerial', der: this.nameAndSerial, issuer, serial },
      digestAlgorithm,
      signatureAlgorithm,
      hasAuthenticatedAttributes: this.attributes.finished,
      signature,
    });
    this.attributes = new AttributeCheck();
    return 0;
  }

  /** pkcs7_check_authattrs() */
  private checkAttributes(): number {
    const [first] = this.signers;
    if (first && this.signers.every(s => s.hasAuthenticatedAttributes === first.hasAuthenticatedAttributes)) return 0;
    const reason = first ? note('signature-attributes-some') : note('signature-no-signer');
    return this.refuse(EINVAL, reason, 'Inconsistently supplied authAttrs');
  }
}

/** sprint_oid() */
function oidText(contents: Uint8Array): string {
  const [first, ...rest] = contents;
  if (first === undefined) return '(bad)';
  let text = `${Math.floor(first / 40)}.${first % 40}`;
  let number = 0n;
  let open = false;
  for (const byte of rest) {
    number = BigInt.asUintN(64, (number << 7n) | BigInt(byte & 0x7f));
    open = (byte & 0x80) !== 0;
    if (open) continue;
    text += `.${number}`;
    number = 0n;
    if (text.length > MOST_OID_TEXT) return text.slice(0, MOST_OID_TEXT);
  }
  // What is bad stands behind what was printed by then.
  return (open ? `${text}(bad)` : text).slice(0, MOST_OID_TEXT);
}
