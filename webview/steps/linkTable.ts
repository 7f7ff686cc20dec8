// Entries of the PLT, of the GOT and of stubs: a row for each relocation that leads through one.
import type { StepLinks, StepsModel } from '../../src/protocol/view';
import { markdownTable } from '../export/markdown';
import type { SortValue, TableModel } from '../table/model';
import { hex } from '../text';
import { t } from '../l10n';

export function linkTable(
  { tables, places, names, targets, entry, relocation }: StepLinks,
  { relocations, sectionNames }: Pick<StepsModel, 'relocations' | 'sectionNames'>,
): TableModel {
  const users = usesOf(tables.length, entry);
  const of = (row: number): number => entry[row] ?? 0;
  const by = (row: number): number => relocation[row] ?? 0;
  const columns: readonly (TableModel['columns'][number] & {
    text(row: number): string;
    sort(row: number): SortValue;
  })[] = [
    {
      ...{ key: 'table', title: t('Table'), width: 7, mono: true },
      text: row => tables[of(row)] ?? '',
      sort: row => tables[of(row)] ?? '',
    },
    {
      ...{ key: 'entry', title: t('Entry'), width: 14, grow: 1, mono: true },
      text: row => places[of(row)] ?? '',
      sort: of,
    },
    {
      ...{ key: 'name', title: t('Leads to'), width: 20, grow: 2, mono: true },
      text: row => names[of(row)] ?? '',
      sort: row => names[of(row)] ?? '',
    },
    {
      ...{ key: 'target', title: t('Address'), width: 18, align: 'end', mono: true },
      text: row => hex(targets[of(row)] ?? 0n),
      sort: row => targets[of(row)] ?? 0n,
    },
    {
      ...{ key: 'uses', title: t('Uses'), width: 6, align: 'end', mono: true },
      text: row => String(users[of(row)] ?? 0),
      sort: row => users[of(row)] ?? 0,
    },
    {
      ...{ key: 'user', title: t('Used by'), width: 18, grow: 1, mono: true },
      text: row => userPlace(relocations, sectionNames, by(row)),
      sort: by,
    },
    {
      ...{ key: 'type', title: t('Type'), width: 18, mono: true },
      text: row => relocations.typeNames[relocations.type[by(row)] ?? 0] ?? '',
      sort: row => relocations.typeNames[relocations.type[by(row)] ?? 0] ?? '',
    },
  ];
  return {
    columns,
    rowCount: entry.length,
    cell: (row, column) => columns[column]?.text(row) ?? '',
    sortValue: (row, column) => columns[column]?.sort(row) ?? 0,
  };
}

/** How many relocations use each entry. */
function usesOf(entries: number, entry: Uint32Array): Uint32Array {
  const uses = new Uint32Array(entries);
  for (const index of entry) uses[index] = (uses[index] ?? 0) + 1;
  return uses;
}

/** Where the field of a relocation lies. */
function userPlace(
  { target, offset }: StepsModel['relocations'],
  sectionNames: StepsModel['sectionNames'],
  relocation: number,
): string {
  const section = target[relocation] ?? 0;
  return `${sectionNames[section] ?? String(section)} + ${hex(offset[relocation] ?? 0)}`;
}

/** Entries that lead on, with how many relocations use each. */
export function linksMarkdown({ links: found }: StepsModel): string[] {
  if (!found || found.tables.length === 0) return [];
  const uses = usesOf(found.tables.length, found.entry);
  const rows = found.tables.map((table, i) => [
    table,
    `\`${found.places[i] ?? ''}\``,
    `\`${found.names[i] ?? ''}\``,
    String(uses[i] ?? 0),
  ]);
  return [
    `### ${t('PLT and GOT entries')}`,
    '',
    markdownTable([t('Table'), t('Entry'), t('Leads to'), t('Uses')], rows),
  ];
}
