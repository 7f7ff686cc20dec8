// struct btf_header (include/uapi/linux/btf.h), once it is found sound.
import type { ByteReader } from '../../../formats/bytes/byteReader';

export interface BtfHeader {
  readonly r: ByteReader;
  readonly hdrLen: number;
  readonly typeOff: number;
  readonly typeLen: number;
  readonly strOff: number;
  readonly strLen: number;
  /** null where the header does not reach that far, or the section is empty. */
  readonly layout: { readonly off: number; readonly len: number } | null;
  /** The header is as long as the kernel knows it. */
  readonly full: boolean;
}
