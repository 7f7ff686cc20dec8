// Inputs of any size for everything that a module or a kernel can have many of. Tests count the steps they take, and the bench
// prints how their cost grows.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { explainLog } from '../../src/explain/explainLog';
import { structModuleFromBtf } from '../../src/formats/btf/btf';
import { Rows } from '../../src/formats/dwarf/rows';
import { placeOf } from '../../src/formats/elf/relocations';
import { SymbolNames } from '../../src/formats/ko/symbolNames';
import { ColumnBuilder } from '../../src/graph/tree/columns';
import { linkTree } from '../../src/graph/tree/linkTree';
import { analyseModule } from '../../src/host/node/analyse';
import { System } from '../../src/index';
import { deriveFeatures } from '../../src/linux/deriveFeatures';
import { parseSymvers } from '../../src/target/symvers';
import { collidingNames, collidingWords } from '../support/collisions';
import { LARGE_LOGS, largeLog } from '../support/largeLogs';
import { LARGE_KINDS, largeModule } from '../support/largeModule';
import { info, rawBtf } from '../support/rawBtf';
import { configured, factsOf, snapshotOf } from '../support/recorded';

export interface GrowthCase {
  readonly name: string;
  /** How many there are in the small case. */
  readonly count: number;
  /** Makes `count` of them; what it gives is what is measured. */
  make(count: number): () => unknown;
}

const work = mkdtempSync(path.join(tmpdir(), 'insmod-lens-growth-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const loading: readonly GrowthCase[] = LARGE_KINDS.map(kind => ({
  name: `${kind} of a module, loaded`,
  count: 500,
  make(count) {
    const facts = configured('6.1', { MODVERSIONS: null });
    const { bytes } = largeModule(facts, kind, count);
    return () => {
      const { verdict, errnoName } = new System(facts).insmod({ path: 'large.ko', bytes });
      if (verdict !== 'loads') throw new Error(`${kind}: ${verdict} ${errnoName}`);
    };
  },
}));

const analysing: readonly GrowthCase[] = LARGE_KINDS.map(kind => ({
  name: `${kind} of a module, in the editor`,
  count: 500,
  make(count) {
    const directory = path.join(work, `${kind}${count}`);
    mkdirSync(directory, { recursive: true });
    const { bytes, source } = largeModule(factsOf('6.1'), kind, count);
    const file = path.join(directory, 'large.ko');
    writeFileSync(path.join(directory, 'Kbuild'), 'obj-m := large.o\n');
    writeFileSync(path.join(directory, 'large.c'), source);
    writeFileSync(file, bytes);
    const targets = [{ path: snapshotOf('6.1') }];
    return async () => {
      const { failure, sources } = await analyseModule({ path: file, targets, args: '', cmdline: '', loaded: [] });
      if (failure || sources.length === 0) throw new Error(`${kind}: not analysed`);
    };
  },
}));

/** Trees in which module number `i` needs others by number. */
const TREES: Readonly<Record<string, (i: number, count: number) => readonly number[]>> = {
  'that need nothing': () => [],
  'in a chain': i => (i > 0 ? [i - 1] : []),
  'in a ring': (i, count) => [(i + 1) % count],
  'that one needs': (i, count) => (i === count - 1 ? Array.from({ length: i }, (_, other) => other) : []),
  'that all need one': i => (i > 0 ? [0] : []),
};

function treeOf(count: number, needsOf: (i: number, count: number) => readonly number[]): () => unknown {
  const names = new SymbolNames();
  const builder = new ColumnBuilder(names);
  for (let i = 0; i < count; i++) {
    const imports = needsOf(i, count).map(other => ({ symbol: names.addName(`s${other}`), wanted: 1, weak: false }));
    // The last of a chain lacks something: its refusal reaches all.
    if (i === 0) imports.push({ symbol: names.addName('missing'), wanted: 1, weak: false });
    const exports = [{ name: `s${i}`, crc: 1, namespace: null }];
    const found = { name: `m${i}`, imports, exports, namespaces: [], percpu: 16, unchecked: false, notChecked: [] };
    builder.add(i, found, true);
  }
  const features = deriveFeatures(factsOf('6.1'));
  return () => linkTree([builder.columns()], count, features);
}

const trees: readonly GrowthCase[] = Object.entries(TREES).map(([name, needsOf]) => ({
  name: `modules ${name}`,
  count: 2000,
  make: count => treeOf(count, needsOf),
}));

const tables: readonly GrowthCase[] = [
  {
    name: 'names of symbols that collide',
    count: 1024,
    make(count) {
      const names = collidingWords(count);
      return () => addAll(names);
    },
  },
  {
    name: 'rows of Module.symvers that collide',
    count: 1024,
    make(count) {
      const names = collidingNames(count);
      const text = Buffer.from(names.map(name => `0x00000001\t${name}\tvmlinux\tEXPORT_SYMBOL\t\n`).join(''), 'latin1');
      return () => {
        const table = parseSymvers(text);
        for (const name of names) if (table.findName(name) < 0) throw new Error(`${name} is lost`);
      };
    },
  },
  {
    name: 'rows of line tables',
    count: 5000,
    make: count => () => {
      const rows = new Rows();
      // The sequences come in falling order, and have to be sorted.
      for (let i = count; i > 0; i--) {
        rows.row(placeOf(1, 16 * i), 1, i, 0);
        rows.end(placeOf(1, 16 * i + 16));
      }
      for (let i = count; i > 0; i--) if (rows.find(placeOf(1, 16 * i + 1))?.line !== i) throw new Error('lost');
    },
  },
  {
    name: 'types of BTF',
    count: 2000,
    make(count) {
      const bytes = rawBtf(Array.from({ length: count }, (_, i) => [`t${i}`, info(4), 0]));
      return () => structModuleFromBtf(bytes, 'test');
    },
  },
];

const logs: readonly GrowthCase[] = Object.keys(LARGE_LOGS).map(kind => ({
  name: `lines of ${kind}`,
  count: 1000,
  make(count) {
    const log = largeLog(kind, count);
    return () => {
      const { main } = explainLog(log);
      if (main === null) throw new Error(`${kind}: not explained`);
    };
  },
}));

/** Every name twice: the second time it is found. */
export function addAll(all: readonly string[]): SymbolNames {
  const names = new SymbolNames();
  const bytes = all.map(name => Buffer.from(name, 'latin1'));
  for (let turn = 0; turn < 2; turn++)
    for (const [i, name] of bytes.entries())
      if (names.add(name, 0, name.length) !== i) throw new Error('two names are one');
  return names;
}

export const GROWTH_CASES: readonly GrowthCase[] = [...loading, ...analysing, ...trees, ...tables, ...logs];
