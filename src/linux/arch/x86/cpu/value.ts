// Values of which some bits may not be known: what a caller left in a register, fresh stack, the stack canary.

/** Width of an operand in bytes. */
export type Size = 1 | 2 | 4 | 8;

export interface Value {
  /** The known bits; the others are 0, but for a canary, which is told by them. */
  readonly bits: bigint;
  /** A bit is set here where that bit of the value is not known. */
  readonly unknown: bigint;
}

const MASKS = { 1: 0xffn, 2: 0xffffn, 4: 0xffff_ffffn, 8: 0xffff_ffff_ffff_ffffn } as const;

export function maskOf(size: Size): bigint {
  return MASKS[size];
}

export function bitsIn(size: Size): number {
  return size * 8;
}

export function known(bits: bigint, size: Size = 8): Value {
  return { bits: bits & MASKS[size], unknown: 0n };
}

export function unknownValue(size: Size): Value {
  return { bits: 0n, unknown: MASKS[size] };
}

/** The canary of the stack protector: nobody knows it, and it equals itself. */
export const CANARY: Value = { bits: 0x5ca1_ab1e_0ddb_a115n, unknown: MASKS[8] };

export function isCanary(value: Value): boolean {
  return value.bits === CANARY.bits && value.unknown === CANARY.unknown;
}

/** The number, or null where a bit of it is not known. */
export function numberOf(value: Value): bigint | null {
  return value.unknown === 0n ? value.bits : null;
}

export function truncate(value: Value, size: Size): Value {
  return { bits: value.bits & MASKS[size], unknown: value.unknown & MASKS[size] };
}

/** Extends the sign; a sign that is not known makes unknown bits. */
export function signExtend(value: Value, from: Size, to: Size): Value {
  const extend = (bits: bigint): bigint => BigInt.asUintN(bitsIn(to), BigInt.asIntN(bitsIn(from), bits));
  return { bits: extend(value.bits), unknown: extend(value.unknown) };
}

/** Puts the low `size` bytes of `part` into `whole` at a bit. */
export function insert(whole: Value, part: Value, size: Size, at = 0n): Value {
  const keep = MASKS[8] ^ (MASKS[size] << at);
  const low = truncate(part, size);
  return { bits: (whole.bits & keep) | (low.bits << at), unknown: (whole.unknown & keep) | (low.unknown << at) };
}
