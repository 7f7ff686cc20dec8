// Members of an ar archive (ar(5), the common form), which Debian's packages are. No maintained library reads one.
import { byteString } from '../bytes/strings';
import type { ReadAt } from './readAt';

export interface ArMember {
  readonly name: string;
  /** Where the contents start, in bytes from the start of the file. */
  readonly start: number;
  readonly size: number;
}

const MAGIC = '!<arch>\n';
/** struct ar_hdr: the name has 16 characters, the size 10 from the 48th on. */
const HEADER = 60;
const NAME = 16;
const SIZE_AT = 48;
const SIZE_END = 58;
/** A package has three members. */
const MOST = 64;

/** Reads the members up to the first damaged header. Returns null if the file is not an ar archive. Never throws. */
export function arMembers(read: ReadAt): ArMember[] | null {
  if (textAt(read, 0, MAGIC.length) !== MAGIC) return null;
  const members: ArMember[] = [];
  for (let at = MAGIC.length; members.length < MOST;) {
    const header = textAt(read, at, HEADER);
    const size = /^\d+ *$/.test(header.slice(SIZE_AT, SIZE_END)) ? parseInt(header.slice(SIZE_AT, SIZE_END), 10) : -1;
    if (header.length < HEADER || !header.endsWith('`\n') || size < 0) break;
    members.push({ name: header.slice(0, NAME).trimEnd().replace(/\/$/, ''), start: at + HEADER, size });
    at += HEADER + size + (size % 2);
  }
  return members;
}

function textAt(read: ReadAt, at: number, length: number): string {
  const bytes = read(at, length);
  return byteString(bytes, 0, bytes.length);
}
