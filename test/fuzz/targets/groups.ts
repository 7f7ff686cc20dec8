// Two to four modules of a tree: what check says of each has to be what the loader says after loading what it needs.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { GroupChecker } from '../../support/examinedGroup';
import { factsOf, fixture, type Generation } from '../../support/recorded';
import { mutateGroup, packGroup, unpackGroup } from '../lib/group';
import type { FuzzTarget, Input } from '../lib/types';

const TRIED: readonly Generation[] = ['5.10', '6.1', '6.12', '7.2'];
const GROUPS: readonly (readonly string[])[] = [
  ['exporter', 'user'],
  ['user', 'exporter', 'weakref'],
  ['nsexporter', 'nsuser', 'nsuser_one'],
  ['exporter', 'chain', 'chainuser'],
  ['exporter', 'dupexport', 'user', 'chain'],
  ['exporter', 'gpluser', 'proprietary', 'prop_user'],
  ['percpu', 'exporter', 'user'],
  ['manyexports', 'longnames', 'minimal'],
];
/** Names of symbols and dependencies of every input so far would pile up. */
const MOST_INPUTS = 500;

let checkers = new Map<Generation, GroupChecker>();
let inputs = 0;

/** The last byte says which kernel: modules built for another would be refused at once. */
async function run(input: Input): Promise<void> {
  if (inputs++ % MOST_INPUTS === 0) checkers = new Map();
  const generation = TRIED[(input.at(-1) ?? 0) % TRIED.length] ?? '6.1';
  const directory = path.join(tmpdir(), `insmod-lens-groups-${process.pid}-${threadId}`);
  const checker = checkers.get(generation) ?? new GroupChecker(factsOf(generation), directory);
  checkers.set(generation, checker);
  assert.deepEqual(await checker.compare(unpackGroup(input.subarray(0, -1))), []);
}

function withLast(bytes: Input, last: number): Input {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  longer[bytes.length] = last;
  return longer;
}

export const groups: FuzzTarget = {
  name: 'groups',
  longest: 256 << 10,
  seeds: () =>
    TRIED.flatMap((generation, i) =>
      GROUPS.map(names => {
        const packed = packGroup(names.map(name => fixture(generation, name).bytes));
        return withLast(packed, i);
      }),
    ),
  run,
  mutate: (input, random) => {
    const mutant = mutateGroup(input.subarray(0, -1), random);
    return mutant && withLast(mutant, input.at(-1) ?? 0);
  },
};
