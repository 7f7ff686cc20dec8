// What a replay has to come to.
import assert from 'node:assert/strict';
import type { KernelFacts } from '../../../src/target/types';
import { formatDisagreement, knownDifferences, type ReplayReport } from '../replay';

const SHOWN = 40;

/** Fails where engine and kernel disagree, unless that is known, and where what is known is no longer so. */
export function assertAgreement(report: ReplayReport, facts?: Pick<KernelFacts, 'btf'>): void {
  const { release } = report;
  const known = knownDifferences(release, facts);
  for (const [id, reason] of known) console.log(`  known difference ${id}: ${reason}`);
  const wrong = report.disagreements.filter(d => !known.has(d.id));
  for (const disagreement of wrong.slice(0, SHOWN)) console.log(formatDisagreement(disagreement));
  const outdated = [...known.keys()].filter(
    id => !report.notRun.includes(id) && !report.disagreements.some(d => d.id === id),
  );
  assert.equal(wrong.length, 0, `${wrong.length} disagreements with ${release}`);
  assert.deepEqual(outdated, [], 'known differences that agree by now');
}
