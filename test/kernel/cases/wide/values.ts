// Values that are wrong for a field, whatever the field means.

/** The edges of a field of `width` bytes and the neighbours of what stands there, without what stands there. */
export function wrongValues(width: number, current: bigint): bigint[] {
  const bits = 8 * width;
  const fit = (value: bigint): bigint => BigInt.asUintN(bits, value);
  const top = 1n << BigInt(bits - 1);
  const all = [0n, 1n, current + 1n, current - 1n, current + 8n, current * 2n, current ^ top, top - 1n, fit(-1n)];
  return [...new Set(all.map(fit))].filter(value => value !== current);
}

/** `count` different elements, in the order they are drawn. */
export function draw<T>(from: readonly T[], count: number, random: (below: number) => number): T[] {
  const left = [...from];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(random(left.length), 1));
  return drawn;
}

/** A number as it stands in a case's name. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
