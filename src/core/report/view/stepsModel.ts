// A walk through load_module() as columns: stages, section headers, symbol values, relocations.
import { decodeUtf8 } from '../../bytes/strings';
import { SHN_UNDEF, SHT_REL, STT_SECTION } from '../../elf/constants';
import { Relocations } from '../../elf/relocations';
import { SymbolTable } from '../../elf/symtab';
import { x86_64 } from '../../load/arch/x86_64';
import { sectionBytes, sectionName } from '../../load/loadInfo';
import type { Load } from '../../load/types';
import type { LoadTrace } from '../../trace/types';
import type { LoadResult } from '../types';
import type { StepRelocations, StepsModel, StepSymbols } from './types';

export function stepsModel(load: Load, trace: LoadTrace, result: LoadResult): StepsModel {
  const table = symbolTable(load);
  return {
    release: result.kernel.release,
    verdict: result.verdict,
    errno: result.errno,
    errnoName: result.errnoName,
    insmod: result.insmod,
    stages: trace.stages,
    sectionNames: trace.sectionNames.map(decodeUtf8),
    headers: trace.headers,
    log: result.log,
    findings: result.findings.map(({ code, severity, message, explanation }) => ({
      code,
      severity,
      message,
      explanation,
    })),
    symbols: stepSymbols(load, trace, table),
    relocations: stepRelocations(load, trace, table),
  };
}

function symbolTable({ info, features }: Load): SymbolTable {
  const bytes = sectionBytes(info, info.index.sym);
  return new SymbolTable(bytes, info.bytes.subarray(info.strtab), features.is64, features.littleEndian);
}

/** Section symbols go by the name of their section. */
function symbolName({ info }: Load, table: SymbolTable, index: number): string {
  const section = info.sechdrs[table.section(index)];
  const isSection = table.type(index) === STT_SECTION && section !== undefined;
  return decodeUtf8(isSection ? sectionName(info, section) : table.name(index));
}

function stepSymbols(load: Load, { symbols }: LoadTrace, table: SymbolTable): StepSymbols | null {
  if (!symbols) return null;
  const count = symbols.after.length;
  const outcomes = new Map(load.symbols.map(({ name, status }) => [name, status]));
  const statuses = ['', ...new Set<string>(outcomes.values())];
  const names: string[] = [];
  const st_shndx = new Uint16Array(count);
  const status = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    names.push(symbolName(load, table, i));
    st_shndx[i] = table.section(i);
    if (st_shndx[i] === SHN_UNDEF && i > 0) status[i] = statuses.indexOf(outcomes.get(table.name(i)) ?? '');
  }
  return { names, st_shndx, ...symbols, status, statuses };
}

/** Columns grow with what was tried: an entry that refused the load is the last. */
function stepRelocations(load: Load, trace: LoadTrace, table: SymbolTable): StepRelocations | null {
  const { relocations } = trace;
  if (!relocations) return null;
  const { count, section, entry, before, after } = relocations;
  const tables = new Map<number, Relocations>();
  const tableOf = (index: number): Relocations => {
    let found = tables.get(index);
    if (!found) tables.set(index, (found = relocationTable(load, index)));
    return found;
  };
  const types = new Interned<number>();
  const used = new Interned<number>();
  const columns = {
    target: new Uint32Array(count),
    offset: new Float64Array(count),
    type: new Uint8Array(count),
    symbol: new Uint32Array(count),
    addend: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const from = tableOf(section[i] ?? 0);
    const at = entry[i] ?? 0;
    columns.target[i] = load.info.sechdrs[section[i] ?? 0]?.sh_info ?? 0;
    columns.offset[i] = from.offset(at);
    columns.type[i] = types.index(from.type(at));
    columns.symbol[i] = used.index(from.symbol(at));
    columns.addend[i] = from.addend(at);
  }
  const rows = types.values.map(type => x86_64.find(row => row.type === type));
  return {
    ...columns,
    typeNames: types.values.map((type, i) => rows[i]?.name ?? `type ${type}`),
    typeWidths: rows.map(row => row?.bytes ?? 0),
    symbolNames: used.values.map(symbol => symbolName(load, table, symbol)),
    before,
    after,
  };
}

function relocationTable({ info, features }: Load, index: number): Relocations {
  const hasAddend = info.sechdrs[index]?.sh_type !== SHT_REL;
  return new Relocations(sectionBytes(info, index), features.is64, features.littleEndian, hasAddend);
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
