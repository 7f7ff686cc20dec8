// How the values of a check are written.
import { decodeUtf8 } from '../../../formats/bytes/strings';
import { hexCrc } from '../../../formats/bytes/hex';
import type { Check } from '../types';

/** A check with its values, byte strings as text. `ok` stays null where nothing can be wrong. */
export function check(
  what: string,
  value: string | number,
  against: string | number = '',
  ok: boolean | null = null,
): Check {
  return { what, value: decodeUtf8(String(value)), against: decodeUtf8(String(against)), ok };
}

/** A check of a value that has to be the same on both sides. */
export function same(what: string, value: string | number, against: string | number): Check {
  return check(what, value, against, value === against);
}

export const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/** A CRC as Module.symvers has it; what the module lacks is said. */
export const crc = (value: number | null): string => hexCrc(value) ?? 'none';

export const bytes = (size: number): string => `${size} bytes`;
