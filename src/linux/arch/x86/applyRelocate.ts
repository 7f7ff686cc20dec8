// apply_relocate() of 32-bit x86 (arch/x86/kernel/module.c): addends stand in the fields, and nothing is checked.
import { err } from '../../../findings/types';
import { applyEach } from '../applyEach';
import type { RelocationType } from '../arch';
import { rowsByType } from '../rows';

interface Row extends RelocationType {
  readonly type: number;
  readonly pcRelative: boolean;
}

export const RELOCATIONS: readonly Row[] = [
  { type: 1, name: 'R_386_32', bytes: 4, pcRelative: false },
  { type: 2, name: 'R_386_PC32', bytes: 4, pcRelative: true },
  { type: 4, name: 'R_386_PLT32', bytes: 4, pcRelative: true },
];

export const applyRelocate = applyEach<Row>({
  rela: false,
  rows: rowsByType(RELOCATIONS),
  apply: (entry, { pcRelative }) => {
    const { view, at } = entry;
    const place = pcRelative ? entry.placeLow : 0;
    view.setUint32(at, (view.getUint32(at, true) + entry.low - place) >>> 0, true);
    return 0;
  },
  unknown: entry => {
    const { mod, features } = entry.load;
    // Up to 3.4 each line says that it is about a module.
    const prefix = features.rows.has('x86ModulePrefix') ? 'module: ' : 'module ';
    return entry.refuse('unknown', [err(`${prefix}${mod.name}: Unknown relocation: ${entry.type}`)]);
  },
});
