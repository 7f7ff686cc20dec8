// What the person chooses of the dependencies tab, and finds again when the page is opened anew.
import type { Direction } from '../../src/protocol/view';
import type { Host } from '../host';
import { t } from '../l10n';

export interface Choice {
  readonly depth: number;
  readonly direction: Direction;
  /** Name of the module in the middle; '' for the document's own. */
  readonly middle: string;
  readonly withKernel: boolean;
  readonly showsAll: boolean;
}

export const DIRECTIONS: Readonly<Record<Direction, string>> = {
  both: t('needs and needed by'),
  needs: t('what it needs'),
  users: t('what needs it'),
};
export const DEPTHS = [1, 2, 3, 4, 5] as const;

export function recallChoice(host: Host): Choice {
  const depth = host.recall<number>('graph.depth', 1);
  const direction = host.recall<string>('graph.direction', 'both');
  return {
    depth: DEPTHS.find(known => known === depth) ?? 1,
    direction: direction === 'needs' || direction === 'users' ? direction : 'both',
    middle: host.recall<string>('graph.middle', ''),
    withKernel: host.recall<boolean>('graph.withKernel', false),
    showsAll: host.recall<boolean>('graph.showsAll', false),
  };
}

export function keepChoice(host: Host, { depth, direction, middle, withKernel, showsAll }: Choice): void {
  const choice = { depth, direction, middle, withKernel, showsAll };
  for (const [key, value] of Object.entries(choice)) host.keep(`graph.${key}`, value);
}
