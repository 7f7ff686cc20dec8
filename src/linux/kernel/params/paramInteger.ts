// Numbers of parameters (STANDARD_PARAM_DEF of kernel/params.c): since 3.15 kstrto*() of the type itself, before that a long,
// which is then checked against the type.
import { EINVAL } from '../../errno';
import type { RowName } from '../../generations';
import { kstrtoInteger, parseInteger, type Parsed } from '../../lib/kstrtox';

/**
 * The number that a parameter of `bits` bits takes from a text.
 * @param word bits of an unsigned long
 */
export function paramInteger(
  rows: ReadonlySet<RowName>,
  text: string,
  bits: number,
  signed: boolean,
  word: number,
): Parsed {
  if (rows.has('sizedNumbers')) return kstrtoInteger(text, bits, signed);
  const whole = rows.has('rangedNumbers')
    ? kstrtoInteger(text, Math.max(word, bits), signed)
    : simpleStrtol(text, signed, word, rows.has('strictNumbers'));
  if (whole.value === null) return whole;
  const cut = signed ? BigInt.asIntN(bits, whole.value) : BigInt.asUintN(bits, whole.value);
  return cut === whole.value ? whole : { value: null, errno: EINVAL };
}

/** strict_strtol(), before it simple_strtol() alone (lib/vsprintf.c): what does not fit wraps. */
function simpleStrtol(text: string, signed: boolean, word: number, strict: boolean): Parsed {
  const negative = signed && text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const { value, start, end } = parseInteger(digits, 0);
  const rest = digits.slice(end);
  if (end === start || (strict && rest !== '' && rest !== '\n')) return { value: null, errno: EINVAL };
  const wrapped = negative ? -value : value;
  return { value: signed ? BigInt.asIntN(word, wrapped) : BigInt.asUintN(word, wrapped), errno: 0 };
}
