// Signatures of a tree: one key signed all of its modules, so all but the last bytes of every signature are the same.
import { sameBytes } from '../bytes/hash';
import { parsePkcs7 } from '../ko/pkcs7';
import { readModuleSignature, type ModuleSignature } from '../ko/signature';
import type { KernelFacts, VerifyPkcs7 } from '../kernel/types';

const PKEY_ID_PKCS7 = 2;
const ENOKEY = 126;

/** Values of RSA signatures, in bytes; in PKCS#7 without unsigned attributes they come last. */
const VALUE_SIZES = [512, 384, 256];
const OCTET_STRING = 4;
const LONG_FORM = 0x82;

export class Signatures {
  /** What could not be checked about the signature of the last file; null when there is none, or it was checked. */
  doubt: string | null = null;
  /** A signature whose verdict did not depend on what it signs, and how long its value is. */
  private known: { readonly bytes: Uint8Array; readonly value: number; readonly doubt: string | null } | null = null;

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
    const { known } = this;
    const size = sigEnd - sigStart;
    if (known && known.bytes.length === size && sameBytes(file, sigStart, known.bytes, 0, size - known.value)) {
      this.doubt = known.doubt;
      return true;
    }
    const bytes = file.slice(sigStart, sigEnd);
    const { errno, checked, log, note } = this.verify(file.subarray(0, elfLength), bytes, this.facts);
    // Whoever signed with a key that is not known is told so, and no more.
    if (log.length > 0 || (errno !== 0 && errno !== ENOKEY)) return false;
    this.doubt = checked ? null : note;
    const value = VALUE_SIZES.find(length => endsInValue(bytes, length));
    if (value !== undefined && (!checked || errno === ENOKEY) && carriesNoCertificate(bytes))
      this.known = { bytes, value, doubt: this.doubt };
    return true;
  }
}

/** With a certificate of its own a signature is held against what it signs, known signer or not. */
function carriesNoCertificate(bytes: Uint8Array): boolean {
  const parsed = parsePkcs7(bytes);
  return parsed.ok && parsed.value.certificates.length === 0;
}

function endsInValue(bytes: Uint8Array, length: number): boolean {
  const at = bytes.length - length - 4;
  return (
    at > 0 &&
    bytes[at] === OCTET_STRING &&
    bytes[at + 1] === LONG_FORM &&
    length === ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0)
  );
}
