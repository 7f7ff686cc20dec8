// apply_relocate() of 32-bit x86 (arch/x86/kernel/module.c): addends stand in the fields, and nothing is checked.
import { err } from '../../../findings/types';
import { applyEach } from '../applyEach';
import type { RelocationType } from '../arch';
import type { Errno } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';

interface Row extends RelocationType {
  readonly type: number;
  readonly pcRelative: boolean;
}

/** Known since 5.12; compilers write it for position-independent code, and Clang since 12 for every call. */
const R_386_PLT32 = 4;

export const RELOCATIONS: readonly Row[] = [
  { type: 1, name: 'R_386_32', bytes: 4, pcRelative: false },
  { type: 2, name: 'R_386_PC32', bytes: 4, pcRelative: true },
  { type: R_386_PLT32, name: 'R_386_PLT32', bytes: 4, pcRelative: true },
];

export const applyRelocate = applyEach<Row>({
  rela: false,
  rows: rowsByType(RELOCATIONS),
  check: entry => (entry.type === R_386_PLT32 && !entry.load.features.rows.has('plt32I386') ? unknownType(entry) : 0),
  apply: (entry, { pcRelative }) => {
    const { view, at } = entry;
    const place = pcRelative ? entry.placeLow : 0;
    view.setUint32(at, (view.getUint32(at, true) + entry.low - place) >>> 0, true);
    return 0;
  },
  unknown: unknownType,
});

function unknownType(entry: Relocation): Errno {
  const { mod, features } = entry.load;
  // Up to 3.4 each line says that it is about a module.
  const prefix = features.rows.has('x86ModulePrefix') ? 'module: ' : 'module ';
  return entry.refuse('unknown', [err(`${prefix}${mod.name}: Unknown relocation: ${entry.type}`)]);
}
