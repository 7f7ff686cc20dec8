// Numbers as people read them.
import { t } from './l10n';

/** Bytes with thousands apart: `16 384 bytes`. */
export function bytesText(bytes: number): string {
  return bytes === 1 ? t('{0} byte', 1) : t('{0} bytes', grouped(bytes));
}

export function symbolsText(count: number): string {
  return count === 1 ? t('{0} symbol', 1) : t('{0} symbols', grouped(count));
}

const GROUPED = new Intl.NumberFormat('en-US');

/** Thousands apart by a narrow space that does not break. */
export function grouped(value: number): string {
  return GROUPED.format(value).replaceAll(',', '\u202f');
}

/** 0x and at least `digits` hex digits. */
export function hex(value: number | bigint, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** With its sign, also where it is positive. */
export function signed(value: number): string {
  return value > 0 ? `+${grouped(value)}` : value < 0 ? `\u2212${grouped(-value)}` : '0';
}
