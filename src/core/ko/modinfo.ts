// .modinfo: NUL-separated `tag=value` entries.
import { byteString, stringEnd } from '../bytes/strings';

/** Every entry of the section in order; runs of NULs between them are skipped. */
export function modinfoEntries(section: Uint8Array): string[] {
  const entries: string[] = [];
  for (let at = 0; at < section.length;) {
    if (section[at] === 0) {
      at++;
      continue;
    }
    const end = stringEnd(section, at);
    entries.push(byteString(section, at, end));
    at = end + 1;
  }
  return entries;
}

/** Every value of `tag`, in order. */
export function modinfoValues(section: Uint8Array, tag: string): string[] {
  const prefix = `${tag}=`;
  return modinfoEntries(section)
    .filter(entry => entry.startsWith(prefix))
    .map(entry => entry.slice(prefix.length));
}

/** get_modinfo() (kernel/module/main.c): the first value of `tag`, or null. */
export function getModinfo(section: Uint8Array, tag: string): string | null {
  return modinfoValues(section, tag)[0] ?? null;
}
