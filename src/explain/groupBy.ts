/** Rows of a table by a key, in their order. */
export function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Rows that one of the words leads to, in the order of the whole table. */
export function rowsFor<T>(
  groups: ReadonlyMap<string, readonly T[]>,
  words: readonly string[],
  table: readonly T[],
): readonly T[] {
  const found = [...new Set(words)].flatMap(word => groups.get(word) ?? []);
  return found.length < 2 ? found : found.sort((a, b) => table.indexOf(a) - table.indexOf(b));
}
