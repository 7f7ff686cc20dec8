// What a kernel says of itself: linux_banner (init/version-timestamp.c), vermagic (kernel/module/main.c), and its configuration.
import { byteString, stringEnd, toBytes } from '../../formats/bytes/strings';
import { findBytes } from './findBytes';

export interface Banner {
  /** The whole line, without its newline. */
  readonly text: string;
  readonly release: string;
}

/** No banner is longer. */
const LONGEST = 1024;
const START = toBytes('Linux version ');

/** The first banner with a release in it: formats of banners have none. */
export function readBanner(bytes: Uint8Array): Banner | null {
  for (let at = findBytes(bytes, START, 0); at >= 0; at = findBytes(bytes, START, at + 1)) {
    const text = byteString(bytes, at, stringEnd(bytes, at, Math.min(bytes.length, at + LONGEST))).trimEnd();
    const release = /^Linux version (\d[^\s(]*) \(/.exec(text)?.[1];
    if (release) return { text, release };
  }
  return null;
}

/** Words that a version magic may have besides those of the architecture. */
const COMMON_WORDS = /^(?:SMP|preempt|preempt_rt|mod_unload|modversions|RANDSTRUCT_\S+)$/;
/** What architectures add: MODULE_ARCH_VERMAGIC (arch/ARCH/include/asm/vermagic.h), and words of processors. */
const OTHER_WORD = /^[\w.+-]+$/;

/**
 * VERMAGIC_STRING of that release, trailing space included; null in a kernel that loads no modules. Of strings that begin
 * alike it is the one made of such words alone, which is a string of its own.
 */
export function readVermagic(bytes: Uint8Array, release: string): string | null {
  const start = toBytes(`${release} `);
  for (let at = findBytes(bytes, start, 0); at >= 0; at = findBytes(bytes, start, at + 1)) {
    if (at > 0 && bytes[at - 1] !== 0) continue;
    const text = byteString(bytes, at, stringEnd(bytes, at, Math.min(bytes.length, at + LONGEST)));
    const words = text
      .slice(release.length + 1)
      .split(' ')
      .filter(word => word !== '');
    const isMagic = words.some(word => COMMON_WORDS.test(word)) || words.length === 0;
    if (isMagic && words.every(word => COMMON_WORDS.test(word) || OTHER_WORD.test(word))) return text;
  }
  return null;
}

const CONFIG_START = toBytes('IKCFG_ST');
const CONFIG_END = toBytes('IKCFG_ED');

/** The gzip data of the configuration a kernel carries (CONFIG_IKCONFIG, kernel/configs.c); null where it has none. */
export function embeddedConfig(bytes: Uint8Array): Uint8Array | null {
  for (let at = findBytes(bytes, CONFIG_START, 0); at >= 0; at = findBytes(bytes, CONFIG_START, at + 1)) {
    const start = at + CONFIG_START.length;
    if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b) continue;
    const end = findBytes(bytes, CONFIG_END, start);
    return end < 0 ? null : bytes.subarray(start, end);
  }
  return null;
}
