// The symbols of each section in the order of their offsets, as columns.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { SHT_REL, SHT_RELA, STT_FILE, STT_SECTION } from '../../formats/elf/constants';
import { structSizes } from '../../formats/elf/header';
import { SymbolTable } from '../../formats/elf/symtab';
import type { Load, LoadedSection } from '../../linux/kernel/module/types';
import { MOST_SHOWN } from './stepsModel';
import type { LayoutSymbols } from './types';

/** Collects the symbols of sections as they are asked for. */
export class SymbolsBySection {
  private readonly table: SymbolTable;
  /** Indices of symbols by section, in the order of offsets. */
  private readonly bySection = new Map<number, number[]>();
  private readonly chosen: number[] = [];
  private readonly paddings: number[] = [];
  private readonly aligns: number[] = [];

  constructor({ info, features }: Load) {
    const symtab = info.sechdrs[info.index.sym];
    const start = symtab?.sh_offset ?? 0;
    const bytes = info.bytes.subarray(start, info.index.sym === 0 ? start : start + (symtab?.sh_size ?? 0));
    this.table = new SymbolTable(bytes, info.bytes.subarray(info.strtab), features.is64, features.littleEndian);
    for (let i = 1; i < Math.min(this.table.count, MOST_SHOWN); i++) {
      const type = this.table.type(i);
      const section = this.table.section(i);
      if (section === 0 || section >= info.sechdrs.length || type === STT_SECTION || type === STT_FILE) continue;
      const list = this.bySection.get(section);
      if (list) list.push(i);
      else this.bySection.set(section, [i]);
    }
  }

  /** Where the symbols of a section are in the columns. */
  add(section: LoadedSection): [from: number, to: number] {
    const { table } = this;
    const from = this.chosen.length;
    const list = this.bySection.get(section.index) ?? [];
    list.sort((a, b) => table.value(a) - table.value(b) || table.bytes(b) - table.bytes(a) || a - b);
    let free = 0;
    for (const symbol of list) {
      const value = table.value(symbol);
      this.chosen.push(symbol);
      this.paddings.push(Math.max(0, value - free));
      this.aligns.push(alignmentOf(value, section.sh_addralign));
      free = Math.max(free, value + table.bytes(symbol));
    }
    return [from, this.chosen.length];
  }

  columns(): LayoutSymbols {
    const { table, chosen } = this;
    return {
      names: chosen.map(symbol => decodeUtf8(table.sharedName(symbol))),
      offset: Float64Array.from(chosen, symbol => table.value(symbol)),
      size: Float64Array.from(chosen, symbol => table.bytes(symbol)),
      paddingBefore: Float64Array.from(this.paddings),
      st_info: Uint8Array.from(chosen, symbol => (table.bind(symbol) << 4) | table.type(symbol)),
      align: Uint32Array.from(this.aligns),
    };
  }
}

/** The largest power of two that divides both the offset and the section's alignment. */
function alignmentOf(offset: number, sectionAlign: number): number {
  let align = 1;
  while (align < sectionAlign && offset % (2 * align) === 0) align *= 2;
  return align;
}

/** How many relocations the file has for each section, by section index. */
export function relocationCounts({ info, features }: Load): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const { rel, rela } = structSizes(features.is64);
  for (const { sh_type, sh_info, sh_size } of info.sechdrs) {
    if (sh_type !== SHT_RELA && sh_type !== SHT_REL) continue;
    counts.set(sh_info, (counts.get(sh_info) ?? 0) + Math.floor(sh_size / (sh_type === SHT_RELA ? rela : rel)));
  }
  return counts;
}
