// Relocations as columns: those that were tried, in the order of apply_relocations(), then the rest of the file's.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { SHF_ALLOC, SHT_REL, SHT_RELA, STT_SECTION } from '../../formats/elf/constants';
import { Relocations } from '../../formats/elf/relocations';
import type { SymbolTable } from '../../formats/elf/symtab';
import { sectionBytes, sectionName } from '../../linux/kernel/module/loadInfo';
import type { Load } from '../../linux/kernel/module/types';
import type { LoadTrace } from '../../linux/trace/types';
import type { StepRelocations } from './types';

export function stepRelocations(load: Load, { relocations }: LoadTrace, symbols: SymbolTable): StepRelocations {
  const tables = relocationTables(load);
  const tried = relocations?.count ?? 0;
  const triedOf = new Map<number, number>();
  for (const section of relocations?.section ?? []) triedOf.set(section, (triedOf.get(section) ?? 0) + 1);
  const kept = [...tables].filter(([index]) => triedOf.has(index) || isKept(load, index));
  const left = kept.map(([index, table]) => Math.max(0, table.count - (triedOf.get(index) ?? 0)));
  const columns = new Columns(
    left.reduce((sum, count) => sum + count, tried),
    load,
  );
  for (let i = 0; i < tried; i++) {
    const section = relocations?.section[i] ?? 0;
    columns.add(section, tables.get(section), relocations?.entry[i] ?? 0);
  }
  for (const [section, table] of kept)
    for (let entry = triedOf.get(section) ?? 0; entry < table.count; entry++) columns.add(section, table, entry);
  const rows = columns.types.values.map(type => load.arch.relocationTypes.get(type));
  return {
    target: columns.target,
    offset: columns.offset,
    type: columns.type,
    typeNames: columns.types.values.map((type, i) => rows[i]?.name ?? `type ${type}`),
    typeWidths: rows.map(row => row?.bytes ?? 0),
    symbol: columns.symbol,
    symbolNames: columns.used.values.map(symbol => symbolName(load, symbols, symbol)),
    addend: columns.addend,
    tried,
    before: relocations?.before ?? new BigUint64Array(0),
    after: relocations?.after ?? new BigUint64Array(0),
  };
}

/** Whether the section that is relocated is one that memory is made for. */
function isKept({ info }: Load, index: number): boolean {
  const target = info.sechdrs[info.sechdrs[index]?.sh_info ?? 0];
  return ((target?.sh_flags ?? 0) & SHF_ALLOC) !== 0;
}

/** By section index. */
function relocationTables({ info, features }: Load): ReadonlyMap<number, Relocations> {
  const tables = new Map<number, Relocations>();
  for (const { index, sh_type } of info.sechdrs) {
    if (sh_type !== SHT_RELA && sh_type !== SHT_REL) continue;
    const bytes = sectionBytes(info, index);
    const { is64, littleEndian } = features;
    tables.set(index, new Relocations(bytes, is64, littleEndian, sh_type === SHT_RELA, info.ehdr.e_machine));
  }
  return tables;
}

class Columns {
  readonly target: Uint32Array;
  readonly offset: Float64Array;
  readonly type: Uint16Array;
  readonly symbol: Uint32Array;
  readonly addend: Float64Array;
  readonly types = new Interned<number>();
  readonly used = new Interned<number>();
  private length = 0;

  constructor(
    count: number,
    private readonly load: Load,
  ) {
    this.target = new Uint32Array(count);
    this.offset = new Float64Array(count);
    this.type = new Uint16Array(count);
    this.symbol = new Uint32Array(count);
    this.addend = new Float64Array(count);
  }

  add(section: number, table: Relocations | undefined, entry: number): void {
    const at = this.length++;
    if (!table) return;
    this.target[at] = this.load.info.sechdrs[section]?.sh_info ?? 0;
    this.offset[at] = table.offset(entry);
    this.type[at] = this.types.index(table.type(entry));
    this.symbol[at] = this.used.index(table.symbol(entry));
    this.addend[at] = table.addend(entry);
  }
}

/** Section symbols go by the name of their section. */
export function symbolName({ info }: Load, table: SymbolTable, index: number): string {
  const section = info.sechdrs[table.section(index)];
  const isSection = table.type(index) === STT_SECTION && section !== undefined;
  return decodeUtf8(isSection ? sectionName(info, section) : table.sharedName(index));
}

/** Numbers for values, in the order they come. */
class Interned<T> {
  readonly values: T[] = [];
  private readonly indices = new Map<T, number>();

  index(value: T): number {
    let index = this.indices.get(value);
    if (index === undefined) {
      index = this.values.length;
      this.indices.set(value, index);
      this.values.push(value);
    }
    return index;
  }
}
