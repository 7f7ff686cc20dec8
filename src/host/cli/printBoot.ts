// A module on its real kernel, as text: one sentence, then every fact with the simulation's beside it.
import pc from 'picocolors';
import type { BootReport, ComparedFact, CrashFrame } from '../../report/boot/types';
import { complain, out } from './output';
import { colour } from './printResult';
import { printable } from './printable';
import { shownPath } from './shownPath';

/** @param isWhole lists every fact, also where all of a kind are the same */
export function printBoot(report: BootReport, isWhole: boolean): void {
  const { verdict, summary, frames, facts, real, agrees } = report;
  if (verdict === 'unanswered') {
    complain(summary);
    return;
  }
  const isGood = verdict === 'loads';
  out(colour(isGood ? pc.green : pc.red, `${isGood ? '✓' : '✗'} ${printable(summary)}`) + '\n');
  for (const frame of frames) out(`    ${frameText(frame)}\n`);
  const rows = isWhole ? facts.map(rowOf) : shortRows(facts);
  const width = Math.max(0, ...rows.map(([, what]) => what.length));
  for (const [mark, what, text] of rows) out(`${PAINTED[mark](mark)} ${what.padEnd(width)}  ${text}\n`);
  const seconds = (real.elapsed / 1000).toFixed(1);
  const by = real.accelerator === 'kvm' ? 'KVM' : 'emulation';
  complain(`booted in ${seconds} s (${by})${facts.length > 0 && agrees ? '; simulation and kernel agree' : ''}`);
}

/** A function on the stack of a crash, with its line of C where that is known. */
export function frameText({ function: name, offset, module, location }: CrashFrame): string {
  const where = location ? `  ${printable(`${shownPath(location.file)}:${location.line}`)}` : '';
  return `${printable(name)}+0x${offset.toString(16)}${module === null ? '' : ` [${printable(module)}]`}${where}`;
}

/** A fact that differs, with both values. */
export function differenceText(differing: ComparedFact): string {
  const [mark, what, text] = rowOf(differing);
  return `${PAINTED[mark](mark)} ${what}: ${text}`;
}

type Row = readonly [mark: '✓' | '✗' | '·', what: string, text: string];

const PAINTED: Readonly<Record<Row[0], (mark: string) => string>> = {
  '✓': mark => colour(pc.green, mark),
  '✗': mark => colour(pc.red, mark),
  '·': mark => mark,
};

function rowOf({ fact, name, simulated, real, outcome }: ComparedFact): Row {
  const what = name === '' ? LABELS[fact] : `${LABELS[fact]} ${printable(name)}`;
  if (outcome === 'same') return ['✓', what, printable(real ?? '')];
  if (outcome === 'init' && simulated === null) return ['·', what, `${printable(real ?? '')} (from the module's init)`];
  const both = `simulated: ${printable(simulated ?? '(nothing)')}; kernel: ${printable(real ?? '(nothing)')}`;
  return outcome === 'init' ? ['·', what, `${both} (init has run)`] : ['✗', what, both];
}

/** Kinds of which there are many are counted where all are the same. */
function shortRows(facts: readonly ComparedFact[]): Row[] {
  const rows: Row[] = [];
  for (const [i, fact] of facts.entries()) {
    const plural = PLURALS[fact.fact];
    const alike = facts.filter(other => other.fact === fact.fact);
    const isCounted = plural !== undefined && alike.length > 1 && alike.every(({ outcome }) => outcome === 'same');
    if (!isCounted) rows.push(rowOf(fact));
    else if (facts.findIndex(other => other.fact === fact.fact) === i)
      rows.push(['✓', plural, `${alike.length} the same`]);
  }
  return rows;
}

const LABELS: Readonly<Record<ComparedFact['fact'], string>> = {
  verdict: 'verdict',
  errno: 'errno',
  log: 'log',
  section: 'section',
  size: 'coresize',
  taints: 'taints',
  parameter: 'parameter',
  modules: '/proc/modules',
  rmmod: 'rmmod',
  'rmmod-log': 'log of rmmod',
};

const PLURALS: Readonly<Partial<Record<ComparedFact['fact'], string>>> = {
  section: 'sections',
  parameter: 'parameters',
};
