// .modinfo in one pass, without a string for each of its aliases.
import { byteString } from '../bytes/strings';

/** First values of the tags that decide, and every import_ns. */
export interface ScreenedModinfo {
  vermagic: string | null;
  license: string | null;
  livepatch: boolean;
  namespaces: string[];
}

const LOWER = { i: 0x69, l: 0x6c, v: 0x76 };
const VERMAGIC = 'vermagic=';
const LICENSE = 'license=';
const LIVEPATCH = 'livepatch=';
const IMPORT_NS = 'import_ns=';

/** Reads the section; null when it does not end in NUL, so that what it says could go on behind it. */
export function screenModinfo(section: Uint8Array): ScreenedModinfo | null {
  const found: ScreenedModinfo = { vermagic: null, license: null, livepatch: false, namespaces: [] };
  if (section.length === 0 || section[section.length - 1] !== 0) return null;
  for (let at = 0; at < section.length; at++) {
    const first = section[at];
    if (first === 0) continue;
    const end = section.indexOf(0, at);
    if (first === LOWER.i || first === LOWER.l || first === LOWER.v) note(found, section, at, end);
    at = end;
  }
  return found;
}

function note(found: ScreenedModinfo, section: Uint8Array, start: number, end: number): void {
  // Descriptions may be long, and none of these is.
  const entry = byteString(section, start, Math.min(end, start + 512));
  const valueOf = (prefix: string): string => byteString(section, start + prefix.length, end);
  if (entry.startsWith(VERMAGIC)) found.vermagic ??= valueOf(VERMAGIC);
  else if (entry.startsWith(LICENSE)) found.license ??= valueOf(LICENSE);
  else if (entry.startsWith(LIVEPATCH)) found.livepatch = true;
  else if (entry.startsWith(IMPORT_NS)) found.namespaces.push(valueOf(IMPORT_NS));
}
