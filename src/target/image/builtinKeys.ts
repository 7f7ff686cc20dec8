// The certificates a kernel was built to trust (certs/system_certificates.S): one behind the other, then how many bytes they have.
import type { KernelBytes } from './kernelBytes';

/** Bytes of the certificates that are looked at; a keyring has a few thousand. */
const MOST_BYTES = 1 << 20;
/** CONFIG_SYSTEM_EXTRA_CERTIFICATE_SIZE: room for one that may be put in later. */
const MOST_ROOM = 1 << 16;

/**
 * X.509 certificates (DER) of the built-in keyring, in its order; null where no such list was found. A list is believed only
 * with its size behind it: that tells it from certificates of other kinds, such as those for wireless regulations.
 */
export function builtinKeys(kernel: KernelBytes): readonly Uint8Array[] | null {
  const { r } = kernel;
  let uncertain: readonly Uint8Array[] | null = null;
  for (let at = r.bytes.indexOf(SEQUENCE); at >= 0; at = r.bytes.indexOf(SEQUENCE, at + 1)) {
    if (certificateLength(kernel, at) === 0) continue;
    const { certificates, end } = listAt(kernel, at);
    const size = sizeBehind(kernel, at, end);
    if (size.isWhole) {
      // Since 5.13 (CONFIG_MODULE_SIG) the length of the signing key's own, which is the first, or nothing, follows; behind the
      // list of revoked ones it does not.
      if (size.next === 0 || size.next === certificates[0]?.length) return certificates;
      uncertain ??= certificates;
    }
    at = end - 1;
  }
  return uncertain;
}

const SEQUENCE = 0x30;

/** Bytes of the certificate at `at`; 0 where there is none: a sequence of a sequence that begins with version 3. */
function certificateLength({ r }: KernelBytes, at: number): number {
  const { bytes } = r;
  if (bytes[at + 1] !== 0x82 || bytes[at + 4] !== SEQUENCE || bytes[at + 5] !== 0x82) return 0;
  if (bytes[at + 8] !== 0xa0 || bytes[at + 9] !== 3 || bytes[at + 10] !== 2 || bytes[at + 12] !== 2) return 0;
  const length = 4 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
  const inner = 4 + (bytes[at + 6] ?? 0) * 256 + (bytes[at + 7] ?? 0);
  return inner < length && r.contains(at, length) ? length : 0;
}

function listAt(kernel: KernelBytes, start: number): { certificates: Uint8Array[]; end: number } {
  const certificates: Uint8Array[] = [];
  let end = start;
  for (let length = certificateLength(kernel, end); length > 0 && end - start < MOST_BYTES;) {
    certificates.push(kernel.r.bytes.slice(end, end + length));
    end += length;
    length = certificateLength(kernel, end);
  }
  return { certificates, end };
}

/** Whether the size of the list stands behind it, at a multiple of eight bytes, and the number that follows it. */
function sizeBehind({ r, is64 }: KernelBytes, start: number, end: number): { isWhole: boolean; next: number } {
  const word = is64 ? 8 : 4;
  const first = end + ((8 - ((end - start) % 8)) % 8);
  for (let at = first; at < end + MOST_ROOM && r.contains(at, 2 * word); at += 8) {
    const size = r.sizeWord(at, is64);
    if (size === end - start) return { isWhole: true, next: r.sizeWord(at + word, is64) };
    if (size !== 0) break;
  }
  return { isWhole: false, next: 0 };
}
