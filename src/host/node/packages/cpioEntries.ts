// Entries of a cpio archive in the "newc" form, which payloads of RPM are (Documentation/driver-api/early-userspace/buffer-format.rst).
// The only npm library for it is no longer maintained.
import { byteString } from '../../../formats/bytes/strings';
import type { PackageEntry } from './packageEntry';
import type { Pieces } from './pieces';

/** Hexadecimal fields of eight digits each behind the magic number; those that are read. */
const HEADER = 110;
const MODE = 1;
const SIZE = 6;
const NAME_SIZE = 11;
/** 070702 also has checksums, which are not checked here. */
const MAGIC = /^07070[12]/;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const LONGEST_NAME = 4096;

/** Each entry must be read or skipped before the next one. Ends at the end of the archive or at the first damaged header. */
export async function* cpioEntries(pieces: Pieces): AsyncIterable<PackageEntry> {
  for (;;) {
    const header = textOf(await pieces.take(HEADER));
    if (header.length < HEADER || !MAGIC.test(header)) return;
    const field = (index: number): number => parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16);
    const [size, nameSize] = [field(SIZE), field(NAME_SIZE)];
    if (!(nameSize <= LONGEST_NAME)) return;
    const name = textOf(await pieces.take(nameSize))
      .split('\0', 1)
      .join();
    await pieces.skip(padding(HEADER + nameSize));
    if (name === 'TRAILER!!!') return;
    let isRead = false;
    yield {
      name,
      size,
      isFile: (field(MODE) & FILE_TYPE) === REGULAR,
      read: () => {
        isRead = true;
        return pieces.take(size);
      },
    };
    if (!isRead) await pieces.skip(size);
    await pieces.skip(padding(size));
  }
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

const textOf = (bytes: Uint8Array): string => byteString(bytes, 0, bytes.length);
