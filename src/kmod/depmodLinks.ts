// Who needs whom, by kmod's rules: every name has one owner, the last module that exports it (tools/depmod.c).
import { GLOBAL_OFFSET_TABLE } from '../formats/elf/constants';
import type { ExportTable } from '../target/exportTable';
import type { DepmodModule } from './depmodModule';
import type { SymbolId, SymbolNames } from '../formats/ko/symbolNames';
import type { ModuleIndex } from '../graph/types';

export interface DepmodLinks {
  /** By module: those it uses symbols of, each once, in the order of the symbols. */
  readonly direct: readonly (readonly ModuleIndex[])[];
  /** The module that owns a name; negative when no module does. Shorter than the table where nobody asked. */
  readonly owners: Int32Array;
  /** What is said of symbols: without `depmod: WARNING: `. */
  readonly warnings: readonly string[];
}

const UNKNOWN = -3;
const NOBODY = -2;
const KERNEL = -1;

/** Names the loader itself provides (depmod_add_fake_syms()). */
const MADE_BY_LOADER = ['__this_module', GLOBAL_OFFSET_TABLE, 'TOC.'];

export interface LinkOptions {
  readonly names: SymbolNames;
  /** In the order of the output. */
  readonly modules: readonly DepmodModule[];
  /** Module.symvers, as with -e -E; null to say nothing of symbols. */
  readonly symvers: ExportTable | null;
  /** How a module is called in warnings. */
  readonly fullPath: (module: DepmodModule) => string;
}

/** depmod_load_modules() and depmod_load_dependencies(). */
export function linkModules({ names, modules, symvers, fullPath }: LinkOptions): DepmodLinks {
  const made = MADE_BY_LOADER.map(name => names.addName(name));
  const size = names.size;
  const owners = new Int32Array(size).fill(UNKNOWN);
  const crcs = new Float64Array(size);
  for (const id of made) owners[id] = KERNEL;
  for (const [m, { exports }] of modules.entries())
    for (const [i, id] of exports.names.entries()) {
      owners[id] = m;
      crcs[id] = exports.crcs[i] ?? 0;
    }
  const resolve = (id: SymbolId): ModuleIndex => {
    const known = owners[id] ?? NOBODY;
    if (known !== UNKNOWN) return known;
    const crc = symvers && kernelCrc(symvers, names, id);
    crcs[id] = crc ?? 0;
    return (owners[id] = crc === null ? NOBODY : KERNEL);
  };
  const warnings: string[] = [];
  // The last user each module was noted for, so that it is noted once.
  const notedFor = new Int32Array(modules.length).fill(-1);
  const direct = modules.map((module, m) => {
    const needs: ModuleIndex[] = [];
    const { imports } = module;
    for (const [i, name] of imports.names.entries()) {
      const id = withoutDot(names, name);
      const owner = resolve(id);
      if (symvers && imports.weak[i] === 0) {
        if (owner === NOBODY) warnings.push(`${fullPath(module)} needs unknown symbol ${names.name(name)}`);
        else if (crcs[id] !== imports.crcs[i])
          warnings.push(`${fullPath(module)} disagrees about version of symbol ${names.name(name)}`);
      }
      if (owner < 0 || notedFor[owner] === m) continue;
      notedFor[owner] = m;
      needs.push(owner);
    }
    return needs;
  });
  return { direct, owners, warnings };
}

/** PPC64 calls the function `foo` by `.foo` (depmod_symbol_find()). */
function withoutDot(names: SymbolNames, name: SymbolId): SymbolId {
  return names.withBytes(name, (bytes, start, length) =>
    length > 0 && bytes[start] === DOT ? names.add(bytes, start + 1, start + length) : name,
  );
}

const DOT = 0x2e;

/** The CRC of what vmlinux exports; null when it does not. Other rows of the file do not count. */
function kernelCrc(symvers: ExportTable, names: SymbolNames, id: SymbolId): number | null {
  let row = names.withBytes(id, (bytes, start, length) => symvers.find(bytes, start, length));
  while (row >= 0 && symvers.owner(row) !== 'vmlinux') row = symvers.findNext(row);
  return row < 0 ? null : symvers.crc(row);
}
