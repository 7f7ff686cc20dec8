// The recorded kernels and their fixture modules, for tests that need the real thing.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KernelFacts } from '../../src/target/types';
import { readSnapshot } from '../../src/host/node/targets';
import { TARGET_FILE } from '../kernel/lib/engine';
import { KoFile } from '../kernel/lib/koFile';
import { fixturesDir, recordedDir } from '../kernel/lib/paths';
import { applyRecipe, type Patch } from '../kernel/lib/recipe';

/** The kernels every test here can rely on, oldest first. */
export const GENERATIONS = ['5.10', '6.1', '6.12', '7.2'] as const;
export type Generation = (typeof GENERATIONS)[number];

const RELEASES: Record<Generation, string> = {
  '5.10': '5.10.0-46-amd64',
  '6.1': '6.1.0-50-amd64',
  '6.12': '6.12.107+deb13-amd64',
  '7.2': '7.2.12+deb14-amd64',
};

export const releaseOf = (generation: Generation): string => RELEASES[generation];

/** Path of a kernel's snapshot, as `--kernel` takes it. */
export const snapshotOf = (generation: Generation): string => path.join(recordedDir(RELEASES[generation]), TARGET_FILE);

const facts = new Map<Generation, KernelFacts>();

/** Facts of a recorded kernel; read once. */
export function factsOf(generation: Generation): KernelFacts {
  let known = facts.get(generation);
  if (!known) facts.set(generation, (known = readSnapshot(snapshotOf(generation))));
  return known;
}

/** The same kernel configured otherwise; null takes an option away. */
export function configured(
  generation: Generation,
  config: Readonly<Record<string, string | null>>,
  other: Partial<KernelFacts> = {},
): KernelFacts {
  const base = factsOf(generation);
  const changed = { ...base.config };
  for (const [option, value] of Object.entries(config)) {
    if (value === null) delete changed[option];
    else changed[option] = value;
  }
  return { ...base, ...other, config: changed };
}

export const fixturePath = (generation: Generation, name: string): string =>
  path.join(fixturesDir(RELEASES[generation]), `${name}.ko`);

const fixtures = new Map<string, KoFile>();

/** A fixture module as built for a recorded kernel; read once, never to be written to. */
export function fixture(generation: Generation, name: string): KoFile {
  const file = fixturePath(generation, name);
  let known = fixtures.get(file);
  // Not a Buffer: its slice() would be the same memory.
  if (!known) fixtures.set(file, (known = new KoFile(name, new Uint8Array(readFileSync(file)))));
  return known;
}

/** A module file as System.insmod takes it, changed by patches. */
export function moduleFile(ko: KoFile, patches: readonly Patch[] = []): { path: string; bytes: Uint8Array } {
  return { path: `${ko.fixture}.ko`, bytes: applyRecipe(ko.bytes, ko.module(patches)) };
}
