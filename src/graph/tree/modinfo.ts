// .modinfo in one pass, without a string for each of its aliases.
import { sameBytes } from '../../formats/bytes/hash';
import { byteString, toBytes } from '../../formats/bytes/strings';

/** First values of the tags that decide, and every import_ns. */
export interface ScreenedModinfo {
  vermagic: string | null;
  license: string | null;
  livepatch: boolean;
  namespaces: string[];
}

const [VERMAGIC, LICENSE, LIVEPATCH, IMPORT_NS] = ['vermagic=', 'license=', 'livepatch=', 'import_ns='].map(
  toBytes,
) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** Reads the section; null when it does not end in NUL, so that what it says could go on behind it. */
export function screenModinfo(section: Uint8Array): ScreenedModinfo | null {
  const found: ScreenedModinfo = { vermagic: null, license: null, livepatch: false, namespaces: [] };
  if (section.length === 0 || section[section.length - 1] !== 0) return null;
  for (let at = 0; at < section.length; at++) {
    if (section[at] === 0) continue;
    const end = section.indexOf(0, at);
    const has = (tag: Uint8Array): boolean => sameBytes(section, at, tag, 0, tag.length);
    const value = (tag: Uint8Array): string => byteString(section, at + tag.length, end);
    if (has(VERMAGIC)) found.vermagic ??= value(VERMAGIC);
    else if (has(LICENSE)) found.license ??= value(LICENSE);
    else if (has(LIVEPATCH)) found.livepatch = true;
    else if (has(IMPORT_NS)) found.namespaces.push(value(IMPORT_NS));
    at = end;
  }
  return found;
}
