// Authenticated attributes of a PKCS#7 signer, as far as the kernel's parser objects to them.
import type { OidRegistry } from '../../lib/oidRegistry';
import { byteString } from '../../../formats/bytes/strings';
import { dottedOid } from '../../lib/asn1';
import { EBADMSG, EKEYREJECTED } from '../../errno';

export const OID_DATA = '1.2.840.113549.1.7.1';
export const OID_MS_INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const SMIME_CAPABILITIES = '1.2.840.113549.1.9.15';
const MS_OPUS_INFO = '1.3.6.1.4.1.311.2.1.12';
const MS_STATEMENT_TYPE = '1.3.6.1.4.1.311.2.1.11';
const ONCE_ONLY = new Set([
  ...[CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME],
  ...[SMIME_CAPABILITIES, MS_OPUS_INFO, MS_STATEMENT_TYPE],
]);
const OCTET_STRING = 0x04;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** An errno, and the line that goes with it where the parser prints one. */
export interface Objection {
  readonly errno: number;
  readonly line: string | null;
}

const ACCEPTED: Objection = { errno: 0, line: null };

/** The attributes of one signer, in order, each value of each. */
export class AttributeCheck {
  private readonly seen = new Set<string>();
  /** Its set of attributes was there and was complete. */
  finished = false;

  /** pkcs7_sig_note_authenticated_attr(); `contentType` is what the message says it signs. */
  note(name: string, tag: number, contents: Uint8Array, contentType: string, registry: OidRegistry): Objection {
    if (this.seen.has(name) && ONCE_ONLY.has(name))
      return { errno: EKEYREJECTED, line: 'Repeated/multivalue AuthAttrs not permitted' };
    this.seen.add(name);
    const authenticode = contentType === OID_MS_INDIRECT_DATA;
    switch (name) {
      case CONTENT_TYPE:
        return sameType(dottedOid(contents), contentType, registry);
      case SIGNING_TIME:
        return isTime(tag, contents) ? ACCEPTED : { errno: EBADMSG, line: null };
      case MESSAGE_DIGEST:
        return tag === OCTET_STRING ? ACCEPTED : { errno: EBADMSG, line: null };
      case SMIME_CAPABILITIES:
        return authenticode ? ACCEPTED : { errno: EKEYREJECTED, line: 'S/MIME Caps only allowed with Authenticode' };
      case MS_OPUS_INFO:
      case MS_STATEMENT_TYPE:
        return authenticode
          ? ACCEPTED
          : { errno: EKEYREJECTED, line: 'Authenticode AuthAttrs only allowed with Authenticode' };
      default:
        return ACCEPTED;
    }
  }

  /** pkcs7_sig_note_set_of_authattrs() */
  finish(contentType: string): Objection {
    if (!this.seen.has(CONTENT_TYPE) || !this.seen.has(MESSAGE_DIGEST))
      return { errno: EBADMSG, line: 'Missing required AuthAttr' };
    if (contentType !== OID_MS_INDIRECT_DATA && this.seen.has(MS_OPUS_INFO))
      return { errno: EBADMSG, line: 'Unexpected Authenticode AuthAttr' };
    this.finished = true;
    return ACCEPTED;
  }
}

/** The number of the signer in the line is that of one not finished yet, and so 0. */
function sameType(given: string, contentType: string, registry: OidRegistry): Objection {
  if (given === contentType) return ACCEPTED;
  const [global, own] = [contentType, given].map(oid => registry.numberOf(oid));
  return { errno: EBADMSG, line: `Mismatch between global data type (${global}) and sinfo 0 (${own})` };
}

/** x509_decode_time(), without the calendar. */
function isTime(tag: number, contents: Uint8Array): boolean {
  const digits = tag === UTC_TIME ? 12 : tag === GENERALIZED_TIME ? 14 : 0;
  return digits > 0 && new RegExp(`^\\d{${digits}}Z$`).test(byteString(contents, 0, contents.length));
}
