// How the values of a check are written.
import { note, type Note } from '../../../findings/notes';
import { decodeUtf8 } from '../../../formats/bytes/strings';
import { hexCrc } from '../../../formats/bytes/hex';
import type { Check } from '../types';

/** A check with its values, byte strings as text. `ok` stays null where nothing can be wrong. */
export function check(what: string | Note, value: Shown, against: Shown = '', ok: boolean | null = null): Check {
  return { what, value: shown(value), against: shown(against), ok };
}

/** A value as it is, or words about it. */
type Shown = string | number | Note;

const shown = (value: Shown): string | Note => (typeof value === 'object' ? value : decodeUtf8(String(value)));

/** A check of a value that has to be the same on both sides. */
export function same(what: string, value: string | number, against: string | number): Check {
  return check(what, value, against, value === against);
}

export const yesNo = (value: boolean): Note => (value ? note('yes') : note('no'));

export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/** A CRC as Module.symvers has it; what the module lacks is said. */
export const crc = (value: number | null): string | Note => hexCrc(value) ?? note('none');

export const bytes = (count: number): Note => note('bytes', { count });
