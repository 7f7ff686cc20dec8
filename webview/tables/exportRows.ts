// What a module exports, and who uses it.
import type { ModuleTables } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import { recordTable } from '../table/records';
import { t } from '../l10n';

/** @param open is told the name whose row is opened */
export function exportTable({ exports, users }: ModuleTables, open: (name: string) => void): TableModel {
  const rows = exports.map((row, i) => ({ ...row, users: users[i] ?? [] }));
  return recordTable(
    rows,
    [
      { key: 'name', title: t('Symbol'), mono: true, width: 28, grow: 2, text: ({ name }) => name },
      { key: 'crc', title: t('CRC'), mono: true, width: 12, text: ({ crc }) => crc ?? t('none') },
      { key: 'type', title: t('Export'), mono: true, width: 20, text: ({ type }) => type },
      { key: 'namespace', title: t('Namespace'), mono: true, width: 14, grow: 1, text: row => row.namespace ?? '' },
      {
        key: 'users',
        title: t('Used by'),
        mono: true,
        width: 20,
        grow: 2,
        text: row => row.users.join(', '),
        // Those that many use are what one looks for.
        sort: row => row.users.length,
      },
    ],
    ({ name }) => open(name),
  );
}
