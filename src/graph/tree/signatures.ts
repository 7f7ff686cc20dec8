// Signatures of a tree: one key signed all of its modules, so all but the last bytes of every signature are the same.
import { noteText } from '../../findings/notes';
import { sameBytes } from '../../formats/bytes/hash';
import { parsePkcs7 } from '../../linux/crypto/asymmetric_keys/pkcs7';
import { readModuleSignature, type ModuleSignature } from '../../formats/ko/signature';
import type { KernelFacts, VerifyPkcs7 } from '../../target/types';

const PKEY_ID_PKCS7 = 2;
const ENOKEY = 126;

/** The value of a signature comes last in PKCS#7 without unsigned attributes: an OCTET STRING of one of these sizes. */
const SMALLEST_VALUE = 8;
const LARGEST_VALUE = 1024;
const OCTET_STRING = 4;

/** A signature whose verdict did not depend on what it signs. */
interface KnownSignature {
  readonly bytes: Uint8Array;
  /** Bytes before the value. */
  readonly fixed: number;
  readonly doubt: string | null;
}

export class Signatures {
  /** What could not be checked about the signature of the last file; null when there is none, or it was checked. */
  doubt: string | null = null;
  /** By length: values of elliptic curves differ by a byte or two. */
  private readonly known = new Map<number, KnownSignature>();

  constructor(
    private readonly facts: KernelFacts,
    private readonly verify: VerifyPkcs7,
  ) {}

  /** Bytes of the module before its signature; -1 when there is something about it that the loader would talk about. */
  lengthWithout(file: Uint8Array): number {
    const signature = readModuleSignature(file);
    this.doubt = null;
    if (!signature) return file.length;
    const { sig_len, elfLength, id_type, algo, hash, signer_len, key_id_len, pad } = signature;
    const others = algo | hash | signer_len | key_id_len | pad[0] | pad[1] | pad[2];
    if (id_type !== PKEY_ID_PKCS7 || others !== 0 || sig_len === 0 || elfLength === 0) return -1;
    return this.passes(file, signature) ? elfLength : -1;
  }

  private passes(file: Uint8Array, { sigStart, sigEnd, elfLength }: ModuleSignature): boolean {
    const known = this.known.get(sigEnd - sigStart);
    if (known && sameBytes(file, sigStart, known.bytes, 0, known.fixed)) {
      this.doubt = known.doubt;
      return true;
    }
    const bytes = file.slice(sigStart, sigEnd);
    const { errno, checked, log, note } = this.verify(file.subarray(0, elfLength), bytes, this.facts);
    // Whoever signed with a key that is not known is told so, and no more.
    if (log.length > 0 || (errno !== 0 && errno !== ENOKEY)) return false;
    this.doubt = checked ? null : noteText(note);
    const fixed = bytes.length - valueSize(bytes);
    if (fixed < bytes.length && (!checked || errno === ENOKEY) && carriesNoCertificate(bytes))
      this.known.set(bytes.length, { bytes, fixed, doubt: this.doubt });
    return true;
  }
}

/** With a certificate of its own a signature is held against what it signs, known signer or not. */
function carriesNoCertificate(bytes: Uint8Array): boolean {
  const parsed = parsePkcs7(bytes);
  return parsed.ok && parsed.value.certificates.length === 0;
}

/**
 * Bytes of the OCTET STRING that ends the message, 0 when none does. Of several readings the shortest is taken: too much
 * that has to be the same does no harm.
 */
function valueSize(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let size = SMALLEST_VALUE; size <= LARGEST_VALUE && size < length; size++) {
    const header = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
    const start = length - size - header.length;
    if (bytes[start - 1] === OCTET_STRING && header.every((byte, i) => bytes[start + i] === byte)) return size;
  }
  return 0;
}
