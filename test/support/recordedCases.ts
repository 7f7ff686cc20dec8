// Everything a recorded kernel was asked to load, with what it printed and what the engine says of it.
import { System, type LoadResult } from '../../src/index';
import { casesFile } from '../kernel/lib/paths';
import { applyRecipe, isStock } from '../kernel/lib/recipe';
import { readRecording, type LogLine, type RecordedStep } from '../kernel/lib/recording';
import { factsOf, fixture, releaseOf, type Generation } from './recorded';

export interface Answered {
  readonly id: string;
  readonly boot: string;
  readonly cmdline: string;
  readonly step: RecordedStep & { readonly op: 'insmod' };
  /** What the real kernel printed. */
  readonly log: readonly LogLine[];
  readonly result: LoadResult;
}

/** In the order recorded. What needs the distribution's own modules is left out, and what may follow from it. */
export function* recordedCases(generation: Generation): Generator<Answered> {
  for (const { boot, cmdline, cases } of readRecording(casesFile(releaseOf(generation)))) {
    const system = new System(factsOf(generation), { cmdline });
    for (const { id, steps } of cases) {
      if (steps.some(step => step.op === 'insmod' && isStock(step.module))) continue;
      for (const step of steps) {
        if (step.op === 'rmmod') system.rmmod(step.name, { flags: step.flags });
        else yield { id, boot, cmdline, step, log: step.log ?? [], result: insmod(system, generation, step) };
      }
    }
  }
}

function insmod(system: System, generation: Generation, step: Answered['step']): LoadResult {
  const { module, args = '', flags = 0, syscall = 'finit_module', initResult = 0 } = step;
  if (isStock(module)) throw new Error('the modules of distributions are not asked for');
  const bytes = applyRecipe(fixture(generation, module.fixture).bytes, module);
  return system.insmod({ path: `${module.fixture}.ko`, bytes }, args, { flags, syscall, initResult });
}
