// .modinfo: NUL-separated `tag=value` entries.
import { byteString, cString, startsWithBytes, stringEnd, toBytes } from '../bytes/strings';

/** Every entry of the section in order, one at a time; runs of NULs between them are skipped. */
export function* modinfoEntries(section: Uint8Array): Generator<string> {
  // Many short entries are cut out of one string in a fraction of the time in which they are read one by one.
  let begun = '';
  for (let at = 0; at < section.length; at += BLOCK) {
    const entries = byteString(section, at, at + BLOCK).split('\0');
    const unfinished = entries.pop() ?? '';
    for (const entry of entries) {
      if (begun !== '' || entry !== '') yield begun + entry;
      begun = '';
    }
    begun += unfinished;
  }
  if (begun !== '') yield begun;
}

const BLOCK = 4096;

/** Every value of `tag`, in order. */
export function modinfoValues(section: Uint8Array, tag: string): string[] {
  const prefix = toBytes(`${tag}=`);
  const values: string[] = [];
  // Runs of NULs are entries without a tag.
  for (let at = 0; at < section.length; at = stringEnd(section, at) + 1)
    if (startsWithBytes(section, at, prefix)) values.push(cString(section, at + prefix.length));
  return values;
}

/** get_modinfo() (kernel/module/main.c): the first value of `tag`, or null. */
export function getModinfo(section: Uint8Array, tag: string): string | null {
  return modinfoValues(section, tag)[0] ?? null;
}
