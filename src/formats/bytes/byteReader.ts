// The one cursor that touches a DataView.

const TWO_52 = 2 ** 52;
/** High half of 2^53. */
const TWO_53_HIGH = 0x20_0000;

/**
 * Read-only access to numbers in bytes at given offsets.
 *
 * Every method is total: bytes outside the buffer read as zero, so no input makes a reader throw. Code whose
 * meaning depends on the bounds asks {@link ByteReader.contains} first, as the kernel does where it checks.
 */
export class ByteReader {
  readonly length: number;
  private readonly view: DataView;

  /** @param littleEndian byte order of every multi-byte read */
  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian = true,
  ) {
    this.length = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether `length` bytes at `offset` (both in bytes from the start) lie inside the buffer. */
  contains(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.length;
  }

  u8(offset: number): number {
    return this.bytes[offset] ?? 0;
  }

  u16(offset: number): number {
    return this.contains(offset, 2) ? this.view.getUint16(offset, this.littleEndian) : 0;
  }

  u32(offset: number): number {
    return this.contains(offset, 4) ? this.view.getUint32(offset, this.littleEndian) : 0;
  }

  i32(offset: number): number {
    return this.contains(offset, 4) ? this.view.getInt32(offset, this.littleEndian) : 0;
  }

  u64(offset: number): bigint {
    return this.contains(offset, 8) ? this.view.getBigUint64(offset, this.littleEndian) : 0n;
  }

  i64(offset: number): bigint {
    return this.contains(offset, 8) ? this.view.getBigInt64(offset, this.littleEndian) : 0n;
  }

  /**
   * A 64-bit field that is a size or a file offset. Exact below 2^53. Of a larger value the low 32 bits are kept and
   * the rest becomes 2^52: still larger than any file, and what the kernel's 32-bit sums make of it stays the same.
   */
  size64(offset: number): number {
    if (!this.contains(offset, 8)) return 0;
    const first = this.view.getUint32(offset, this.littleEndian);
    const second = this.view.getUint32(offset + 4, this.littleEndian);
    const high = this.littleEndian ? second : first;
    const low = this.littleEndian ? first : second;
    return (high < TWO_53_HIGH ? high * 0x1_0000_0000 : TWO_52) + low;
  }

  /** An address-sized unsigned field: 8 bytes when `is64`, else 4. */
  word(offset: number, is64: boolean): bigint {
    return is64 ? this.u64(offset) : BigInt(this.u32(offset));
  }

  /** As {@link ByteReader.word}, for fields that are sizes or file offsets. */
  sizeWord(offset: number, is64: boolean): number {
    return is64 ? this.size64(offset) : this.u32(offset);
  }
}
