// What an architecture starts with before its relocations and section preparation are simulated.
import type { Arch } from '../kernel/module/types';

/** Every hook "not simulated yet": loads end as unchecked, and what does not depend on relocations is still simulated. */
export const unsimulated = {
  frobArchSections: null,
  applyRelocate: null,
  applyRelocateAdd: null,
  relocationTypes: new Map(),
  code: null,
  customSet: null,
} satisfies Partial<Arch>;
