// The tables of CRCs a module was built with: __versions, and since 6.14 __version_ext_crcs with __version_ext_names.
import { ByteReader } from '../bytes/byteReader';
import { MOST_ENTRIES, stringEnd } from '../bytes/strings';
import type { ElfFormat } from '../elf/header';

/**
 * One entry of a table: where the NUL-terminated name of the symbol begins, and its CRC. A CRC that does not fit 32 bits
 * can match no exporter's and is NaN. Of several entries for a name the kernel takes the first.
 */
export type VersionVisitor = (name: number, crc: number) => void;

/** struct modversion_info (include/linux/module.h): an unsigned long and the name, 64 bytes together. */
const ENTRY = 64;

/**
 * Goes through the `size` bytes of __versions at `offset` of `bytes`; names are places in `bytes`. As for the kernel, a
 * name ends at a NUL wherever that is.
 */
export function eachVersion(
  bytes: Uint8Array,
  offset: number,
  size: number,
  { is64, littleEndian }: ElfFormat,
  visit: VersionVisitor,
): void {
  const r = new ByteReader(bytes, littleEndian);
  const word = is64 ? 8 : 4;
  const end = Math.min(size, MOST_ENTRIES * ENTRY);
  for (let entry = 0; entry + ENTRY <= end; entry += ENTRY) {
    const at = offset + entry;
    const fits = !is64 || r.u32(littleEndian ? at + 4 : at) === 0;
    const crc = r.u32(is64 && !littleEndian ? at + 4 : at);
    visit(at + word, fits ? crc : NaN);
  }
}

/** Goes through the two extended tables side by side; names are places in `names`. */
export function eachExtendedVersion(
  crcs: Uint8Array,
  names: Uint8Array,
  littleEndian: boolean,
  visit: VersionVisitor,
): void {
  const r = new ByteReader(crcs, littleEndian);
  const end = Math.min(r.length, MOST_ENTRIES * 4);
  for (let i = 0, at = 0; i + 4 <= end; i += 4) {
    visit(at, r.u32(i));
    at = Math.max(at, stringEnd(names, at)) + 1;
  }
}
