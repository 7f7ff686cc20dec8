// The trailer of a signed module: `[ELF][PKCS#7][struct module_signature][marker]` (include/linux/module_signature.h).
import { ByteReader } from '../bytes/byteReader';
import { toBytes } from '../bytes/strings';

/** struct module_signature, and where the parts stand. Offsets and lengths in bytes. */
export interface ModuleSignature {
  readonly algo: number;
  readonly hash: number;
  /** 2: PKCS#7. Up to 4.2 also 0: PGP and 1: X.509. */
  readonly id_type: number;
  readonly signer_len: number;
  readonly key_id_len: number;
  readonly pad: readonly [number, number, number];
  readonly sig_len: number;
  /** The signature itself; both equal the trailer's start when `sig_len` does not fit into the file. */
  readonly sigStart: number;
  readonly sigEnd: number;
  /** Length of what is signed. */
  readonly elfLength: number;
}

/** MODULE_SIG_STRING */
export const SIGNATURE_MARKER = '~Module signature appended~\n';
/** sizeof(struct module_signature) */
export const SIGNATURE_INFO_SIZE = 12;

const MARKER = toBytes(SIGNATURE_MARKER);

/** Whether the marker's 28 bytes are the very end of the file, and not all of it. */
export function endsWithSignatureMarker(file: Uint8Array): boolean {
  const start = file.length - MARKER.length;
  return start > 0 && MARKER.every((byte, i) => file[start + i] === byte);
}

/**
 * Reads the trailer without judging it: what the kernel makes of odd values is decided where modules are loaded. null
 * when the marker is not at the very end. A file too short for struct module_signature gives zeroes and `elfLength` 0.
 */
export function readModuleSignature(file: Uint8Array): ModuleSignature | null {
  if (!endsWithSignatureMarker(file)) return null;
  const at = file.length - MARKER.length - SIGNATURE_INFO_SIZE;
  const r = new ByteReader(file.subarray(Math.max(0, at), Math.max(0, at) + SIGNATURE_INFO_SIZE), false);
  const fits = at > 0;
  const sig_len = fits ? r.u32(8) : 0;
  const sigEnd = Math.max(0, at);
  const sigStart = sig_len <= sigEnd ? sigEnd - sig_len : sigEnd;
  const byte = (i: number): number => (fits ? r.u8(i) : 0);
  return {
    algo: byte(0),
    hash: byte(1),
    id_type: byte(2),
    signer_len: byte(3),
    key_id_len: byte(4),
    pad: [byte(5), byte(6), byte(7)],
    sig_len,
    sigStart,
    sigEnd,
    elfLength: sigStart,
  };
}
