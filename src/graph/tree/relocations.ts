// Whether every relocation would be applied without an objection, whatever addresses the module gets.
import { SHF_ALLOC, SHN_ABS, SHN_UNDEF, SHT_NOBITS, SHT_RELA } from '../../formats/elf/constants';
import type { KernelFacts } from '../../target/types';
import { nameField } from '../../linux/kernel/module/thisModule';
import type { ScreenedKernel } from './screenedKernel';
import { RELA, SYM, type Sections } from './sections';

const R_X86_64_NONE = 0;
const R_X86_64_64 = 1;
const R_X86_64_PC32 = 2;
const R_X86_64_PLT32 = 4;
const R_X86_64_32S = 11;
const R_X86_64_PC64 = 24;
/** Modules and kernel lie in the top 2 GiB, and so does what is this far from their symbols. */
const NEAR = 1 << 24;

/** What was relocated already, and what stays in the temporary copy of the file: far from everything else. */
const RELOCATED = 1;
const LEFT_BEHIND = 2;

/** Sections that rewrite_section_headers() keeps out of module memory. */
const KEPT_OUT = ['.modinfo', '__versions', '__version_ext_crcs', '__version_ext_names'] as const;

/** Relocation sections as columns would be too many to keep: `marks` has room for a byte for every section. */
export function relocationsHold(sections: Sections, { facts, features }: ScreenedKernel, marks: Uint8Array): boolean {
  const thisModule = sections.find('.gnu.linkonce.this_module');
  for (let i = 0; i < sections.count; i++) marks[i] = (sections.flags[i] ?? 0) & SHF_ALLOC ? 0 : LEFT_BEHIND;
  for (const name of KEPT_OUT) marks[sections.find(name)] = LEFT_BEHIND;
  for (let section = 1; section < sections.count; section++) {
    if (sections.type[section] !== SHT_RELA) continue;
    const target = sections.info[section] ?? 0;
    if (target === 0 || target >= sections.count) return false;
    // These two get memory, and with it relocations, whatever their flags.
    if (target === sections.symtab || target === sections.strtab) return false;
    if (!((sections.flags[target] ?? 0) & SHF_ALLOC)) continue;
    // Per-cpu data is relocated by some kernels only.
    if (target === sections.find('.data..percpu') && !features.percpuRelocations) continue;
    if (marks[target] === RELOCATED || sections.type[target] === SHT_NOBITS) return false;
    if (marks[target] === 0) marks[target] = RELOCATED;
    if (!sectionHolds(sections, section, target, marks)) return false;
    if (target === thisModule && !fillsInFunctions(sections, section, facts.structModule)) return false;
  }
  return true;
}

function sectionHolds(sections: Sections, section: number, target: number, marks: Uint8Array): boolean {
  const { view, symtab } = sections;
  const symbols = sections.offset[symtab] ?? 0;
  const count = Math.floor((sections.size[symtab] ?? 0) / SYM);
  const start = sections.offset[target] ?? 0;
  const size = sections.size[target] ?? 0;
  const first = sections.offset[section] ?? 0;
  const end = first + (sections.size[section] ?? 0) - RELA;
  // In rising order no field is written twice; a field that is not zero any more would be refused.
  let free = 0;
  for (let at = first; at <= end; at += RELA) {
    const type = view.getUint32(at + 8, true);
    const symbol = view.getUint32(at + 12, true);
    // The loader reads the symbol of any relocation, even of one that does nothing.
    if (symbol >= count) return false;
    if (type === R_X86_64_NONE) continue;
    const bytes = type === R_X86_64_64 || type === R_X86_64_PC64 ? 8 : 4;
    const offset = view.getUint32(at, true);
    if (view.getUint32(at + 4, true) !== 0 || offset < free || offset + bytes > size) return false;
    free = offset + bytes;
    if (view.getUint32(start + offset, true) !== 0) return false;
    if (bytes === 8 && view.getUint32(start + offset + 4, true) !== 0) return false;
    if (type === R_X86_64_32S) {
      const st_shndx = view.getUint16(symbols + symbol * SYM + 6, true);
      const addend = view.getInt32(at + 16, true);
      const high = view.getInt32(at + 20, true);
      if (st_shndx === SHN_ABS || addend >= NEAR || addend <= -NEAR || high !== addend >> 31) return false;
      if (st_shndx !== SHN_UNDEF && marks[st_shndx] === LEFT_BEHIND) return false;
      // A weak symbol that nobody exports keeps the value it has in the file.
      if (!isNear(view, symbols + symbol * SYM)) return false;
    } else if (bytes === 4 && type !== R_X86_64_PC32 && type !== R_X86_64_PLT32) return false;
  }
  return true;
}

/** Other fields of struct module than these two are in use by then, and what is not empty any more would be refused. */
function fillsInFunctions(sections: Sections, section: number, known: KernelFacts['structModule']): boolean {
  const { view } = sections;
  const [init, exit] = [known?.init ?? null, known?.exit ?? null];
  const { offset: name, size: room } = nameField(true);
  const first = sections.offset[section] ?? 0;
  const end = first + (sections.size[section] ?? 0) - RELA;
  for (let at = first; at <= end; at += RELA) {
    const offset = view.getUint32(at, true);
    if (init !== null && exit !== null ? offset !== init && offset !== exit : offset < name + room) return false;
  }
  return true;
}

/** st_value of a symbol in a section. */
function isNear(view: DataView, symbol: number): boolean {
  return view.getUint32(symbol + 12, true) === 0 && view.getUint32(symbol + 8, true) < 2 * NEAR;
}
