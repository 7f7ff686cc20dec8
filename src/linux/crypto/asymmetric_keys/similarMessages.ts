// Parsing the signatures of a whole tree: the messages of one signer differ in nothing but the value at their end.
import { sameBytes } from '../../../formats/bytes/hash';
import type { OidRegistry } from '../../lib/oidRegistry';
import { parsePkcs7, type Pkcs7Result } from './pkcs7';

/** A message that was parsed, and ends with the value of its last signature. */
interface KnownMessage {
  readonly bytes: Uint8Array;
  /** Bytes before that value. */
  readonly fixed: number;
  readonly result: Pkcs7Result & { readonly ok: true };
}

/**
 * As {@link parsePkcs7}, for one kernel after the other. The value of a signature is an OCTET STRING, in which the grammar does not
 * look: messages that are equal up to it are parsed to the same, with another value.
 */
export function similarMessagesParser(registry: OidRegistry): (bytes: Uint8Array) => Pkcs7Result {
  let known: KnownMessage | null = null;
  return bytes => {
    if (known && bytes.length === known.bytes.length && sameBytes(bytes, 0, known.bytes, 0, known.fixed))
      return withValue(known, bytes.subarray(known.fixed));
    // What is parsed refers to the bytes, and those belong to somebody else.
    const copy = new Uint8Array(bytes);
    const result = parsePkcs7(copy, registry);
    const value = result.ok ? result.value.signers.at(-1)?.signature : undefined;
    if (result.ok && value && value.length > 0 && value.byteOffset + value.length === copy.length)
      known = { bytes: copy, fixed: value.byteOffset, result };
    return result;
  };
}

function withValue({ result }: KnownMessage, signature: Uint8Array): Pkcs7Result {
  const { value, log } = result;
  const last = value.signers.length - 1;
  const signers = value.signers.map((signer, i) => (i === last ? { ...signer, signature } : signer));
  return { ok: true, value: { ...value, signers }, log };
}
