// How a module under test is made: a fixture as built, changed byte by byte. Only the recipe is ever stored.
import { readFileSync } from 'node:fs';

/** Bytes to write: file offset, then hexadecimal text. */
export type Patch = readonly [offset: number, hex: string];

/** What is done to a file: it is patched, then cut to `truncate` bytes, then extended by `append`. */
export interface Recipe {
  readonly patches?: readonly Patch[];
  readonly truncate?: number;
  /** Hexadecimal text. */
  readonly append?: string;
}

/** A fixture of this suite. */
export interface FixtureModule extends Recipe {
  readonly fixture: string;
}

/** A module of the distribution: its path below the kernel's modules directory, without compression suffix. */
export interface StockModule extends Recipe {
  readonly stock: string;
}

export type ModuleSpec = FixtureModule | StockModule;

export function isStock(spec: ModuleSpec): spec is StockModule {
  return 'stock' in spec;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The bytes of a module: those of the file with the recipe applied. */
export function applyRecipe(file: Uint8Array, recipe: Recipe): Uint8Array {
  const patched = Uint8Array.from(file);
  for (const [offset, hex] of recipe.patches ?? []) patched.set(Buffer.from(hex, 'hex'), offset);
  const cut = patched.subarray(0, recipe.truncate ?? patched.length);
  if (recipe.append === undefined) return cut;
  const tail = Buffer.from(recipe.append, 'hex');
  const whole = new Uint8Array(cut.length + tail.length);
  whole.set(cut);
  whole.set(tail, cut.length);
  return whole;
}

/** The bytes of a fixture module, read from the directory of built fixtures. */
export function readFixtureModule(fixturesDir: string, recipe: FixtureModule): Uint8Array {
  return applyRecipe(fixturesIn(fixturesDir)(recipe.fixture), recipe);
}

/** The file of a fixture, by its name. */
export type ReadFixture = (fixture: string) => Uint8Array;

/** The fixtures in a directory, as they were built. */
export function fixturesIn(fixturesDir: string): ReadFixture {
  return fixture => readFileSync(`${fixturesDir}/${fixture}.ko`);
}
