// Which of the usual cases a kernel between 6.12 and 7.3 is asked: those that the two recorded ends answer differently, as they
// are about what changed in between, and as many of the others.
import { allBoots } from '../cases';
import type { Kit } from '../cases/kit';
import { casesFile } from '../lib/paths';
import type { BootPlan } from '../lib/record';
import { readRecording, type RecordedCase } from '../lib/recording';

const ENDS = ['6.12.107+deb13-amd64', '7.2.12+deb14-amd64'] as const;

/** Of each kind. */
const WANTED = 400;

/** The boots to run on a kernel, with those of their cases. */
export function rungBoots(kit: Kit): BootPlan[] {
  const boots = allBoots(kit);
  const wanted = chosen(boots.flatMap(boot => boot.cases.map(({ id }) => id)));
  return boots
    .map(boot => ({ ...boot, cases: boot.cases.filter(({ id }) => wanted.has(id)) }))
    .filter(({ cases }) => cases.length > 0);
}

function chosen(all: readonly string[]): Set<string> {
  const [before, behind] = ENDS.map(answers);
  // What only one of them was asked belongs to its fixtures; modules of the distribution are those of one kernel.
  const common = all.filter(id => !id.startsWith('stock/') && before?.has(id) === true && behind?.has(id) === true);
  const changed = common.filter(id => before?.get(id) !== behind?.get(id));
  const same = common.filter(id => before?.get(id) === behind?.get(id));
  return new Set([...spread(changed), ...spread(same)]);
}

function spread(ids: readonly string[]): string[] {
  const step = Math.max(1, ids.length / WANTED);
  return ids.filter((_, i) => i === 0 || Math.floor(i / step) !== Math.floor((i - 1) / step));
}

/** What a recorded kernel answered to each case; numbers in the log, addresses among them, do not count. */
function answers(release: string): ReadonlyMap<string, string> {
  const cases = readRecording(casesFile(release)).flatMap(boot => boot.cases);
  return new Map(cases.map(each => [each.id, answer(each)]));
}

function answer({ steps }: RecordedCase): string {
  return JSON.stringify(
    steps.map(({ op, errno = 0, loaded = false, crash = false, log = [] }) => [
      ...[op, errno, loaded, crash],
      ...log.map(([, line]) => line.replace(/0x[0-9a-f]+|\d+/g, '#')),
    ]),
  );
}
