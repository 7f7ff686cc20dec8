// A screen must never let pass what the loader refuses or warns of.
import assert from 'node:assert/strict';
import { SymbolNames } from '../../../src/formats/ko/symbolNames';
import { ColumnBuilder } from '../../../src/graph/tree/columns';
import { linkTree } from '../../../src/graph/tree/linkTree';
import { Screen } from '../../../src/graph/tree/screen';
import { screenedKernel } from '../../../src/graph/tree/screenedKernel';
import { System } from '../../../src/index';
import { verifyPkcs7 } from '../../../src/host/node/lazyPkcs7';
import { factsOf, fixture, type Generation } from '../../support/recorded';
import { mutateElf } from '../lib/mutateElf';
import type { FuzzTarget, Input } from '../lib/types';

const FIXTURES = ['minimal', 'exporter', 'paramkinds', 'percpu', 'relocs', 'weakref', 'tagged', 'nsuser', 'special'];
const SCREENED: readonly Generation[] = ['6.1', '7.2'];
/** Names of symbols of every input so far would pile up. */
const MOST_INPUTS = 2000;

/** Screens one after the other with the same tables, as a thread of a check does. */
class Screener {
  private inputs = 0;
  private names = new SymbolNames();
  private screen: Screen;

  constructor(private readonly generation: Generation) {
    this.screen = this.open();
  }

  examine(bytes: Input): void {
    const facts = factsOf(this.generation);
    if (this.inputs++ === MOST_INPUTS) {
      this.names = new SymbolNames();
      this.screen = this.open();
      this.inputs = 0;
    }
    const found = this.screen.examine(bytes);
    if (!found) return;
    const builder = new ColumnBuilder(this.names);
    builder.add(0, found, true);
    const { passes } = linkTree([builder.columns(this.screen.reasons)], 1, this.kernel().features);
    if (passes[0] !== 1) return;
    const result = new System(facts).insmod({ path: 'fuzzed.ko', bytes });
    const said = result.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
    assert.deepEqual(said, [], 'what passes, the loader takes without a word');
    assert.equal(result.errno, 0);
    assert.equal(result.module.name, found.name);
  }

  private kernel() {
    const kernel = screenedKernel(factsOf(this.generation));
    assert.ok(kernel, 'this kernel is screened');
    return kernel;
  }

  private open(): Screen {
    return new Screen(this.kernel(), this.names, verifyPkcs7, { relocations: true });
  }
}

let screeners: readonly Screener[] | null = null;

/** Holds a file's screening against its loading, for every kernel that is screened. */
export function screenAll(bytes: Input): void {
  screeners ??= SCREENED.map(generation => new Screener(generation));
  for (const screener of screeners) screener.examine(bytes);
}

export const screen: FuzzTarget = {
  name: 'screen',
  longest: 64 << 10,
  seeds: () => SCREENED.flatMap(generation => FIXTURES.map(name => fixture(generation, name).bytes)),
  run: screenAll,
  mutate: mutateElf,
};
