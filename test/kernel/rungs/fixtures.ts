// Fixtures of a kernel of the rungs: those of its base, stamped for it.
import path from 'node:path';
import { readSnapshot } from '../../../src/host/node/targets';
import type { KernelFacts } from '../../../src/target/types';
import { makeKit, type Kit } from '../cases/kit';
import { TARGET_FILE } from '../lib/engine';
import { fixturesDir, recordedDir } from '../lib/paths';
import { fixturesIn, type ReadFixture } from '../lib/recipe';
import { rungOfRelease } from './kernels';
import { restamp } from './restamp';

export function rungFixtures(facts: KernelFacts): ReadFixture {
  const { base } = rungOfRelease(facts.release);
  const from = readSnapshot(path.join(recordedDir(base), TARGET_FILE));
  const built = fixturesIn(fixturesDir(base));
  return fixture => restamp(fixture, built(fixture), from, facts);
}

/** Cases are made as for the base: what crashes kernels of its time is tried as often. */
export function rungKit(facts: KernelFacts, seed = 0): Kit {
  const { base } = rungOfRelease(facts.release);
  return makeKit(base.split('.', 2).join('.'), rungFixtures(facts), '', seed);
}
