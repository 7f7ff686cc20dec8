// What the graph says of symbols against what the loader says of the same modules, and what it shows around a module.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { ModuleGraph } from '../../src/graph/moduleGraph';
import { toBytes } from '../../src/formats/bytes/strings';
import { parseSymvers } from '../../src/target/symvers';
import type { KernelFacts } from '../../src/target/types';
import { hexCrc } from '../../src/formats/bytes/hex';
import { System, type LoadResult } from '../../src/index';
import { text, type KoFile } from '../kernel/lib/koFile';
import type { Patch } from '../kernel/lib/recipe';
import { buildModule } from '../support/builtModule';
import type { SectionSpec } from '../support/elf';
import { edge, graphOf, needsOf } from '../support/graphs';
import { configured, factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../support/recorded';

type Loaded = readonly [name: string, patches?: (ko: KoFile) => readonly Patch[]];

const files = (generation: Generation, modules: readonly Loaded[]) =>
  modules.map(([name, patches]) => {
    const ko = fixture(generation, name);
    return moduleFile(ko, patches?.(ko) ?? []);
  });

/** The graph does not say by which macro something is exported. */
type Bound = Omit<LoadResult['symbols'][number], 'type'>;

/** Symbols of every edge of a module, in the form a result has them. */
function symbolsOf(graph: ModuleGraph, name: string): Bound[] {
  const { focus, nodes, edges } = needsOf(graph, name);
  return edges.flatMap(({ from, to, symbols }) => {
    if (from !== focus) return [];
    const node = nodes.find(({ id }) => id === to);
    const owner = node?.kind === 'missing' ? null : (node?.name ?? assert.fail(to));
    return symbols.map(({ state, wanted, found, ...rest }) => ({
      ...rest,
      owner,
      wanted: hexCrc(wanted),
      found: hexCrc(found),
      status: state,
    }));
  });
}

function withoutType({ type, ...bound }: LoadResult['symbols'][number]): Bound {
  assert.equal(type === null, bound.owner === null);
  return bound;
}

const sorted = (symbols: readonly Bound[]) => [...symbols].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Loads the modules one after the other; of the last, loader and graph must say the same. */
function assertAgrees(facts: KernelFacts, loaded: readonly { path: string; bytes: Uint8Array }[]): LoadResult {
  const system = new System(facts);
  const results = loaded.map(file => system.insmod(file));
  const last = results.at(-1) ?? assert.fail();
  assert.ok(
    results.slice(0, -1).every(result => result.errno === 0),
    'what it needs is loaded',
  );
  assert.ok(last.symbols.length > 0, last.log.map(line => line.text).join('; '));
  const graph = graphOf(facts, loaded);
  assert.deepEqual(sorted(symbolsOf(graph, last.module.name)), sorted(last.symbols.map(withoutType)));
  const { edges } = needsOf(graph, last.module.name);
  const isRefusing = (status: string) => !['ok', 'unresolved-weak', 'ignored'].includes(status);
  for (const one of edges)
    assert.equal(
      one.broken,
      one.symbols.some(({ state }) => isRefusing(state)),
      one.to,
    );
  return last;
}

const bsd = (ko: KoFile): Patch[] => [ko.setModinfo('license', 'license=BSD')];

const AGREEING: readonly (readonly Loaded[])[] = [
  [['exporter']],
  [['exporter'], ['user']],
  [['exporter'], ['gpluser']],
  [['exporter'], ['chain'], ['chainuser']],
  [['nsexporter'], ['nsuser']],
  [['nsexporter'], ['nsuser', ko => [ko.dropTag('import_ns')]]],
  [['exporter'], ['gpluser', bsd]],
  [['exporter'], ['user', bsd]],
  [['proprietary'], ['prop_user_only']],
  [['exporter'], ['proprietary'], ['prop_user']],
  [['exporter'], ['proprietary'], ['prop_user_last']],
  [['exporter'], ['weakref']],
  [['weakref']],
  [['unresolved']],
  [['paramkinds', bsd]],
  [['special']],
];

/** 7.2 has no MODVERSIONS, and refuses to import a namespace of modules before it looks at symbols. */
const AGREEING_BEFORE_7: readonly (readonly Loaded[])[] = [
  [['nsexporter'], ['nsuser', ko => [ko.setModinfo('import_ns', 'import_ns=module:')]]],
  [['exporter'], ['user', ko => [ko.renameSection('__versions')]]],
];

for (const generation of GENERATIONS) {
  test(`${generation}: what the loader says of symbols the graph says as well`, () => {
    for (const modules of [...AGREEING, ...(generation === '7.2' ? [] : AGREEING_BEFORE_7)])
      assertAgrees(factsOf(generation), files(generation, modules));
  });

  test(`${generation}: missing namespace imports that the configuration allows`, () => {
    const lenient = configured(generation, { MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS: 'y' });
    const dropped = files(generation, [['nsexporter'], ['nsuser', ko => [ko.dropTag('import_ns')]]]);
    assert.equal(assertAgrees(lenient, dropped).errno, 0);
  });
}

for (const generation of ['5.10', '6.1', '6.12'] as const) {
  const version = (ko: KoFile, symbol: string): number =>
    ko.versions.find(one => one.name === symbol)?.at ?? assert.fail(symbol);

  test(`${generation}: other CRCs, missing ones, and those that can match nothing`, () => {
    for (const patch of [
      (at: number): Patch => [at, 'deadbeef'],
      (at: number): Patch => [at + 4, '01'],
      (at: number): Patch => text(at + 8, '_'),
    ]) {
      const modules = files(generation, [['exporter'], ['user', ko => [patch(version(ko, 'suite_plain'))]]]);
      assert.equal(assertAgrees(factsOf(generation), modules).errno, 22);
      assertAgrees(configured(generation, {}, { distribution: null }), modules);
      assertAgrees(configured(generation, { MODVERSIONS: null }, { vermagic: factsOf(generation).vermagic }), modules);
    }
  });
}

test('extended versions count before the others where the kernel knows them', () => {
  const facts = configured('7.2', { MODVERSIONS: 'y' });
  const versions = (crc: number, names: string): SectionSpec[] => {
    const data = Buffer.alloc(4);
    data.writeUInt32LE(crc);
    return [
      { name: '__version_ext_crcs', flags: 2, align: 4, data },
      { name: '__version_ext_names', flags: 2, data: Buffer.from(names, 'latin1') },
    ];
  };
  for (const [crc, name, state] of [
    [0, '_printk', 'ok'],
    [5, '_printk', 'version'],
    [5, 'other', 'ok'],
  ] as const) {
    const sections = versions(crc, `${name}\0`);
    const result = assertAgrees(facts, [buildModule(facts, { sections, undefinedSymbols: ['_printk'] })]);
    assert.deepEqual(
      result.symbols.map(symbol => symbol.status),
      [state],
    );
  }
});

/** A kernel with these exports and no others. */
const exporting = (generation: Generation, ...rows: string[]): KernelFacts => ({
  ...configured(generation, { MODVERSIONS: null }),
  exports: parseSymvers(toBytes(rows.map(row => `0x00000000\t${row}\n`).join(''))),
});

test('namespaces that name modules', () => {
  for (const [namespace, state] of [
    ['module:other,built', 'ok'],
    ['module:bu*', 'ok'],
    ['module:other', 'namespace'],
  ] as const) {
    const facts = exporting('7.2', `for_some\tvmlinux\tEXPORT_SYMBOL_GPL\t${namespace}`);
    const result = assertAgrees(facts, [buildModule(facts, { undefinedSymbols: ['for_some'] })]);
    assert.equal(result.symbols[0]?.status, state);
  }
});

test('the export table of the kernel stands in for modules that were not read, and only for those', () => {
  const facts = exporting('6.1', 'of_other\tdrivers/some/other-one\tEXPORT_SYMBOL_GPL\tNS');
  const user = buildModule(facts, { name: 'user', undefinedSymbols: ['of_other'], modinfo: ['import_ns=NS'] });
  const { nodes, edges } = needsOf(graphOf(facts, [user]), 'user');
  assert.deepEqual(
    nodes.map(({ id, path, users }) => [id, path, users]),
    [
      ['module/other_one', null, 1],
      ['module/user', 'user.ko', 0],
    ],
  );
  assert.deepEqual(edges, [
    {
      from: 'module/user',
      to: 'module/other_one',
      symbols: [
        { name: 'of_other', wanted: null, found: null, gplOnly: true, namespace: 'NS', weak: false, state: 'ok' },
      ],
      broken: false,
    },
  ]);
  // Of two files the first counts, and what it does not export is not exported.
  const rebuilt = { ...buildModule(facts, { name: 'other_one' }), path: 'rebuilt/other-one.ko' };
  const shipped = { ...buildModule(facts, { name: 'other_one' }), path: 'shipped/other-one.ko' };
  const graph = graphOf(facts, [user, rebuilt, shipped]);
  assert.deepEqual(
    graph.modules.map(({ path }) => path),
    ['user.ko', 'rebuilt/other-one.ko'],
  );
  const [broken] = needsOf(graph, 'user').edges;
  assert.deepEqual([broken?.to, broken?.broken, broken?.symbols[0]?.state], ['missing/user', true, 'missing']);
});

test('taint goes on through users of users, in whatever order they are given', () => {
  const facts = factsOf('6.1');
  const modules = files('6.1', [['exporter'], ['proprietary'], ['prop_user_only'], ['prop_user_last']]);
  const inOrder = graphOf(facts, modules).overview();
  const reversed = graphOf(facts, [...modules].reverse()).overview();
  assert.deepEqual(reversed.broken, inOrder.broken);
  assert.equal(inOrder.broken[inOrder.modules.findIndex(({ name }) => name === 'prop_user_last')], 1);
});

test('around a module: depth, direction and limit', () => {
  const graph = graphOf(
    factsOf('6.1'),
    files('6.1', [['exporter'], ['chain'], ['chainuser'], ['user'], ['unresolved']]),
  );
  const ids = (name: string, depth: number, direction: 'needs' | 'users' | 'both', limit = 100) =>
    graph.neighbourhood(name, { depth, direction, limit }).nodes.map(({ id }) => id);
  assert.deepEqual(ids('chain', 0, 'both'), ['module/chain']);
  assert.deepEqual(ids('chain', 1, 'needs'), ['module/chain', 'module/exporter', 'vmlinux']);
  assert.deepEqual(ids('chain', 1, 'users'), ['module/chain', 'module/chainuser']);
  assert.deepEqual(ids('exporter', 1, 'users'), ['module/chain', 'module/chainuser', 'module/exporter', 'module/user']);
  assert.deepEqual(ids('chainuser', 2, 'needs', 3), ['module/chain', 'module/chainuser', 'vmlinux']);
  assert.deepEqual(ids('unresolved', 1, 'both'), ['missing/unresolved', 'module/unresolved', 'vmlinux']);
  assert.deepEqual(ids('nobody', 1, 'both'), []);
  assert.equal(ids('vmlinux', 1, 'users').length, 6);
  assert.deepEqual(ids('vmlinux', 5, 'needs'), ['vmlinux']);

  const around = graph.neighbourhood('exporter', { depth: 1, direction: 'both', limit: 3 });
  assert.equal(around.truncated, true);
  assert.equal(around.focus, 'module/exporter');
  const focus = around.nodes.find(({ kind }) => kind === 'focus');
  assert.deepEqual([focus?.needs, focus?.users, focus?.hidden], [0, 3, 2]);

  const whole = graph.neighbourhood('chain', { depth: 1, direction: 'both', limit: 100 });
  assert.deepEqual(
    whole.edges.map(({ from, to }) => [from, to]),
    [
      ['module/chain', 'module/exporter'],
      ['module/chain', 'vmlinux'],
      ['module/chainuser', 'module/chain'],
      // Between two that are shown, though neither is the focus; their use of the kernel is not.
      ['module/chainuser', 'module/exporter'],
    ],
  );
  assert.deepEqual(
    edge(whole, 'module/chain', 'module/exporter')?.symbols.map(({ name }) => name),
    ['suite_plain'],
  );
});

test('a row for every module', () => {
  const { modules, ...columns } = graphOf(
    factsOf('6.1'),
    files('6.1', [['user'], ['exporter'], ['unresolved']]),
  ).overview();
  const row = (name: string) => {
    const index = modules.findIndex(module => module.name === name);
    return [columns.needs, columns.users, columns.broken, columns.exports].map(column => column[index]);
  };
  assert.deepEqual(row('exporter'), [0, 1, 0, 4]);
  assert.deepEqual(row('user'), [1, 0, 0, 0]);
  assert.deepEqual(row('unresolved'), [0, 0, 1, 0]);
  const names = modules.map(({ name }) => name);
  assert.deepEqual(names, [...names].sort());
  assert.ok(
    modules.some(({ path, symbols }) => path === null && symbols === null),
    'owners known from exports alone',
  );
});
