// What the case generators build on: the fixtures of one kernel, and short ways to say steps.
import { KoFile } from '../lib/koFile';
import { fixturesIn, type FixtureModule, type ModuleSpec, type Patch, type ReadFixture } from '../lib/recipe';
import { hasStockModule, listStockModules, readStockModule } from '../lib/stock';
import type { Case, InsmodStep, RmmodStep, Step } from '../lib/recording';

export const O_NONBLOCK = 0x800;
export const O_TRUNC = 0x200;

/** A kernel as the generators see it: they differ by what it has, seldom by which one it is. */
export interface Kit {
  readonly key: string;
  readonly modversions: boolean;
  /** A source of numbers for cases that are drawn; another one for each `seed`, and for each seed of the kit. */
  seeded(seed: number): Random;
  ko(fixture: string): KoFile;
  /** Whether the distribution ships that module for this kernel; names move between releases. */
  hasStock(path: string): boolean;
  /** Paths of the distribution's modules below one of its directories, sorted; none where they are not at hand. */
  stockBelow(dir: string): string[];
  /** The bytes of such a module, or null. */
  stock(path: string): Uint8Array | null;
}

/** One generator: all cases of a topic for a kernel. */
export type Topic = (kit: Kit) => Case[];

/** A number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/**
 * @param fixtures the directory of the built fixtures, or what reads one
 * @param modulesDir that kernel's /lib/modules/RELEASE
 * @param seed what is drawn: 0 for the cases that are recorded
 */
export function makeKit(key: string, fixtures: string | ReadFixture, modulesDir: string, seed = 0): Kit {
  const read = typeof fixtures === 'string' ? fixturesIn(fixtures) : fixtures;
  const cache = new Map<string, KoFile>();
  const ko = (fixture: string): KoFile => {
    const known = cache.get(fixture) ?? new KoFile(fixture, read(fixture));
    cache.set(fixture, known);
    return known;
  };
  const hasStock = (path: string): boolean => hasStockModule(modulesDir, path);
  const stock = (path: string): Uint8Array | null => (hasStock(path) ? readStockModule(modulesDir, path) : null);
  const stockBelow = (dir: string): string[] => listStockModules(modulesDir, dir);
  return {
    key,
    modversions: ko('minimal').hasSection('__versions'),
    seeded: own => seeded(own + seed * SPREAD),
    ko,
    hasStock,
    stockBelow,
    stock,
  };
}

export function insmod(module: ModuleSpec | string, more: Omit<InsmodStep, 'op' | 'module'> = {}): InsmodStep {
  return { op: 'insmod', module: typeof module === 'string' ? { fixture: module } : module, ...more };
}

export function rmmod(name: string, flags = O_NONBLOCK): RmmodStep {
  return { op: 'rmmod', name, flags };
}

export function testCase(id: string, ...steps: Step[]): Case {
  return { id, steps };
}

/** A case that only loads one patched fixture. */
export function mutant(
  id: string,
  ko: KoFile,
  patches: readonly Patch[],
  more: Omit<InsmodStep, 'op' | 'module'> = {},
): Case {
  return testCase(id, insmod(ko.module(patches), more));
}

/** A case that only loads one cut or extended fixture. */
export function reshaped(id: string, ko: KoFile, shape: Pick<FixtureModule, 'truncate' | 'append'>): Case {
  return testCase(id, insmod(ko.module([], shape)));
}

/** Further apart than the seeds of the generators. */
const SPREAD = 1_000_003;

/** A small generator of reproducible numbers (xorshift32), for mutants that are drawn rather than listed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0 || 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** Text that can stand in a case's name. */
export function label(value: string): string {
  return value === ''
    ? 'empty'
    : value.replace(/[^A-Za-z0-9_.+-]/g, c => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
