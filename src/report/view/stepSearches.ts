// Where undefined symbols were looked for, and which modules that makes the module use.
import { decodeUtf8 } from '../../formats/bytes/strings';
import type { Load } from '../../linux/kernel/module/types';
import { SEARCH_OUTCOMES } from '../../linux/trace/searchColumns';
import type { LoadTrace } from '../../linux/trace/types';
import type { StepSearches, StepUses } from './types';

export function stepSearches({ features }: Load, { searches }: LoadTrace): StepSearches {
  return {
    ...searches,
    symbols: searches.symbols.map(decodeUtf8),
    tables: searches.tables.map(({ owner, section }) => ({ owner: decodeUtf8(owner), section })),
    outcomes: SEARCH_OUTCOMES,
    byHalves: features.rows.has('bsearchExports'),
  };
}

export function stepUses({ features, symbols }: Load, { uses }: LoadTrace): StepUses {
  const used = new Map<string, number>();
  for (const { owner, status } of symbols)
    if (owner !== null && status === 'ok') used.set(owner, (used.get(owner) ?? 0) + 1);
  return {
    bothWays: features.rows.has('loadInfo'),
    modules: uses.map(({ name, users }) => {
      return { name: decodeUtf8(name), users: users.map(decodeUtf8), symbols: used.get(name) ?? 0 };
    }),
  };
}
