// The way of a look-up through the export tables, and the modules that are used, as the step view shows them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type KernelFacts } from '../../src/index';
import type { StepSymbols } from '../../src/report/view/types';
import { configured, factsOf, fixture, moduleFile, type Generation } from '../support/recorded';
import { classicFacts } from '../support/classicFacts';
import { classicModule, I386 } from '../support/classicModule';

/** Each table that a symbol was looked for in, and what came of it. */
function pathOf({ searches }: StepSymbols, name: string): string[] {
  const { symbols, tables, symbol, table, outcome, outcomes } = searches;
  return [...symbol.keys()]
    .filter(row => symbols[symbol[row] ?? 0] === name)
    .map(row => {
      const { owner = '', section = '' } = tables[table[row] ?? 0] ?? {};
      return `${owner} ${section} ${outcomes[outcome[row] ?? 0]}`.replace('  ', ' ');
    });
}

function symbolsOf(
  generation: Generation,
  names: readonly string[],
  facts: KernelFacts = factsOf(generation),
): StepSymbols {
  const system = new System(facts);
  const [last = '', ...first] = [...names].reverse();
  for (const name of first.reverse()) system.insmod(moduleFile(fixture(generation, name)));
  const { symbols } = system.trace(moduleFile(fixture(generation, last))).steps();
  assert.ok(symbols);
  return symbols;
}

test('vmlinux first, then the modules, without the one that is being loaded', () => {
  const symbols = symbolsOf('6.1', ['exporter', 'user']);
  assert.deepEqual(pathOf(symbols, 'suite_plain'), [
    'vmlinux __ksymtab absent',
    'vmlinux __ksymtab_gpl absent',
    'user unformed',
    'exporter __ksymtab found',
  ]);
  assert.deepEqual(pathOf(symbols, '__fentry__'), ['vmlinux __ksymtab found']);
  assert.deepEqual(symbols.uses, { bothWays: true, modules: [{ name: 'exporter', users: ['user'], symbols: 2 }] });
});

/** The last becomes proprietary by what it uses, and then uses a GPL-only symbol. */
const LOADED = ['exporter', 'proprietary', 'prop_user'];

test('a proprietary module: hidden in 5.10, passed over since 5.12, and hidden in the one table of 7.2', () => {
  const config = { UNUSED_SYMBOLS: 'y' };
  const old = pathOf(symbolsOf('5.10', LOADED, configured('5.10', config)), 'suite_gpl');
  assert.deepEqual(old, [
    'vmlinux __ksymtab absent',
    'vmlinux __ksymtab_gpl absent',
    'vmlinux __ksymtab_gpl_future absent',
    'vmlinux __ksymtab_unused absent',
    'vmlinux __ksymtab_unused_gpl absent',
    'prop_user unformed',
    'proprietary __ksymtab absent',
    'exporter __ksymtab absent',
    'exporter __ksymtab_gpl hidden',
  ]);
  const later = pathOf(symbolsOf('6.1', LOADED), 'suite_gpl');
  assert.deepEqual(later.slice(-2), ['exporter __ksymtab absent', 'exporter __ksymtab_gpl passed-over']);
  const last = pathOf(symbolsOf('7.2', LOADED), 'suite_gpl');
  assert.deepEqual(last.at(-1), 'exporter __ksymtab hidden');
});

test('before 3.0 tables are searched from their start, and before 2.6.36 only the used module has a list', () => {
  const given = { release: '2.6.32', arch: 'i386', vermagic: '2.6.32 686 ', config: { MODULES: 'y' } } as const;
  const modinfo = ['license=GPL', 'vermagic=2.6.32 686 '];
  const owner = classicModule({ name: 'owner', format: I386, modinfo, exports: [{ name: 'shared' }] });
  const user = classicModule({ name: 'uses', format: I386, modinfo, undefinedSymbols: ['shared'] });
  const system = new System(classicFacts(given));
  system.insmod(owner);
  const { symbols } = system.trace(user).steps();
  assert.ok(symbols);
  assert.equal(symbols.searches.byHalves, false);
  assert.deepEqual(pathOf(symbols, 'shared').at(-1), 'owner __ksymtab found');
  assert.deepEqual(symbols.uses, { bothWays: false, modules: [{ name: 'owner', users: ['uses'], symbols: 1 }] });
});
