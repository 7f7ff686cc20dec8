// A tree that is linked by hand: rings, shadows, missing and ambiguous providers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Lists } from '../../../src/formats/ko/lists';
import { SymbolNames } from '../../../src/formats/ko/symbolNames';
import { deriveFeatures } from '../../../src/linux/deriveFeatures';
import { ColumnBuilder } from '../../../src/graph/tree/columns';
import { findCycles } from '../../../src/graph/tree/cycles';
import { dependenciesOf, linkTree, MOST_DEPENDENCIES, type TreeLinks } from '../../../src/graph/tree/linkTree';
import { factsOf } from '../../support/recorded';

interface Given {
  readonly name: string;
  readonly imports?: Readonly<Record<string, number>>;
  readonly weak?: boolean;
  readonly exports?: Readonly<Record<string, number>>;
  readonly namespace?: string;
  readonly importNs?: string;
  readonly percpu?: number;
}

/** Modules in the order of their numbers, dealt out to as many threads as asked for. */
function link(modules: readonly Given[], threads = 1): TreeLinks {
  const builders = Array.from({ length: threads }, () => {
    const names = new SymbolNames();
    return { names, builder: new ColumnBuilder(names) };
  });
  for (const [number, given] of modules.entries()) {
    const thread = builders[number % threads];
    if (!thread) continue;
    const { imports = {}, exports = {} } = given;
    thread.builder.add(
      number,
      {
        name: given.name,
        imports: Object.entries(imports).map(([name, wanted]) => ({
          symbol: thread.names.addName(name),
          wanted,
          weak: given.weak ?? false,
        })),
        exports: Object.entries(exports).map(([name, crc]) => ({ name, crc, namespace: given.namespace ?? null })),
        namespaces: given.importNs === undefined ? [] : [given.importNs],
        percpu: given.percpu ?? 0,
        unchecked: false,
        notChecked: [],
      },
      true,
    );
  }
  return linkTree(
    builders.map(({ builder }) => builder.columns()),
    modules.length,
    deriveFeatures(factsOf('6.1')),
  );
}

const passing = ({ passes, rows }: TreeLinks): string[] =>
  rows.flatMap(row => (row && passes[row.module] ? row.name : []));

const CHAIN: readonly Given[] = [
  { name: 'top', imports: { b: 2 } },
  { name: 'middle', imports: { a: 1 }, exports: { b: 2 } },
  { name: 'bottom', exports: { a: 1 } },
];

test('a chain passes, however it is dealt out, and its order is that of loading', () => {
  for (const threads of [1, 2, 3]) {
    const links = link(CHAIN, threads);
    assert.deepEqual(passing(links), ['top', 'middle', 'bottom']);
    assert.deepEqual(dependenciesOf(links.needs, 0), [2, 1]);
  }
});

test('a CRC that differs reaches everybody above', () => {
  const links = link(CHAIN.map(module => (module.name === 'bottom' ? { ...module, exports: { a: 9 } } : module)));
  assert.deepEqual(passing(links), ['bottom']);
});

test('a symbol that nobody exports is named, unless it is weak', () => {
  const links = link([
    { name: 'one', imports: { gone: 1 } },
    { name: 'two', imports: { gone: 1 }, weak: true },
  ]);
  assert.deepEqual(passing(links), ['two']);
  assert.deepEqual([...links.missing], [[0, ['gone']]]);
});

test('what a module exports itself does not count while it is being loaded', () => {
  const links = link([{ name: 'one', imports: { own: 1 }, exports: { own: 1 } }]);
  assert.deepEqual(passing(links), []);
  assert.deepEqual([...links.missing], [[0, ['own']]]);
});

test('a module that needs one of its own name cannot be loaded beside it', () => {
  const links = link([
    { name: 'same', exports: { a: 1 } },
    { name: 'same', imports: { a: 1 } },
  ]);
  assert.deepEqual([...links.passes], [1, 0]);
});

test('a chain of a hundred thousand modules does not use up the stack, and its refusal reaches the top', () => {
  const count = 100_000;
  const links = link(
    Array.from({ length: count }, (_, i) => ({
      name: `m${i}`,
      imports: { [`s${i + 1}`]: 1 },
      exports: { [`s${i}`]: 1 },
    })),
  );
  assert.equal(dependenciesOf(links.needs, 0), null, 'more than are ever loaded for one answer');
  assert.equal(dependenciesOf(links.needs, count - 1 - MOST_DEPENDENCIES)?.length, MOST_DEPENDENCIES);
  assert.equal(dependenciesOf(links.needs, count - 2 - MOST_DEPENDENCIES), null);
  assert.deepEqual(passing(links), []);
});

test('a namespace has to be imported', () => {
  const provider = { name: 'provider', exports: { a: 1 }, namespace: 'NS' };
  const links = link([provider, { name: 'no', imports: { a: 1 } }, { name: 'yes', imports: { a: 1 }, importNs: 'NS' }]);
  assert.deepEqual(passing(links), ['provider', 'yes']);
});

test('the first of two modules of one name counts', () => {
  const links = link([
    { name: 'user', imports: { a: 1 } },
    { name: 'same', exports: { a: 1 } },
    { name: 'same', exports: { a: 2 } },
  ]);
  assert.deepEqual([...links.shadowed], [[2, 1]]);
  assert.deepEqual(passing(links), ['user', 'same', 'same']);
});

test('two exporters of one symbol are for the loader to judge, and so are their users', () => {
  const links = link([
    { name: 'user', imports: { a: 1 } },
    { name: 'one', exports: { a: 1 } },
    { name: 'other', exports: { a: 1 } },
    { name: 'apart' },
  ]);
  assert.deepEqual(passing(links), ['apart']);
  assert.deepEqual(dependenciesOf(links.needs, 0), [1]);
});

test('per-cpu memory of a module and all it needs comes out of one reserve', () => {
  const links = link([
    { name: 'user', imports: { a: 1 }, percpu: 5000 },
    { name: 'provider', exports: { a: 1 }, percpu: 5000 },
  ]);
  assert.deepEqual(passing(links), ['provider']);
});

test('rings are found once each, and nobody in or above them passes', () => {
  const links = link([
    { name: 'above', imports: { a: 1 } },
    { name: 'one', imports: { b: 1 }, exports: { a: 1 } },
    { name: 'two', imports: { a: 1 }, exports: { b: 1 } },
    { name: 'apart', exports: { c: 1 } },
  ]);
  assert.deepEqual(links.cycles, [[1, 2]]);
  assert.deepEqual(passing(links), ['apart']);
  assert.deepEqual(dependenciesOf(links.needs, 0), [2, 1]);
});

test('a ring through a hundred thousand modules does not use up the stack', () => {
  const count = 100_000;
  const first = Uint32Array.from({ length: count + 1 }, (_, i) => i);
  const items = Int32Array.from({ length: count }, (_, i) => (i + 1) % count);
  assert.equal(findCycles(new Lists(first, items), count)[0]?.length, count);
});
