// The kernels and machines of a request.
import nodePath from 'node:path';
import { InputError, openTarget, System, type KernelFacts } from '../../index';
import type { AnalyseRequest, TargetChoice } from '../../protocol/analysis';
import { readModule } from './decompress';
import type { ObjectFile } from '../../formats/ko/objectFile';
import { builtNear } from './needs/builtNear';
import { NeedsLoader, NO_NEEDS, type Needs } from './needs/loadNeeds';
import type { TargetPlaces } from '../../target/build/places';
import { placesOf } from './targets';

/** As openTarget(), which see for what it throws. */
export function openChoice({ path, modules }: TargetChoice): Promise<KernelFacts> {
  return openTarget(path, modules ? { modules } : {});
}

/** Where the modules of a target are; null when it has none or they were not found. */
export function modulesDirectory({ path, modules }: TargetChoice): string | null {
  return modules ?? placesIfThere({ path })?.modules ?? null;
}

/** Its Module.symvers; null for a target without such a file. */
export function symversOf(target: TargetChoice): string | null {
  const places = placesIfThere(target);
  return places?.build ? nodePath.join(places.build, 'Module.symvers') : null;
}

function placesIfThere({ path, modules }: TargetChoice): TargetPlaces | null {
  try {
    return placesOf(path, modules ? { modules } : {});
  } catch (error) {
    // What is wrong with the target is told when it is opened.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** A machine for a request, with what its module needs. */
export interface Prepared extends Needs {
  readonly system: System;
}

const needs = new NeedsLoader();

/** A machine that has loaded the modules of the request, and what the module it is about needs. */
export async function prepareFor(
  request: AnalyseRequest,
  target: TargetChoice,
  object: ObjectFile | null,
): Promise<Prepared> {
  const facts = await openChoice(target);
  const system = await bootFor(request, facts);
  if (!object) return { system, ...NO_NEEDS };
  const { path, cmdline, loaded } = request;
  const known = request.known ?? builtNear(path);
  const modules = modulesDirectory(target);
  // Those loaded by hand are there already; of several copies of a module they are the one that counts.
  const built = [...loaded, ...known];
  return { system, ...(await needs.load(system, { path, object, facts, modules, cmdline, known: built })) };
}

/** Loads onto a machine what a module needs, from beside it and from the modules directory of the kernel. */
export function loadNeedsOf(
  system: System,
  module: { readonly path: string; readonly object: ObjectFile },
  kernel: { readonly facts: KernelFacts; readonly modules: string | null; readonly cmdline: string },
): Promise<Needs> {
  return needs.load(system, { ...module, ...kernel, known: builtNear(module.path) });
}

/** A machine that has booted a kernel and loaded the modules of the request that are not what it is about. */
export async function bootFor(request: AnalyseRequest, facts: KernelFacts): Promise<System> {
  const system = new System(facts, { cmdline: request.cmdline });
  for (const path of request.loaded) {
    try {
      const { bytes } = await readModule(path);
      system.insmod({ path, bytes });
    } catch (error) {
      // A module that cannot be read is not loaded: the symbols it would provide then show as missing.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return system;
}
