// Facts of simulation and kernel as rows: differences first, in words.
import type { BootPage } from '../../src/protocol/pages';
import { t } from '../l10n';

type Fact = BootPage['facts'][number];

export interface Row {
  readonly mark: '✓' | '✗' | '·';
  readonly label: string;
  readonly name: string;
  readonly simulated: string | null;
  readonly real: string | null;
}

const MARKS = { same: '✓', differs: '✗', init: '·' } as const;

/** In the order of the facts, but for the differences, which come first, and for what init alone is the cause of. */
export function rowsOf(facts: readonly Fact[]): Row[] {
  // A line that init printed is no fact that both sides have.
  const shared = facts.filter(({ outcome, simulated }) => outcome !== 'init' || simulated !== null);
  const rows = shared.map(({ fact, name, simulated, real, outcome }) => ({
    mark: MARKS[outcome],
    label: labelOf(fact),
    name,
    simulated,
    real,
  }));
  return [...rows.filter(({ mark }) => mark === '✗'), ...rows.filter(({ mark }) => mark !== '✗')];
}

function labelOf(fact: Fact['fact']): string {
  switch (fact) {
    case 'verdict':
      return t('verdict');
    case 'errno':
      return 'errno';
    case 'log':
      return t('line of the log');
    case 'section':
      return t('section');
    case 'size':
      return 'coresize';
    case 'taints':
      return t('taints');
    case 'parameter':
      return t('parameter');
    case 'modules':
      return '/proc/modules';
    case 'rmmod':
      return t('rmmod: errno');
    case 'rmmod-log':
      return t('rmmod: line of the log');
  }
}
