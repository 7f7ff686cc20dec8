// What each stage checked and with what values, told from the state it left. Decides nothing: verdicts are the stages'.
import type { Load, Stage } from '../load/types';
import type { Check } from './types';

type Narrator = (load: Load) => Check[];

/** By the stage's name; a stage without an entry has nothing to show but its outcome. */
const NARRATORS: Readonly<Record<string, Narrator>> = {};

export function checksOf(load: Load, stage: Stage): Check[] {
  return NARRATORS[stage.name]?.(load) ?? [];
}
