// Where inputs are kept: small ones of ours in the repository, what a search came upon in the build directory.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../kernel/lib/paths';
import { applyRecipe, type FixtureModule } from '../../kernel/lib/recipe';
import { fixture, type Generation } from '../../support/recorded';
import type { Input } from './types';

/** The corpus of the repository: a folder for each target. */
export const corpusDir = (target: string): string => path.join(repositoryRoot(), 'test', 'fuzz', 'corpus', target);

/** What searches on this machine kept. */
export const keptDir = (target: string): string => path.join(repositoryRoot(), '.build', 'fuzz', 'kept', target);

/** Inputs that failed. */
export const failuresDir = (): string => path.join(repositoryRoot(), '.build', 'fuzz', 'failures');

/** A fixture of a recorded kernel, changed: how modules are kept in the corpus. */
export interface StoredRecipe extends FixtureModule {
  readonly generation: Generation;
}

/** The inputs of a folder in the order of their names; none when it is not there. */
export function inputsIn(directory: string): Input[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .map(name => readInput(path.join(directory, name)));
}

/** A file as it is, or what the recipe in it makes. */
export function readInput(file: string): Input {
  const bytes = readFileSync(file);
  if (!file.endsWith('.recipe.json')) return new Uint8Array(bytes);
  const recipe = JSON.parse(bytes.toString('utf8')) as StoredRecipe;
  return applyRecipe(fixture(recipe.generation, recipe.fixture).bytes, recipe);
}

/** Writes an input under the name its contents give it, and returns the path. */
export function saveInput(directory: string, input: Input, prefix = ''): string {
  mkdirSync(directory, { recursive: true });
  const digest = createHash('sha1').update(input).digest('hex').slice(0, 12);
  const file = path.join(directory, prefix + digest);
  writeFileSync(file, input);
  return file;
}

/** What the code that is fuzzed consists of, as scripts/fuzz.mjs found out while it bundled it. */
export interface Instrumented {
  readonly branches: number;
  readonly words: readonly string[];
  readonly numbers: readonly number[];
}

/** Written beside the bundle that runs. */
export function readInstrumented(): Instrumented {
  return JSON.parse(readFileSync(path.join(__dirname, 'instrumented.json'), 'utf8')) as Instrumented;
}
