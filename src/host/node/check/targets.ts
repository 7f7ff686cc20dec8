// The kernels of a check, and where their own modules are.
import path from 'node:path';
import type { KernelFacts } from '../../../target/types';
import { isThere } from '../files';
import { placesOf } from '../targets';
import { readTargetCached } from '../targets';
import type { TargetChoice } from './job';

export interface OpenTargets {
  readonly facts: readonly KernelFacts[];
  /** By target: the directory of the kernel's own modules; null where none is known. */
  readonly modules: readonly (string | null)[];
}

/** Throws InputError. */
export async function openTargets(choices: readonly TargetChoice[]): Promise<OpenTargets> {
  const facts: KernelFacts[] = [];
  for (const { path: target, modules } of choices)
    facts.push(await readTargetCached(target, modules === undefined ? {} : { modules }));
  return { facts, modules: choices.map(modulesOf) };
}

function modulesOf({ path: target, modules }: TargetChoice): string | null {
  const directory = placesOf(target, modules === undefined ? {} : { modules })?.modules ?? null;
  return directory !== null && isThere(path.join(directory, 'kernel')) ? directory : null;
}
