// What check answers by trying a module alone has to be what the loader answers.
import assert from 'node:assert/strict';
import { ExaminedKernel } from '../../support/examined';
import { factsOf, fixture, type Generation } from '../../support/recorded';
import { mutateElf } from '../lib/mutateElf';
import type { FuzzTarget, Input } from '../lib/types';

const FIXTURES = ['minimal', 'exporter', 'paramkinds', 'percpu', 'relocs', 'weakref', 'tagged', 'nsuser', 'special'];
const TRIED: readonly Generation[] = ['5.10', '6.1', '7.2'];
/** Names of symbols of every input so far would pile up. */
const MOST_INPUTS = 2000;

let kernels: readonly ExaminedKernel[] = [];
let inputs = 0;

/** Compares the answers for one file on one kernel, which is tried and loaded on. */
export function examineOnce(bytes: Input): void {
  const agreement = new ExaminedKernel(factsOf('6.1')).compare('fuzzed.ko', bytes);
  assert.ok(typeof agreement === 'string', JSON.stringify(agreement));
}

/** Compares the answers for one file on every kernel. */
export function examineAll(bytes: Input): void {
  if (inputs++ % MOST_INPUTS === 0) kernels = TRIED.map(generation => new ExaminedKernel(factsOf(generation)));
  for (const kernel of kernels) {
    const agreement = kernel.compare('fuzzed.ko', bytes);
    assert.ok(typeof agreement === 'string', JSON.stringify(agreement));
  }
}

export const examine: FuzzTarget = {
  name: 'examine',
  longest: 64 << 10,
  seeds: () => TRIED.flatMap(generation => FIXTURES.map(name => fixture(generation, name).bytes)),
  run: examineAll,
  mutate: mutateElf,
};
