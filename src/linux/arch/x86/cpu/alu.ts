// Arithmetic with its flags (Intel SDM volume 2, the "Flags Affected" of each instruction; volume 1, appendix A).
import { NO_FLAGS, resultFlags, type Flag, type Flags } from './cpu';
import {
  bitsIn,
  isCanary,
  known,
  maskOf,
  numberOf,
  signExtend,
  truncate,
  unknownValue,
  type Size,
  type Value,
} from './value';

export interface Outcome {
  readonly value: Value;
  readonly flags: Flags;
}

/** Members of the group that opcodes 00 to 3F and 80 to 83 name by three bits. */
export const [ADD, OR, ADC, SBB, AND, SUB, XOR, CMP] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** One of the eight; CMP gives the difference, which nobody stores. */
export function arithmetic(operation: number, a: Value, b: Value, size: Size, carry: Flag): Outcome {
  if (operation === OR || operation === AND || operation === XOR) return logic(operation, a, b, size);
  const adds = operation === ADD || operation === ADC;
  const carries = operation === ADC || operation === SBB;
  if (!adds && !carries && isCanary(a) && isCanary(b)) return sum(0n, 0n, 0n, 8, false);
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null || (carries && carry === null)) return { value: unknownValue(size), flags: NO_FLAGS };
  return sum(x, y, carries && carry ? 1n : 0n, size, adds);
}

function sum(x: bigint, y: bigint, carry: bigint, size: Size, adds: boolean): Outcome {
  const bits = bitsIn(size);
  const exact = adds ? x + y + carry : x - y - carry;
  const value = known(exact & maskOf(size), size);
  const [signedX, signedY] = [BigInt.asIntN(bits, x), BigInt.asIntN(bits, y)];
  const signed = adds ? signedX + signedY + carry : signedX - signedY - carry;
  const of = BigInt.asIntN(bits, signed) !== signed;
  return { value, flags: { cf: exact < 0n || exact > maskOf(size), of, ...resultFlags(value, size) } };
}

/** Bits that are known to be decided are decided, whatever the others are. */
function logic(operation: number, a: Value, b: Value, size: Size): Outcome {
  const value = operation === XOR && isCanary(a) && isCanary(b) ? known(0n) : bitwise(operation, a, b);
  return { value, flags: { cf: false, of: false, ...resultFlags(value, size) } };
}

function bitwise(operation: number, a: Value, b: Value): Value {
  const either = a.unknown | b.unknown;
  const [onesA, onesB] = [a.bits & ~a.unknown, b.bits & ~b.unknown];
  const clear = operation === AND ? (onesA | a.unknown) & (onesB | b.unknown) : either | onesA | onesB;
  const unknown = operation === AND ? either & clear : operation === OR ? either & ~(onesA | onesB) : either;
  const bits = operation === AND ? onesA & onesB : operation === OR ? onesA | onesB : onesA ^ onesB;
  return { bits: bits & ~unknown, unknown };
}

/** INC and DEC leave the carry as it is. */
export function step(a: Value, size: Size, up: boolean, { cf }: Flags): Outcome {
  const { value, flags } = arithmetic(up ? ADD : SUB, a, known(1n), size, false);
  return { value, flags: { ...flags, cf } };
}

export function negate(a: Value, size: Size): Outcome {
  return arithmetic(SUB, known(0n), a, size, false);
}

/** Members of the group of C0, C1 and D0 to D3. */
const [SHL, SAL, SAR] = [4, 6, 7] as const;

/** A shift, or null for rotations, which are not known. */
export function shift(operation: number, a: Value, count: bigint, size: Size, flags: Flags): Outcome | null {
  if (operation < SHL) return null;
  const bits = BigInt(bitsIn(size));
  const by = count & (size === 8 ? 63n : 31n);
  if (by === 0n) return { value: a, flags };
  const left = operation === SHL || operation === SAL;
  const wide = operation === SAR ? signExtend(a, size, 8) : a;
  const move = (part: bigint): bigint => {
    if (left) return part << by;
    return operation === SAR ? BigInt.asIntN(64, part) >> by : part >> by;
  };
  const masked = (part: bigint): bigint => move(part) & maskOf(size);
  const value = { bits: masked(wide.bits), unknown: masked(wide.unknown) };
  const out = left ? bits - by : by - 1n;
  const lost = (part: bigint): bigint => (out < 0n ? 0n : (part >> out) & 1n);
  // A count as large as the operand leaves the carry undefined, but for SAR, which goes on with the sign.
  const beyond = by >= bits && operation !== SAR;
  const cf = beyond || lost(wide.unknown) === 1n ? null : lost(wide.bits) === 1n;
  return { value, flags: { cf, of: null, ...resultFlags(value, size) } };
}

/** IMUL with two or three operands: the low half, and whether it is all of the product. */
export function multiply(a: Value, b: Value, size: Size): Outcome {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null) return { value: unknownValue(size), flags: NO_FLAGS };
  const bits = bitsIn(size);
  const product = BigInt.asIntN(bits, x) * BigInt.asIntN(bits, y);
  const lost = BigInt.asIntN(bits, product) !== product;
  return { value: known(BigInt.asUintN(64, product), size), flags: { ...NO_FLAGS, cf: lost, of: lost } };
}

/** MUL and IMUL with one operand: both halves of the product. */
export function multiplyWide(a: Value, b: Value, size: Size, signed: boolean): [low: Value, high: Value, flags: Flags] {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null) return [unknownValue(size), unknownValue(size), NO_FLAGS];
  const bits = bitsIn(size);
  const number = (part: bigint): bigint => (signed ? BigInt.asIntN(bits, part) : part);
  const product = number(x) * number(y);
  const low = BigInt.asUintN(bits, product);
  const lost = number(low) !== product;
  const high = BigInt.asUintN(bits, product >> BigInt(bits));
  return [known(low, size), known(high, size), { ...NO_FLAGS, cf: lost, of: lost }];
}

/** DIV and IDIV of a double-width dividend, or null where they fault or an operand is not known. */
export function divide(high: Value, low: Value, by: Value, size: Size, signed: boolean): [Value, Value] | null {
  const [h, l, divisor] = [numberOf(truncate(high, size)), numberOf(truncate(low, size)), numberOf(by)];
  if (h === null || l === null || divisor === null || divisor === 0n) return null;
  const bits = bitsIn(size);
  const whole = (h << BigInt(bits)) | l;
  const dividend = signed ? BigInt.asIntN(2 * bits, whole) : whole;
  const number = signed ? BigInt.asIntN(bits, divisor) : divisor;
  const quotient = dividend / number;
  const fits = signed ? BigInt.asIntN(bits, quotient) === quotient : quotient <= maskOf(size);
  if (!fits) return null;
  const unsigned = (part: bigint): Value => known(BigInt.asUintN(64, part), size);
  return [unsigned(quotient), unsigned(dividend % number)];
}
