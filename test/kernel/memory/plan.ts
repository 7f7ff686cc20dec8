// Which modules are read back from the memory of a running kernel: our fixtures, and fifty of the distribution's.
import type { Kit } from '../cases/kit';
import { stockChains } from '../cases/stockSets';
import type { ModuleSpec } from '../lib/recipe';

/** Modules to load in order; the last is the one that is read. */
export interface MemoryCase {
  readonly id: string;
  readonly modules: readonly ModuleSpec[];
  /** Its own code leaves its data alone, so that all of it can be compared. */
  readonly quiet: boolean;
}

/** What a fixture uses is loaded first. */
const FIXTURES: Readonly<Record<string, readonly string[]>> = {
  bigdata: [],
  chain: ['exporter'],
  chainuser: ['exporter', 'chain'],
  exporter: [],
  gpluser: ['exporter'],
  initret: [],
  longnames: [],
  manyexports: [],
  minimal: [],
  noexit: [],
  noinit: [],
  notext: [],
  nsexporter: [],
  nsuser: ['nsexporter'],
  nsuser_one: ['nsexporter'],
  paramkinds: [],
  percpu: [],
  proprietary: [],
  prop_user_only: ['proprietary'],
  relocs: [],
  special: [],
  staging: [],
  tagged: [],
  tracepoint: [],
  user: ['exporter'],
  weakref: ['exporter'],
};

/** A few more than fifty: some init functions refuse to run without their hardware, and their modules are gone again. */
const STOCK_COUNT = 58;

export function memoryCases(kit: Kit): MemoryCase[] {
  const fixtures = Object.entries(FIXTURES).map(([name, needs]) => ({
    id: name,
    modules: [...needs, name].map(fixture => ({ fixture })),
    quiet: true,
  }));
  const stock = stockChains(kit)
    .slice(0, STOCK_COUNT)
    .map(chain => ({ id: chain.at(-1) ?? '', modules: chain.map(path => ({ stock: path })), quiet: false }));
  return [...fixtures, ...stock];
}
