// A position that moves through a debug section: LEB128 numbers, strings, and the two sizes of DWARF offsets.
import { cString, stringEnd } from '../bytes/strings';
import { readUnsigned, type DebugSection } from './sections';

export class Cursor {
  constructor(
    readonly section: DebugSection,
    public at: number,
    /** Reading past it is allowed and gives zeros; loops ask {@link Cursor.done}. */
    readonly end: number,
  ) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  u8(): number {
    return this.section.r.u8(this.at++);
  }

  i8(): number {
    const value = this.u8();
    return value < 128 ? value : value - 256;
  }

  u16(): number {
    const value = this.section.r.u16(this.at);
    this.at += 2;
    return value;
  }

  /** An unsigned number of `size` bytes, as it stands in the file. */
  unsigned(size: number): number {
    const value = readUnsigned(this.section.r, this.at, size);
    this.at += size;
    return value;
  }

  /** An offset into another section, relocated. */
  offset(size: number): number {
    const value = this.section.offset(this.at, size);
    this.at += size;
    return value;
  }

  /** DWARF 5, section 7.6; exact within 53 bits. */
  uleb(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 128) break;
      factor *= 128;
    }
    return value;
  }

  sleb(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 128) return byte & 0x40 ? value - factor : value;
    }
    return value;
  }

  /** The NUL-terminated byte string here. */
  string(): string {
    const text = cString(this.section.r.bytes, this.at);
    this.at = stringEnd(this.section.r.bytes, this.at) + 1;
    return text;
  }

  /** unit_length (DWARF 5, section 7.4): the length, and whether the unit has 4- or 8-byte offsets. */
  initialLength(): { length: number; offsetSize: 4 | 8 } {
    const length = this.unsigned(4);
    return length === 0xffff_ffff ? { length: this.unsigned(8), offsetSize: 8 } : { length, offsetSize: 4 };
  }
}
