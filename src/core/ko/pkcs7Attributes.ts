// Authenticated attributes of a PKCS#7 signer, as far as the kernel's parser objects to them.
import { OCTET_STRING, SEQUENCE, SET, childrenOf, dottedOid, oidOf, type Asn1Value } from './asn1';
import { EBADMSG, EKEYREJECTED } from './pkcs7Failure';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
/** S/MIME capabilities and two of Microsoft's: only with Authenticode. */
const AUTHENTICODE_ONLY = ['1.2.840.113549.1.9.15', '1.3.6.1.4.1.311.2.1.12', '1.3.6.1.4.1.311.2.1.11'];
const ONCE_ONLY = new Set([CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, ...AUTHENTICODE_ONLY]);

/**
 * The errno with which pkcs7_sig_note_authenticated_attr() and pkcs7_sig_note_set_of_authattrs() refuse a set of
 * attributes, 0 when they accept it. Attributes are looked at in order, each value of each.
 *
 * @param contentType what the message says it signs, dotted
 */
export function checkAttributes(set: Asn1Value, contentType: string, authenticode: boolean): number {
  const seen = new Set<string>();
  const attributes = childrenOf(set, set.tag);
  if (!attributes) return EBADMSG;
  for (const attribute of attributes) {
    const [type, values, ...more] = childrenOf(attribute, SEQUENCE) ?? [];
    const list = childrenOf(values, SET);
    const name = oidOf(type);
    if (name === null || !list || more.length > 0) return EBADMSG;
    for (const value of list) {
      if (seen.has(name) && ONCE_ONLY.has(name)) return EKEYREJECTED;
      seen.add(name);
      if (name === CONTENT_TYPE && dottedOid(value.contents) !== contentType) return EBADMSG;
      if (name === MESSAGE_DIGEST && value.tag !== OCTET_STRING) return EBADMSG;
      if (AUTHENTICODE_ONLY.includes(name) && !authenticode) return EKEYREJECTED;
    }
  }
  return seen.has(CONTENT_TYPE) && seen.has(MESSAGE_DIGEST) ? 0 : EBADMSG;
}
