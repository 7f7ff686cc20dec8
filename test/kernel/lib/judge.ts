// npm run test:kernel -- --seed=N: cases that are not recorded, and the engine held against what the kernel answers to them.
import { allBoots } from '../cases';
import type { Kit } from '../cases/kit';
import { formatDisagreement, formatNotes, formatTable, type ReplayReport } from '../replay';
import type { BootPlan } from './record';

/** Cases that only another seed draws. */
export function freshBoots(recorded: Kit, drawn: Kit): BootPlan[] {
  const question = ({ steps }: BootPlan['cases'][number]): string => JSON.stringify(steps);
  const known = new Set(allBoots(recorded).flatMap(boot => boot.cases.map(question)));
  const fresh = allBoots(drawn).map(boot => ({ ...boot, cases: boot.cases.filter(c => !known.has(question(c))) }));
  return fresh.filter(boot => boot.cases.length > 0);
}

/** Prints what differs. Whether the engine agrees in everything. */
export function printJudgement(report: ReplayReport): boolean {
  for (const disagreement of report.disagreements) console.log(formatDisagreement(disagreement));
  console.log(`${formatNotes(report)}\n${formatTable([report])}`);
  return report.disagreements.length === 0;
}
