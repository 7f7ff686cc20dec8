// Position-independent code is reported with all its places, whatever else is wrong with the module.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readSnapshot } from '../../src/host/node/targets';
import { System } from '../../src/index';
import type { KernelFacts } from '../../src/target/types';
import { TARGET_FILE } from '../kernel/lib/engine';
import { KoFile, text } from '../kernel/lib/koFile';
import { fixturesDir, recordedDir } from '../kernel/lib/paths';
import { readFixtureModule, type Patch } from '../kernel/lib/recipe';
import { factsOf, fixture, GENERATIONS, moduleFile } from '../support/recorded';

const CODE = 'global-offset-table';

type Found = ReturnType<System['insmod']>['findings'];

/** Of `user`, after the module that exports what it uses. */
function findings(
  facts: KernelFacts,
  ko: KoFile,
  patches: readonly Patch[] = [],
  before: readonly KoFile[] = [],
): Found {
  const system = new System(facts);
  for (const each of before) system.insmod(moduleFile(each));
  return system.insmod(moduleFile(ko, patches)).findings;
}

/** The calls of `symbol` in a section of relocations get another type. */
function retyped(ko: KoFile, section: string, symbol: string, type: number): Patch[] {
  const wanted = ko.symbol(symbol).index;
  return Array.from({ length: ko.relaCount(section) }, (_, i) => i)
    .filter(i => ko.rela(section, i).r_sym === wanted)
    .map(i => ko.setRela(section, i, 'r_type', type));
}

/** A kernel of another architecture with two of its modules. */
function archFixture(release: string): {
  readonly facts: KernelFacts;
  readonly user: KoFile;
  readonly exporter: KoFile;
} {
  const read = (name: string): KoFile => new KoFile(name, readFixtureModule(fixturesDir(release), { fixture: name }));
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  return { facts, user: read('user'), exporter: read('exporter') };
}

test('modules as kbuild makes them have none', () => {
  for (const generation of GENERATIONS)
    for (const name of ['minimal', 'exporter'])
      assert.ok(!findings(factsOf(generation), fixture(generation, name)).some(({ code }) => code === CODE));
});

test('every type of x86_64 is counted, and the kernel names the first', () => {
  for (const [type, name] of [
    [9, 'R_X86_64_GOTPCREL'],
    [41, 'R_X86_64_GOTPCRELX'],
    [42, 'R_X86_64_REX_GOTPCRELX'],
  ] as const) {
    const ko = fixture('6.1', 'user');
    const patches = retyped(ko, '.rela.init.text', 'suite_data', type);
    const found = findings(factsOf('6.1'), ko, patches, [fixture('6.1', 'exporter')]);
    const [finding] = found.filter(({ code }) => code === CODE);
    assert.equal(finding?.message, `user: position-independent code (${name}, ${patches.length} in all)`);
    assert.deepEqual(finding.facts['symbols'], ['suite_data']);
    const [refusal] = found.filter(({ severity }) => severity === 'error');
    assert.match(refusal?.explanation ?? '', /global offset table/);
    assert.equal(refusal?.facts['type'], type);
  }
});

test('it is reported although a symbol refuses the module first', () => {
  const ko = fixture('6.1', 'user');
  const codes = findings(factsOf('6.1'), ko, retyped(ko, '.rela.init.text', 'suite_data', 42)).map(({ code }) => code);
  assert.ok(codes.includes(CODE));
  assert.ok(!codes.includes('relocation'));
});

test('a place of the source is marked, and not the call of the tracer before it', () => {
  const ko = fixture('6.1', 'user');
  const data = retyped(ko, '.rela.init.text', 'suite_data', 42);
  const patches = [...retyped(ko, '.rela.init.text', '__fentry__', 41), ...data];
  const [finding] = findings(factsOf('6.1'), ko, patches).filter(({ code }) => code === CODE);
  const { index } = finding?.facts['first'] as { readonly index: number };
  assert.equal(ko.rela('.rela.init.text', index).r_sym, ko.symbol('suite_data').index);
});

test('arm64: types of the table, and its symbol, which this kernel does not ignore', () => {
  const { facts, user, exporter } = archFixture('6.12.117+deb13-arm64');
  const patches = retyped(user, '.rela.init.text', 'suite_plain', 311);
  const [page] = findings(facts, user, patches, [exporter]).filter(({ code }) => code === CODE);
  assert.equal(page?.message, 'user: position-independent code (R_AARCH64_ADR_GOT_PAGE, 1 in all)');
  // What the names of the table overwrite is not looked at.
  const named = findings(facts, user, [text(user.symbolNameAt(user.symbol('suite_data')), '_GLOBAL_OFFSET_TABLE_\0')]);
  const [symbol] = named.filter(({ code }) => code === CODE);
  assert.equal(symbol?.message, 'user: position-independent code, which refers to _GLOBAL_OFFSET_TABLE_');
  assert.equal(symbol.facts['first'], null);
});

test('riscv has a table for modules', () => {
  const { facts, user } = archFixture('6.12.117+deb13-riscv64');
  const found = findings(facts, user, retyped(user, '.rela.init.text', 'suite_data', 20));
  assert.ok(!found.some(({ code }) => code === CODE));
});
