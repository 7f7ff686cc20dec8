// A module file: loaded by an old and a new kernel, and watched while it is.
import assert from 'node:assert/strict';
import { System } from '../../../src/index';
import { factsOf, fixture, type Generation } from '../../support/recorded';
import { mutateElf } from '../lib/mutateElf';
import type { FuzzTarget, Input } from '../lib/types';

const FIXTURES = ['paramkinds', 'exporter', 'special', 'relocs', 'percpu', 'nsuser', 'tagged', 'weakref', 'minimal'];

/** Loads a file, draws what is drawn of it, and holds the two against each other. */
export function load(generation: Generation, bytes: Input): void {
  const facts = factsOf(generation);
  const result = new System(facts).insmod({ path: 'fuzzed.ko', bytes }, 'p_int=1 nobody=2');
  const traced = new System(facts).trace({ path: 'fuzzed.ko', bytes }, 'p_int=1 nobody=2');
  traced.layout();
  traced.steps();
  traced.memory();
  traced.relocation(0);
  assert.equal(traced.result.errno, result.errno);
  assert.deepEqual(traced.result.log, result.log);
  assert.equal(result.errno === 0, result.insmod === null);
  if (result.verdict === 'refused') assert.ok(result.errno > 0, 'a refusal has an errno');
}

export const elf: FuzzTarget = {
  name: 'elf',
  longest: 64 << 10,
  seeds: () => FIXTURES.flatMap(name => [fixture('6.1', name).bytes, fixture('7.2', name).bytes]),
  run(bytes) {
    load('6.1', bytes);
    load('7.2', bytes);
  },
  mutate: mutateElf,
};
