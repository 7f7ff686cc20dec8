// What a module will export, read through the relocations of its tables, as the kernel sees them once they are applied.
import { cString, stringEnd } from '../../formats/bytes/strings';
import { SHT_NOBITS, SHT_RELA } from '../../formats/elf/constants';
import type { Features } from '../../linux/generations';
import type { KnownSection } from './sectionKinds';
import { RELA, type Sections } from './sections';
import { textAt } from './texts';

/** One table that a kernel reads exports from, with the CRCs beside it. */
interface Table {
  readonly ksymtab: KnownSection;
  readonly kcrctab: KnownSection;
}

const PLAIN: Table = { ksymtab: '__ksymtab', kcrctab: '__kcrctab' };
const GPL: Table = { ksymtab: '__ksymtab_gpl', kcrctab: '__kcrctab_gpl' };

/** sizeof(struct kernel_symbol) with relative references: value, name, namespace. */
const ENTRY = 12;
const R_X86_64_PC32 = 2;

/** `name` is where the name begins in the file, `end` where it ends. `crc` is null where the kernel reads none. */
export type ExportVisitor = (name: number, end: number, crc: number | null, namespace: string | null) => void;

/**
 * Visits the exports in the order of the tables. False when a table is not sorted, or in any way other than modpost
 * writes it: who looks symbols up in it may find something else.
 */
export function eachExport(sections: Sections, features: Features, visit: ExportVisitor): boolean {
  const tables = features.exportFlags ? [PLAIN] : [PLAIN, GPL];
  if (features.exportFlags && (sections.find('__ksymtab_gpl') !== 0 || sections.find('__kcrctab_gpl') !== 0))
    return false;
  for (const table of tables) {
    const section = sections.find(table.ksymtab);
    const count = Math.floor((sections.size[section] ?? 0) / ENTRY);
    if (section === 0 || count === 0) continue;
    if (features.exportFlags && sections.sizeOf('__kflagstab') < count) return false;
    if (features.modversions && sections.sizeOf(table.kcrctab) < 4 * count) return false;
    if (!readTable(sections, section, count, features.modversions ? sections.find(table.kcrctab) : 0, visit))
      return false;
  }
  return true;
}

function readTable(sections: Sections, section: number, count: number, kcrctab: number, visit: ExportVisitor): boolean {
  const { view, file } = sections;
  const relocations = findRelocations(sections, section);
  if (relocations === 0 || (kcrctab !== 0 && sections.type[kcrctab] === SHT_NOBITS)) return false;
  const names = new Int32Array(count);
  const namespaces = new Int32Array(count);
  const first = sections.offset[relocations] ?? 0;
  const end = first + (sections.size[relocations] ?? 0) - RELA;
  for (let at = first; at <= end; at += RELA) {
    const offset = view.getUint32(at, true);
    const entry = Math.floor(offset / ENTRY);
    const field = offset % ENTRY;
    if (view.getUint32(at + 4, true) !== 0 || entry >= count || view.getUint32(at + 8, true) !== R_X86_64_PC32)
      return false;
    if (field === 0) continue;
    const text = textAt(sections, view.getUint32(at + 12, true), view.getInt32(at + 16, true));
    if (text === 0 || (field !== 4 && field !== 8)) return false;
    (field === 4 ? names : namespaces)[entry] = text;
  }
  let previous = 0;
  for (let entry = 0; entry < count; entry++) {
    const name = names[entry] ?? 0;
    if (name === 0 || (previous !== 0 && !comesBefore(file, previous, name))) return false;
    previous = name;
    const crc = kcrctab === 0 ? null : view.getUint32((sections.offset[kcrctab] ?? 0) + 4 * entry, true);
    const namespace = namespaces[entry] ?? 0;
    visit(name, stringEnd(file, name), crc, namespace === 0 ? null : cString(file, namespace) || null);
  }
  return true;
}

function findRelocations(sections: Sections, target: number): number {
  for (let section = 1; section < sections.count; section++)
    if (sections.type[section] === SHT_RELA && sections.info[section] === target) return section;
  return 0;
}

/** Whether the text at `a` sorts before the one at `b` (strcmp of unsigned bytes). */
function comesBefore(file: Uint8Array, a: number, b: number): boolean {
  for (; ; a++, b++) {
    const left = file[a] ?? 0;
    const right = file[b] ?? 0;
    if (left !== right) return left < right;
    if (left === 0) return false;
  }
}
