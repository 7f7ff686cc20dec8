// What a module says of itself, as modinfo(8) lists it.
import type { ModuleSummary } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import { recordTable } from '../table/records';
import { t } from '../l10n';

export function modinfoTable({ modinfo }: Pick<ModuleSummary, 'modinfo'>): TableModel {
  return recordTable(modinfo, [
    { key: 'field', title: t('Field'), mono: true, width: 16, text: ([field]) => field },
    { key: 'value', title: t('Value'), mono: true, width: 40, grow: 1, text: ([, value]) => value },
  ]);
}

/** In one line, as long as it may be: modinfo(8) breaks long ones for a terminal. */
export function signatureValue(value: string): string {
  return value.replace(/\n\s*/g, '');
}
