// All modules of a tree held against each other: who needs whom, and for which of them the loader has to be asked.
import { SymbolNames, type SymbolId } from '../../formats/ko/symbolNames';
import { NO_CRC } from '../types';
import { Lists } from '../../formats/ko/lists';
import type { Features } from '../../linux/features';
import { mustImport } from '../../linux/kernel/module/namespace';
import { percpuFits } from '../../linux/kernel/module/percpuModalloc';
import { isSameVersion } from '../../linux/kernel/module/checkVersion';
import type { ModuleNumber, ModuleRow, ExaminedColumns } from './columns';
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
  /** Exports that a module before it in the tree has as well. */
  readonly duplicates: readonly DuplicateExport[];
  /** By number: 1 for modules that cannot be loaded together with some other of the tree. */
  readonly clashes: Uint8Array;
  /** Modules that need each other. */
  readonly cycles: readonly (readonly ModuleNumber[])[];
}

export interface DuplicateExport {
  readonly module: ModuleNumber;
  readonly other: ModuleNumber;
  /** A byte string. */
  readonly symbol: string;
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
export function linkTree(parts: readonly ExaminedColumns[], count: number, features: Features): TreeLinks {
  const rows: (ModuleRow | undefined)[] = Array.from({ length: count });
  for (const part of parts) for (const row of part.rows) rows[row.module] = row;
  const passes = Uint8Array.from(rows, row => (row?.passes ? 1 : 0));
  const shadowed = shadowedOf(rows);
  const clashes = new Uint8Array(count);
  for (const [module, first] of shadowed) clashes[module] = clashes[first] = 1;
  const names = new SymbolNames();
  const ids = parts.map(({ symbols }) => internAll(symbols, names));
  const providers: (Provider | undefined)[] = [];
  const duplicates: DuplicateExport[] = [];
  for (const [p, part] of parts.entries())
    for (const { module, other, symbol } of addProviders(part, ids[p] ?? [], rows, providers, shadowed)) {
      passes[module] = passes[other] = 0;
      clashes[module] = clashes[other] = 1;
      duplicates.push({ module: Math.max(module, other), other: Math.min(module, other), symbol: names.name(symbol) });
    }
  const notChecked = new Map(
    parts.flatMap(part => part.rows.map(row => [row.module, row.notChecked.map(i => part.reasons[i] ?? '')] as const)),
  );
  const missing = new Map<ModuleNumber, string[]>();
  const used: ModuleNumber[][] = rows.map(() => []);
  // By provider, the module that was noted to need it last: the imports of a module stand together.
  const usedBy = new Int32Array(count).fill(-1);
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
      if (usedBy[provider.module] !== module) {
        usedBy[provider.module] = module;
        used[module]?.push(provider.module);
      }
      if (!binds(features, rows[module], provider, imports.crcs[i] ?? NO_CRC)) passes[module] = 0;
    }
  }
  const needs = listsOf(used);
  const cycles = findCycles(needs, count);
  for (const module of cycles.flat()) {
    passes[module] = 0;
    clashes[module] = 1;
  }
  spread(needs, passes, count);
  refusePercpu(rows, needs, passes);
  spread(needs, passes, count);
  return { rows, needs, passes, missing, notChecked, shadowed, duplicates, clashes, cycles };
}

/**
 * The most modules that are loaded before another to ask the loader about it. A distribution's modules need some dozens; what
 * is beyond has been made to keep somebody busy, since every module of a chain would be loaded before all that follow.
 */
export const MOST_DEPENDENCIES = 512;

/**
 * The modules that have to be loaded before `module`, in an order in which they can be; null when they are more than
 * {@link MOST_DEPENDENCIES}.
 */
export function dependenciesOf(needs: Lists, module: ModuleNumber): ModuleNumber[] | null {
  const order: ModuleNumber[] = [];
  const seen = new Set([module]);
  // Modules whose needs are being gone through, each with the number of those that were looked at.
  const path = [{ module, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const needed = needs.of(top.module)[top.next++];
    if (needed === undefined) {
      order.push(top.module);
      path.pop();
    } else if (!seen.has(needed)) {
      if (seen.size > MOST_DEPENDENCIES) return null;
      seen.add(needed);
      path.push({ module: needed, next: 0 });
    }
  }
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

function internAll({ text, ends }: ExaminedColumns['symbols'], names: SymbolNames): SymbolId[] {
  const ids: SymbolId[] = [];
  let start = 0;
  for (const end of ends) {
    ids.push(names.add(text, start, end));
    start = end;
  }
  return ids;
}

/** The first exporter counts. Those that export the same symbol, which the loader has to judge, are returned in pairs. */
function addProviders(
  { exports, namespaces }: ExaminedColumns,
  ids: readonly SymbolId[],
  rows: readonly (ModuleRow | undefined)[],
  providers: (Provider | undefined)[],
  shadowed: ReadonlyMap<ModuleNumber, ModuleNumber>,
): { readonly module: ModuleNumber; readonly other: ModuleNumber; readonly symbol: SymbolId }[] {
  const clashing: { module: ModuleNumber; other: ModuleNumber; symbol: SymbolId }[] = [];
  for (let i = 0; i < exports.modules.length; i++) {
    const module = exports.modules[i] ?? 0;
    if (shadowed.has(module)) continue;
    const symbol = ids[exports.names[i] ?? 0] ?? 0;
    const other = providers[symbol];
    if (other && other.module !== module) {
      clashing.push({ module, other: other.module, symbol });
      if (other.module < module) continue;
    }
    providers[symbol] = {
      module,
      name: rows[module]?.name ?? '',
      crc: exports.crcs[i] ?? NO_CRC,
      namespace: namespaces[(exports.marks[i] ?? 0) - 1] ?? null,
    };
  }
  return clashing;
}

function listsOf(used: readonly (readonly number[])[]): Lists {
  const first = new Uint32Array(used.length + 1);
  for (const [i, list] of used.entries()) first[i + 1] = (first[i] ?? 0) + list.length;
  return new Lists(first, Int32Array.from(used.flat()));
}

/** Per-cpu memory of modules is one small reserve. */
function refusePercpu(rows: readonly (ModuleRow | undefined)[], needs: Lists, passes: Uint8Array): void {
  for (const row of rows) {
    // A module that the loader is asked about anyway needs no sum.
    if (!row || row.percpu === 0 || passes[row.module] === 0) continue;
    const others = dependenciesOf(needs, row.module)?.reduce((sum, other) => sum + (rows[other]?.percpu ?? 0), 0);
    if (others === undefined || !percpuFits(others, row.percpu)) passes[row.module] = 0;
  }
}

/** Every module that needs one that has to be asked about has to be asked about as well. */
function spread(needs: Lists, passes: Uint8Array, count: number): void {
  const users: ModuleNumber[][] = Array.from({ length: count }, () => []);
  for (let module = 0; module < count; module++) for (const needed of needs.of(module)) users[needed]?.push(module);
  const asked = Array.from(passes.keys()).filter(module => passes[module] === 0);
  for (let next = asked.pop(); next !== undefined; next = asked.pop())
    for (const user of users[next] ?? []) {
      if (passes[user] === 0) continue;
      passes[user] = 0;
      asked.push(user);
    }
}
