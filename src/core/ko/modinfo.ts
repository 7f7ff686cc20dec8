// The section .modinfo: `tag=value` strings, each ended by a NUL.
import { byteString, stringEnd, toBytes } from '../bytes/strings';

/**
 * The value the kernel's get_modinfo() would return: of the first entry that starts with `tag=`; null when there is
 * none. Values are byte strings. The last entry may lack its NUL; it then ends with the section.
 */
export function getModinfo(section: Uint8Array, tag: string): string | null {
  const prefix = toBytes(tag + '=');
  for (let at = nextEntry(section, 0); at < section.length;) {
    const end = stringEnd(section, at);
    if (startsWith(section, at, end, prefix)) return byteString(section, at + prefix.length, end);
    at = nextEntry(section, end);
  }
  return null;
}

/** Values of all entries with this tag, in order. */
export function modinfoValues(section: Uint8Array, tag: string): string[] {
  const prefix = tag + '=';
  return modinfoEntries(section)
    .filter(entry => entry.startsWith(prefix))
    .map(entry => entry.slice(prefix.length));
}

/** Every entry, in order, as a byte string; runs of NULs between them are skipped. */
export function modinfoEntries(section: Uint8Array): string[] {
  const entries: string[] = [];
  for (let at = nextEntry(section, 0); at < section.length;) {
    const end = stringEnd(section, at);
    entries.push(byteString(section, at, end));
    at = nextEntry(section, end);
  }
  return entries;
}

/** Index of the first byte at or after `at` that is not NUL. */
function nextEntry(section: Uint8Array, at: number): number {
  let next = at;
  while (next < section.length && section[next] === 0) next++;
  return next;
}

function startsWith(section: Uint8Array, at: number, end: number, prefix: Uint8Array): boolean {
  if (end - at < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (section[at + i] !== prefix[i]) return false;
  return true;
}
