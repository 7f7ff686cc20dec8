// What a module imports, and what each kernel has for it.
import type { ModuleTables } from '../../src/protocol/view';
import type { TableModel, Tone } from '../table/model';
import { recordTable, type RecordColumn } from '../table/records';
import { t } from '../l10n';

type SymbolRow = ModuleTables['symbols'][number];
type InTarget = SymbolRow['targets'][number];

/** In words; what a kernel came to say of a name that is not here is said as it is. */
const STATUS: Readonly<Record<string, string>> = {
  ok: t('✓ found'),
  'unresolved-weak': t('✓ not there, but weak'),
  ignored: t('✓ not there, but let pass'),
  missing: t('✗ not exported'),
  'gpl-only': t('✗ for GPL modules only'),
  version: t('✗ other CRC'),
  namespace: t('✗ namespace not imported'),
  proprietary: t('✗ of a proprietary module'),
  busy: t('✗ its module is busy'),
};

/**
 * @param targets those of the summary that are shown, in this order: numbers and releases
 * @param open is told the name whose row is opened
 */
export function importTable(
  { symbols }: ModuleTables,
  targets: readonly { readonly index: number; readonly release: string }[],
  open: (name: string) => void,
): TableModel {
  const imports = symbols.filter(({ role }) => role === 'import');
  const columns: RecordColumn<SymbolRow>[] = [
    { key: 'name', title: t('Symbol'), mono: true, width: 24, grow: 2, text: ({ name }) => name },
    { key: 'wanted', title: t('CRC wanted'), mono: true, width: 12, text: ({ crc }) => crc ?? t('none') },
    ...targets.flatMap(({ index, release }) => targetColumns(index, release)),
  ];
  return recordTable(imports, columns, ({ name }) => open(name));
}

function targetColumns(index: number, release: string): RecordColumn<SymbolRow>[] {
  const at = ({ targets }: SymbolRow): InTarget | undefined => targets[index];
  const column = (
    key: string,
    parts: Omit<RecordColumn<SymbolRow>, 'key' | 'group' | 'text'>,
    text: (found: InTarget, symbol: SymbolRow) => string,
  ): RecordColumn<SymbolRow> => ({
    ...parts,
    key: `${release} ${key}`,
    group: release,
    text: symbol => {
      const found = at(symbol);
      return found ? text(found, symbol) : '';
    },
  });
  return [
    column('status', { title: t('Status'), width: 19, grow: 1, tone: symbol => statusTone(at(symbol)) }, statusText),
    column('owner', { title: t('From'), mono: true, width: 10, grow: 1 }, ({ owner }) => ownerText(owner)),
    column(
      'crc',
      { title: t('CRC found'), mono: true, width: 13, tone: symbol => crcTone(symbol, at(symbol)) },
      crcText,
    ),
    column('export', { title: t('Export'), width: 12, grow: 1, tone: symbol => exportTone(at(symbol)) }, exportText),
  ];
}

/** A symbol the kernel never came to look for is not called found. */
function statusText({ status }: InTarget): string {
  return status === null ? t('not checked') : (STATUS[status] ?? status);
}

function statusTone(found: InTarget | undefined): Tone {
  if (!found) return '';
  const sign = statusText(found)[0];
  return sign === '✓' ? 'good' : sign === '✗' ? 'bad' : '';
}

/** Module.symvers names an exporter by its path: the name is what one loads. */
function ownerText(owner: string | null): string {
  return owner === null ? '' : owner.slice(owner.lastIndexOf('/') + 1);
}

function crcText({ owner, crc }: InTarget, symbol: SymbolRow): string {
  if (owner === null) return '';
  if (crc === null) return t('none');
  return symbol.crc === null ? crc : `${crc} ${crc === symbol.crc ? '✓' : '✗'}`;
}

function crcTone(symbol: SymbolRow, found: InTarget | undefined): Tone {
  if (!found || found.crc === null || symbol.crc === null) return '';
  return found.crc === symbol.crc ? 'good' : 'bad';
}

function exportText(found: InTarget): string {
  const licence = found.type?.includes('GPL') ? 'GPL' : '';
  const { namespace } = found;
  if (!namespace) return licence;
  const words = found.namespaceImported ? `${namespace} ✓` : t('{0} ✗ not imported', namespace);
  return licence === '' ? words : `${licence}, ${words}`;
}

function exportTone(found: InTarget | undefined): Tone {
  return found?.namespace && !found.namespaceImported ? 'bad' : '';
}
