// All modules of a tree held against each other: who needs whom, and for which of them the loader has to be asked.
import { SymbolNames, type SymbolId } from '../../formats/ko/symbolNames';
import { NO_CRC } from '../types';
import { Lists } from '../../formats/ko/lists';
import type { Features } from '../../linux/generations';
import { mustImport } from '../../linux/kernel/module/namespace';
import { percpuFits } from '../../linux/kernel/module/moduleSections';
import { isSameVersion } from '../../linux/kernel/module/version';
import type { ModuleNumber, ModuleRow, ScreenedColumns } from './columns';
import { findCycles } from './cycles';

export interface TreeLinks {
  /** By number; a module that could not be read is missing. */
  readonly rows: readonly (ModuleRow | undefined)[];
  /** By number: modules of the tree that it uses, each once. */
  readonly needs: Lists;
  /** By number: 1 where the loader need not be asked, because it would take module and all it needs without a word. */
  readonly passes: Uint8Array;
  /** By number: names of symbols that neither vmlinux nor the tree exports, weak ones left out. */
  readonly missing: ReadonlyMap<ModuleNumber, readonly string[]>;
  /** By number: what could not be checked of modules that pass. */
  readonly notChecked: ReadonlyMap<ModuleNumber, readonly string[]>;
  /** Modules of the same name as one that comes before them: that one is loaded in their place. */
  readonly shadowed: ReadonlyMap<ModuleNumber, ModuleNumber>;
  /** Modules that need each other. */
  readonly cycles: readonly (readonly ModuleNumber[])[];
}

/** One export of the tree. */
interface Provider {
  readonly module: ModuleNumber;
  /** Of the module. */
  readonly name: string;
  readonly crc: number;
  readonly namespace: string | null;
}

/** Links the modules that threads have looked at; `count` is one more than the highest number. */
export function linkTree(parts: readonly ScreenedColumns[], count: number, features: Features): TreeLinks {
  const rows: (ModuleRow | undefined)[] = Array.from({ length: count });
  for (const part of parts) for (const row of part.rows) rows[row.module] = row;
  const passes = Uint8Array.from(rows, row => (row?.passes ? 1 : 0));
  const shadowed = shadowedOf(rows);
  const names = new SymbolNames();
  const ids = parts.map(({ symbols }) => internAll(symbols, names));
  const providers: (Provider | undefined)[] = [];
  for (const [p, part] of parts.entries()) addProviders(part, ids[p] ?? [], rows, providers, shadowed, passes);
  const notChecked = new Map(
    parts.flatMap(part => part.rows.map(row => [row.module, row.notChecked.map(i => part.reasons[i] ?? '')] as const)),
  );
  const missing = new Map<ModuleNumber, string[]>();
  const used: ModuleNumber[][] = rows.map(() => []);
  for (const [p, { imports }] of parts.entries()) {
    for (let i = 0; i < imports.modules.length; i++) {
      const module = imports.modules[i] ?? 0;
      const symbol = ids[p]?.[imports.names[i] ?? 0] ?? 0;
      // While a module is being loaded, its own exports do not count.
      const provider = providers[symbol]?.module === module ? undefined : providers[symbol];
      if (!provider) {
        if (imports.marks[i] === 1) continue;
        passes[module] = 0;
        const others = missing.get(module);
        if (others) others.push(names.name(symbol));
        else missing.set(module, [names.name(symbol)]);
        continue;
      }
      const list = used[module];
      if (list && !list.includes(provider.module)) list.push(provider.module);
      if (!binds(features, rows[module], provider, imports.crcs[i] ?? NO_CRC)) passes[module] = 0;
    }
  }
  const needs = listsOf(used);
  const cycles = findCycles(needs, count);
  for (const module of cycles.flat()) passes[module] = 0;
  refusePercpu(rows, needs, passes);
  spread(needs, passes, count);
  return { rows, needs, passes, missing, notChecked, shadowed, cycles };
}

/** The modules that have to be loaded before `module`, in an order in which they can be. */
export function dependenciesOf(needs: Lists, module: ModuleNumber): ModuleNumber[] {
  const order: ModuleNumber[] = [];
  const seen = new Set<ModuleNumber>();
  const visit = (current: ModuleNumber): void => {
    if (seen.has(current)) return;
    seen.add(current);
    for (const needed of needs.of(current)) visit(needed);
    order.push(current);
  };
  visit(module);
  return order.slice(0, -1);
}

/** The version and the namespace of a symbol of another module, as resolve_symbol() asks. */
function binds(features: Features, row: ModuleRow | undefined, provider: Provider, wanted: number): boolean {
  // A module of the same name can not be loaded beside it.
  if (!row || row.name === provider.name) return false;
  if (features.modversions && provider.crc !== NO_CRC && !isSameVersion(wanted, provider.crc)) return false;
  return !mustImport(features, provider.namespace, row.name) || row.namespaces.includes(provider.namespace);
}

function shadowedOf(rows: readonly (ModuleRow | undefined)[]): Map<ModuleNumber, ModuleNumber> {
  const first = new Map<string, ModuleNumber>();
  const shadowed = new Map<ModuleNumber, ModuleNumber>();
  for (const row of rows) {
    if (!row) continue;
    const earlier = first.get(row.name);
    if (earlier === undefined) first.set(row.name, row.module);
    else shadowed.set(row.module, earlier);
  }
  return shadowed;
}

function internAll({ text, ends }: ScreenedColumns['symbols'], names: SymbolNames): SymbolId[] {
  const ids: SymbolId[] = [];
  let start = 0;
  for (const end of ends) {
    ids.push(names.add(text, start, end));
    start = end;
  }
  return ids;
}

/** The first exporter counts. Two that may be loaded together are for the loader to judge. */
function addProviders(
  { exports, namespaces }: ScreenedColumns,
  ids: readonly SymbolId[],
  rows: readonly (ModuleRow | undefined)[],
  providers: (Provider | undefined)[],
  shadowed: ReadonlyMap<ModuleNumber, ModuleNumber>,
  passes: Uint8Array,
): void {
  for (let i = 0; i < exports.modules.length; i++) {
    const module = exports.modules[i] ?? 0;
    if (shadowed.has(module)) continue;
    const symbol = ids[exports.names[i] ?? 0] ?? 0;
    const other = providers[symbol];
    if (other && other.module !== module) {
      passes[module] = 0;
      passes[other.module] = 0;
      if (other.module < module) continue;
    }
    providers[symbol] = {
      module,
      name: rows[module]?.name ?? '',
      crc: exports.crcs[i] ?? NO_CRC,
      namespace: namespaces[(exports.marks[i] ?? 0) - 1] ?? null,
    };
  }
}

function listsOf(used: readonly (readonly number[])[]): Lists {
  const first = new Uint32Array(used.length + 1);
  for (const [i, list] of used.entries()) first[i + 1] = (first[i] ?? 0) + list.length;
  return new Lists(first, Int32Array.from(used.flat()));
}

/** Per-cpu memory of modules is one small reserve. */
function refusePercpu(rows: readonly (ModuleRow | undefined)[], needs: Lists, passes: Uint8Array): void {
  for (const row of rows) {
    if (!row || row.percpu === 0) continue;
    const others = dependenciesOf(needs, row.module).reduce((sum, other) => sum + (rows[other]?.percpu ?? 0), 0);
    if (!percpuFits(others, row.percpu)) passes[row.module] = 0;
  }
}

/** Whoever needs a module that has to be asked about has to be asked about as well. */
function spread(needs: Lists, passes: Uint8Array, count: number): void {
  for (let changed = true; changed;) {
    changed = false;
    for (let module = 0; module < count; module++) {
      if (passes[module] === 0 || needs.of(module).every(needed => passes[needed] === 1)) continue;
      passes[module] = 0;
      changed = true;
    }
  }
}
