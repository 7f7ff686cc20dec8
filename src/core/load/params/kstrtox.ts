// lib/kstrtox.c: numbers as the kernel reads them.
import { EINVAL, ERANGE } from '../errno';
import type { Errno } from '../types';

export type Parsed = { readonly value: bigint; readonly errno: 0 } | { readonly value: null; readonly errno: Errno };

const ULLONG_MAX = 0xffff_ffff_ffff_ffffn;
const bad = (errno: Errno): Parsed => ({ value: null, errno });

/** _kstrtoull() with base 0: the base by prefix, the digits, one newline, nothing more; overflow counts first. */
function parseDigits(text: string): Parsed {
  let base = 10n;
  let at = 0;
  if (text[0] === '0') {
    base = /^0[xX][0-9a-fA-F]/.test(text) ? 16n : 8n;
    if (base === 16n) at = 2;
  }
  const start = at;
  let value = 0n;
  let overflow = false;
  for (; at < text.length; at++) {
    const digit = digitValue(text.charCodeAt(at));
    if (digit < 0 || digit >= Number(base)) break;
    value = value * base + BigInt(digit);
    if (value > ULLONG_MAX) overflow = true;
    value &= ULLONG_MAX;
  }
  if (overflow) return bad(ERANGE);
  if (at === start) return bad(EINVAL);
  if (text[at] === '\n') at++;
  return at === text.length ? { value, errno: 0 } : bad(EINVAL);
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** kstrtoull() with base 0 */
export function kstrtoull(text: string): Parsed {
  return parseDigits(text.startsWith('+') ? text.slice(1) : text);
}

/** kstrtoll() with base 0 */
export function kstrtoll(text: string): Parsed {
  if (text.startsWith('-')) {
    const parsed = parseDigits(text.slice(1));
    if (parsed.value === null) return parsed;
    return parsed.value > 1n << 63n ? bad(ERANGE) : { value: -parsed.value, errno: 0 };
  }
  const parsed = kstrtoull(text);
  return parsed.value !== null && parsed.value >= 1n << 63n ? bad(ERANGE) : parsed;
}

/** An integer of `bits` bits: kstrtoint(), kstrtou8() and so on. */
export function kstrtoInteger(text: string, bits: number, signed: boolean): Parsed {
  const parsed = signed ? kstrtoll(text) : kstrtoull(text);
  if (parsed.value === null) return parsed;
  const fits = signed
    ? BigInt.asIntN(bits, parsed.value) === parsed.value
    : BigInt.asUintN(bits, parsed.value) === parsed.value;
  return fits ? parsed : bad(ERANGE);
}

/**
 * strtobool(), later kstrtobool(): the first letter decides, two for "on" and "off"; the rest is not looked at.
 * @param letters the letters this kernel takes beyond on and off
 */
export function kstrtobool(text: string, letters: { readonly yes: string; readonly no: string }): boolean | null {
  const first = text[0];
  if (first === undefined) return null;
  if (letters.yes.includes(first)) return true;
  if (letters.no.includes(first)) return false;
  if (first !== 'o' && first !== 'O') return null;
  if (text[1] === 'n' || text[1] === 'N') return true;
  return text[1] === 'f' || text[1] === 'F' ? false : null;
}
