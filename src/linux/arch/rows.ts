// Tables of relocation types.

/** Rows by type, for one array access per relocation. */
export function rowsByType<Row extends { readonly type: number }>(rows: readonly Row[]): readonly (Row | undefined)[] {
  const byType: (Row | undefined)[] = new Array<Row | undefined>(Math.max(...rows.map(({ type }) => type)) + 1);
  byType.fill(undefined);
  for (const row of rows) byType[row.type] = row;
  return byType;
}

/** The same as a map, for those who show them. */
export function typesOf<Row extends { readonly type: number }>(rows: readonly Row[]): ReadonlyMap<number, Row> {
  return new Map(rows.map(row => [row.type, row]));
}

/** Names of types by their numbers. */
export function namesOf(prefix: string, numbers: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(numbers).map(([name, type]) => [type, `${prefix}${name}`]));
}
