// Rows of a table that words lead to, in the order of the table.

/** Places of the rows in their table. */
export const ranksOf = <T>(table: readonly T[]): ReadonlyMap<T, number> => new Map(table.map((row, i) => [row, i]));

/** Rows that one of the words leads to, in the order of the whole table. */
export function rowsFor<T>(
  groups: ReadonlyMap<string, readonly T[]>,
  words: readonly string[],
  ranks: ReadonlyMap<T, number>,
): readonly T[] {
  const found: T[] = [];
  for (const word of words) for (const row of groups.get(word) ?? []) if (!found.includes(row)) found.push(row);
  return found.length < 2 ? found : found.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}
