// lib/kstrtox.c: numbers as the kernel reads them.
import { EINVAL, ERANGE } from '../errno';
import type { BoolLetters } from '../features';
import type { Errno } from '../kernel/module/types';

export type Parsed = { readonly value: bigint; readonly errno: 0 } | { readonly value: null; readonly errno: Errno };

const ULLONG_MAX = 0xffff_ffff_ffff_ffffn;
const bad = (errno: Errno): Parsed => ({ value: null, errno });

/** The digits at the start of a text, and where they end. */
export interface Digits {
  /** Modulo 2 to the 64th. */
  readonly value: bigint;
  readonly overflow: boolean;
  readonly start: number;
  readonly end: number;
}

/** _parse_integer_fixup_radix() and _parse_integer(): base 0 is told by the prefix. */
export function parseInteger(text: string, base: number): Digits {
  let radix = base === 0 ? 10 : base;
  if (base === 0 && text[0] === '0') radix = /^0[xX][0-9a-fA-F]/.test(text) ? 16 : 8;
  const start = radix === 16 && /^0[xX]/.test(text) ? 2 : 0;
  let end = start;
  let value = 0n;
  let overflow = false;
  for (; end < text.length; end++) {
    const digit = digitValue(text.charCodeAt(end));
    if (digit < 0 || digit >= radix) break;
    value = value * BigInt(radix) + BigInt(digit);
    if (value > ULLONG_MAX) overflow = true;
    value &= ULLONG_MAX;
  }
  return { value, overflow, start, end };
}

/** _kstrtoull(): the digits, one newline, nothing more; overflow counts first. */
function parseDigits(text: string, base: number): Parsed {
  const { value, overflow, start, end } = parseInteger(text, base);
  if (overflow) return bad(ERANGE);
  if (end === start) return bad(EINVAL);
  const length = text[end] === '\n' ? end + 1 : end;
  return length === text.length ? { value, errno: 0 } : bad(EINVAL);
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** kstrtoull() */
export function kstrtoull(text: string, base = 0): Parsed {
  return parseDigits(text.startsWith('+') ? text.slice(1) : text, base);
}

/** kstrtoll() */
export function kstrtoll(text: string, base = 0): Parsed {
  if (text.startsWith('-')) {
    const parsed = parseDigits(text.slice(1), base);
    if (parsed.value === null) return parsed;
    return parsed.value > 1n << 63n ? bad(ERANGE) : { value: -parsed.value, errno: 0 };
  }
  const parsed = kstrtoull(text, base);
  return parsed.value !== null && parsed.value >= 1n << 63n ? bad(ERANGE) : parsed;
}

/** An integer of `bits` bits: kstrtoint(), kstrtou8() and so on. */
export function kstrtoInteger(text: string, bits: number, signed: boolean, base = 0): Parsed {
  const parsed = signed ? kstrtoll(text, base) : kstrtoull(text, base);
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
export function kstrtobool(text: string, letters: BoolLetters): boolean | null {
  const first = text[0];
  if (first === undefined) return null;
  if (letters.yes.includes(first)) return true;
  if (letters.no.includes(first)) return false;
  if (letters.wordless || (first !== 'o' && first !== 'O')) return null;
  if (text[1] === 'n' || text[1] === 'N') return true;
  return text[1] === 'f' || text[1] === 'F' ? false : null;
}
