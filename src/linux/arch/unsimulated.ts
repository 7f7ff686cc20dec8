// What an architecture starts with before its relocations and section preparation are simulated.
import type { Arch } from '../kernel/module/types';
import { COMMON_PREFIXES, nothingToDo } from './arch';

/** Every hook "not simulated yet": loads end as unchecked, and what does not depend on relocations is still simulated. */
export const unsimulated = {
  elfCheckArch: null,
  moduleElfCheckArch: null,
  frobArchSections: null,
  moduleFinalize: nothingToDo,
  patchTables: [],
  extable: null,
  codeMarks: null,
  sectionPrefixes: COMMON_PREFIXES,
  applyRelocate: null,
  applyRelocateAdd: null,
  relocationTypes: new Map(),
  foreignGot: new Map(),
  code: null,
  customSet: null,
} satisfies Partial<Arch>;
