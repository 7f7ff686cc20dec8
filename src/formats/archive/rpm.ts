// Where the payload of an RPM package starts (RPM's documentation, "Package format"). No maintained library reads one.
import { ByteReader } from '../bytes/byteReader';
import type { ReadAt } from './readAt';

/** The lead: a magic number and obsolete fields. */
const LEAD = 96;
const LEAD_MAGIC = 0xedabeedb;
/** Start of each of the two headers: magic and version, 4 reserved bytes, number of index entries, size of the data. */
const INTRO = 16;
const HEADER_MAGIC = 0x8eade801;
const ENTRY = 16;

/** Offset of the payload, a packed cpio archive; null for a file that is no package. Never throws. */
export function rpmPayload(read: ReadAt): number | null {
  if (bigEndian(read(0, 4), 0) !== LEAD_MAGIC) return null;
  const signatureEnd = headerEnd(read, LEAD);
  // The signature alone is padded to a multiple of eight.
  return signatureEnd === null ? null : headerEnd(read, (signatureEnd + 7) & ~7);
}

function headerEnd(read: ReadAt, at: number): number | null {
  const intro = read(at, INTRO);
  if (intro.length < INTRO || bigEndian(intro, 0) !== HEADER_MAGIC) return null;
  const end = at + INTRO + ENTRY * bigEndian(intro, 8) + bigEndian(intro, 12);
  return end > MOST_HEADERS ? null : end;
}

/** Bytes; a kernel's package has some thousands of files, each with a name and a digest. */
const MOST_HEADERS = 2 ** 28;

const bigEndian = (bytes: Uint8Array, at: number): number => new ByteReader(bytes, false).u32(at);
