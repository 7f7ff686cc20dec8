// Two declarations of the same enumeration.
import type { Constant } from '../../formats/btf/typeGraph';
import type { Difference } from './types';

export function compareConstants(before: readonly Constant[], after: readonly Constant[]): Difference[] {
  const values = new Map(before.map(({ name, value }) => [name, value]));
  const later = new Set(after.map(({ name }) => name));
  return [
    ...after.flatMap(({ name, value }): Difference[] => {
      const earlier = values.get(name);
      if (earlier === undefined) return [{ what: 'constant-added', name, value: String(value) }];
      return earlier === value ? [] : [{ what: 'constant-value', name, from: String(earlier), to: String(value) }];
    }),
    ...before.flatMap(({ name }): Difference[] => (later.has(name) ? [] : [{ what: 'constant-removed', name }])),
  ];
}
