// Which modules of a tree are loaded on the real kernel.

/**
 * So many of a list, spread evenly over it: the same ones every time.
 *
 * @param count null for all
 */
export function spread<T>(all: readonly T[], count: number | null): T[] {
  if (count === null || count >= all.length) return [...all];
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * step)]).filter(each => each !== undefined);
}
