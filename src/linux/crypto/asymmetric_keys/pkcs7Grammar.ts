// The grammar of signed data (RFC 5652, in the form the kernel compiles it from), as steps for the decoder.
import type { BerAction, BerInside, BerStep } from '../../lib/asn1Decoder';

/** The places at which the kernel's parser looks. */
export interface Pkcs7Actions {
  readonly noteOid: BerAction;
  readonly checkContentType: BerAction;
  readonly noteVersion: BerAction;
  readonly noteContent: BerAction;
  readonly noteData: BerAction;
  readonly extractCertificate: BerAction;
  readonly noteSignerVersion: BerAction;
  readonly noteIssuer: BerAction;
  readonly noteSerial: BerAction;
  /** Both together; the kernel has no use for that. */
  readonly noteNameAndSerial: BerAction;
  readonly noteKeyIdentifier: BerAction;
  readonly noteDigest: BerAction;
  readonly noteAttribute: BerAction;
  readonly noteAttributes: BerAction;
  readonly noteAlgorithm: BerAction;
  readonly noteSignature: BerAction;
  readonly noteSigner: BerAction;
}

const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
const SET = 0x31;

/** [n] in a constructed value, or in a primitive one. */
const context = (n: number): number => 0xa0 | n;
const primitiveContext = (n: number): number => 0x80 | n;

type Place = 'here' | 'maybe' | 'or-else';

/** A value that is not looked into, unless `inside` says how. */
export function value(
  tag: number | null,
  action: BerAction | null = null,
  place: Place = 'here',
  inside: BerInside | null = null,
): BerStep {
  return { kind: 'value', tag, optional: place !== 'here', alternative: place === 'or-else', action, inside };
}

/** A constructed value written out where it stands. */
export function group(tag: number, steps: readonly BerStep[], repeated = false): BerStep {
  return value(tag, null, 'here', { steps, repeated, action: null, rule: false });
}

/** A constructed value that is a rule of its own. */
function rule(tag: number, steps: readonly BerStep[], place: Place = 'here', action: BerAction | null = null): BerStep {
  return value(tag, null, place, { steps, repeated: false, action, rule: true });
}

/** Likewise, for a list. */
function list(tag: number, steps: readonly BerStep[], place: Place = 'here'): BerStep {
  return value(tag, null, place, { steps, repeated: true, action: null, rule: true });
}

const then = (action: BerAction, ifMatched = false): BerStep => ({ kind: 'action', action, ifMatched });
const CHOSEN: BerStep = { kind: 'chosen' };

/** A list that is a SET or a SEQUENCE. */
function either(tags: readonly [number, number], steps: readonly BerStep[]): BerStep[] {
  return [list(tags[0], steps, 'maybe'), list(tags[1], steps, 'or-else')];
}

export function pkcs7Grammar(on: Pkcs7Actions): readonly BerStep[] {
  const oid = value(OBJECT_IDENTIFIER, on.noteOid);
  const algorithm = [oid, value(null, null, 'maybe')];
  const certificate = value(null, on.extractCertificate);
  const attributes = [
    rule(SEQUENCE, [
      oid,
      value(SET, null, 'here', { steps: [value(null, on.noteAttribute)], repeated: true, action: null, rule: false }),
    ]),
  ];
  const otherAttributes = [rule(SEQUENCE, [value(OBJECT_IDENTIFIER), group(SET, [value(null)], true)])];
  const name = group(SEQUENCE, [group(SET, [group(SEQUENCE, [oid, value(null)])], true)], true);
  const signer = rule(
    SEQUENCE,
    [
      value(INTEGER, on.noteSignerVersion),
      rule(SEQUENCE, [name, then(on.noteIssuer), value(INTEGER), then(on.noteSerial)], 'maybe', on.noteNameAndSerial),
      value(primitiveContext(0), on.noteKeyIdentifier, 'or-else'),
      CHOSEN,
      rule(SEQUENCE, algorithm),
      then(on.noteDigest),
      list(context(0), attributes, 'maybe'),
      then(on.noteAttributes, true),
      rule(context(2), [group(SEQUENCE, attributes, true)], 'or-else'),
      group(SEQUENCE, algorithm),
      then(on.noteAlgorithm),
      value(OCTET_STRING, on.noteSignature),
      ...either([context(1), context(3)], otherAttributes),
    ],
    'here',
    on.noteSigner,
  );
  const signedData = group(SEQUENCE, [
    value(INTEGER, on.noteVersion),
    ...either([SET, SEQUENCE], [rule(SEQUENCE, algorithm)]),
    CHOSEN,
    // The type is noted twice here: once as a type, once as that of the content.
    group(SEQUENCE, [oid, then(on.noteOid), rule(context(0), [value(null, on.noteData)], 'maybe')]),
    then(on.noteContent),
    list(
      context(0),
      [value(null, on.extractCertificate, 'maybe'), value(null, on.extractCertificate, 'or-else'), CHOSEN],
      'maybe',
    ),
    list(context(2), [certificate], 'or-else'),
    ...either([context(1), context(3)], [list(SEQUENCE, [certificate])]),
    ...either([SET, SEQUENCE], [signer]),
    CHOSEN,
  ]);
  return [group(SEQUENCE, [oid, then(on.checkContentType), rule(context(0), [signedData], 'maybe')])];
}
