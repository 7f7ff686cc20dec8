// The symbols of edges as rows of a table, those that are refused first.
import type { GraphEdgeModel, GraphSymbol } from '../../src/protocol/view';
import type { TableColumn, TableModel } from '../table/model';
import { isRefused, refusedFirst, stateWords } from './words';
import { t } from '../l10n';

interface Row {
  readonly edge: GraphEdgeModel;
  readonly symbol: GraphSymbol;
}

interface Column extends TableColumn {
  text(row: Row): string;
}

/** @param of the node whose edges these are, when there is a column for the other end */
export function edgeSymbolTable(edges: readonly GraphEdgeModel[], of: string | null): TableModel {
  const all = edges.flatMap(edge => refusedFirst(edge.symbols).map((symbol): Row => ({ edge, symbol })));
  const rows = [...all.filter(({ symbol }) => isRefused(symbol)), ...all.filter(({ symbol }) => !isRefused(symbol))];
  const other: Column[] =
    of === null ? [] : [{ key: 'edge', title: t('Edge'), width: 18, grow: 1, text: ({ edge }) => edgeWords(edge, of) }];
  const columns = [...COLUMNS.slice(0, 1), ...other, ...COLUMNS.slice(1)];
  const cell = (row: number, column: number): string => {
    const at = rows[row];
    return (at && columns[column]?.text(at)) ?? '';
  };
  return {
    columns,
    rowCount: rows.length,
    cell,
    sortValue: cell,
    tone: (row, column) => {
      const at = rows[row];
      return at && columns[column]?.key === 'state' && isRefused(at.symbol) ? 'bad' : '';
    },
  };
}

const COLUMNS: readonly Column[] = [
  { key: 'symbol', title: t('Symbol'), width: 22, grow: 2, mono: true, text: ({ symbol }) => symbol.name },
  { key: 'wanted', title: t('CRC wanted'), width: 12, mono: true, text: ({ symbol }) => symbol.wanted ?? t('none') },
  { key: 'found', title: t('CRC found'), width: 12, mono: true, text: ({ symbol }) => symbol.found ?? t('none') },
  {
    ...{ key: 'state', title: t('State'), width: 20, grow: 1 },
    text: ({ symbol }) => `${isRefused(symbol) ? '✗' : '✓'} ${stateWords(symbol)}`,
  },
  { key: 'export', title: t('Export'), width: 11, text: ({ symbol }) => exportWords(symbol) },
  { key: 'namespace', title: t('Namespace'), width: 12, mono: true, text: ({ symbol }) => symbol.namespace ?? '' },
  { key: 'reference', title: t('Reference'), width: 10, text: ({ symbol }) => (symbol.weak ? t('weak') : t('strong')) },
];

function exportWords({ state, gplOnly }: GraphSymbol): string {
  if (state === 'missing' || state === 'unresolved-weak' || state === 'ignored') return '';
  return gplOnly ? t('GPL-only') : t('any license');
}

function edgeWords({ from, to }: GraphEdgeModel, of: string): string {
  const name = (id: string): string => id.replace(/^module\//, '');
  if (from !== of) return t('needed by {0}', name(from));
  return to.startsWith('missing/') ? t('not exported') : t('of {0}', name(to));
}
