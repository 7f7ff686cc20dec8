// Module memory as the running code would see it: addresses to bytes in the images of the regions.
import { cString } from '../../../formats/bytes/strings';
import type { Region } from './regions';

export interface Place {
  readonly region: Region;
  /** bytes from the start of the region */
  readonly offset: number;
}

/** PAGE_SIZE */
const PAGE = 4096;

/** Reads and writes module memory by address. Anything outside reads as absent and is not written. */
export class ModuleMemory {
  constructor(
    private readonly regions: readonly Region[],
    private readonly littleEndian: boolean,
  ) {}

  /** The region and offset of an address with `length` bytes behind it, or null. */
  find(address: bigint, length = 1): Place | null {
    for (const region of this.regions) {
      // Exact below 2^53, and larger than any image above.
      const offset = Number(address - region.base);
      if (offset >= 0 && offset + length <= region.image.length) return { region, offset };
    }
    return null;
  }

  /** A view of `length` bytes at `address`, shared with the image, or null. */
  view(address: bigint, length: number): Uint8Array | null {
    const place = this.find(address, length);
    return place && place.region.image.subarray(place.offset, place.offset + length);
  }

  /** The unsigned number in `size` bytes (1, 2, 4 or 8) at `address`, or null. */
  readUnsigned(address: bigint, size: number): bigint | null {
    const place = this.find(address, size);
    if (!place) return null;
    const { view } = place.region;
    const { offset } = place;
    if (size === 8) return view.getBigUint64(offset, this.littleEndian);
    if (size === 4) return BigInt(view.getUint32(offset, this.littleEndian));
    return BigInt(size === 2 ? view.getUint16(offset, this.littleEndian) : view.getUint8(offset));
  }

  /** Writes the low `size` bytes of `value`; false when the address is in no region. */
  writeUnsigned(address: bigint, size: number, value: bigint): boolean {
    const bytes = this.view(address, size);
    if (!bytes) return false;
    for (let i = 0; i < size; i++) {
      const shift = BigInt(8 * (this.littleEndian ? i : size - 1 - i));
      bytes[i] = Number((value >> shift) & 0xffn);
    }
    return true;
  }

  /** The NUL-terminated byte string at `address`, no more of it than sysfs shows; or null. */
  readString(address: bigint): string | null {
    const place = this.find(address);
    return place && cString(place.region.image, place.offset, Math.min(place.region.image.length, place.offset + PAGE));
  }
}
