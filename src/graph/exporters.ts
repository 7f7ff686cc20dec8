// Who exports a name, and how: find_symbol() over every module there is instead of those loaded so far.
import type { Features } from '../linux/features';
import type { KernelSymbols } from './kernelSymbols';
import type { SymbolId, SymbolNames } from '../formats/ko/symbolNames';
import { NO_CRC, NOBODY, VMLINUX, type GraphModule, type ModuleIndex } from './types';

export interface LinkInput {
  readonly names: SymbolNames;
  readonly kernel: KernelSymbols;
  readonly features: Features;
  /** Each name once. Where several export a symbol, the first provides it. */
  readonly modules: readonly GraphModule[];
}

/** An export: NOTHING, the index of one of a file plus 1, or -1 minus a row of the kernel's table. */
export type Source = number;
export const NOTHING: Source = 0;
const ofExport = (index: number): Source => index + 1;
const ofRow = (row: number): Source => -row - 1;

export class Exporters {
  /** Exports of files, all modules' one after the other, and chains through those of one name. */
  private readonly owners: Int32Array;
  private readonly crcs: Float64Array;
  private readonly gplOnly: Uint8Array;
  private readonly namespaces: Int32Array;
  private readonly byName: Int32Array;
  private readonly next: Int32Array;
  /** Modules by the index of their name among the owners of the kernel's table; -1 for one that was read. */
  private readonly ownerModules: Int32Array;

  constructor(private readonly input: LinkInput) {
    const { modules, names, kernel } = input;
    const count = modules.reduce((sum, { symbols }) => sum + (symbols?.exports.names.length ?? 0), 0);
    this.owners = new Int32Array(count);
    this.crcs = new Float64Array(count);
    this.gplOnly = new Uint8Array(count);
    this.namespaces = new Int32Array(count);
    this.next = new Int32Array(count);
    this.byName = new Int32Array(names.size).fill(-1);
    // From the last to the first, so that a chain runs through equal names in the order of the modules.
    let end = count;
    for (let m = modules.length - 1; m >= 0; m--) end = this.addModule(m, end);
    const byModule = new Map(modules.map(({ name }, index) => [name, index]));
    this.ownerModules = Int32Array.from(kernel.owners, owner => {
      const index = byModule.get(owner) ?? -1;
      // What a file exports is known better from the file.
      return modules[index]?.symbols ? -1 : index;
    });
  }

  /**
   * The kernel's own export first, then those of modules that were read, then those of modules known only by the
   * kernel's table; GPL-only ones are invisible when `gplok` is false.
   * @param user the module that asks: it does not provide for itself
   */
  find(user: ModuleIndex, name: SymbolId, gplok: boolean): Source {
    const { kernel } = this.input;
    const first = kernel.find(name);
    for (let row = first; row >= 0; row = kernel.exports.findNext(row))
      if (kernel.owner(row) < 0 && (gplok || !kernel.gplOnly(row))) return ofRow(row);
    for (let at = this.byName[name] ?? -1; at >= 0; at = this.next[at] ?? -1)
      if (this.owners[at] !== user && (gplok || this.gplOnly[at] === 0)) return ofExport(at);
    for (let row = first; row >= 0; row = kernel.exports.findNext(row)) {
      const owner = this.ownerModules[kernel.owner(row)] ?? -1;
      if (owner >= 0 && owner !== user && (gplok || !kernel.gplOnly(row))) return ofRow(row);
    }
    return NOTHING;
  }

  /** A module, VMLINUX, or NOBODY. */
  provider(source: Source): ModuleIndex {
    if (source === NOTHING) return NOBODY;
    if (source > 0) return this.owners[source - 1] ?? NOBODY;
    const owner = this.input.kernel.owner(-source - 1);
    return owner < 0 ? VMLINUX : (this.ownerModules[owner] ?? NOBODY);
  }

  /** null when the exporter supplies none, or the kernel compares none. */
  crc(source: Source): number | null {
    const { kernel, features } = this.input;
    if (source === NOTHING || !features.modversions) return null;
    const crc = source < 0 ? kernel.exports.crc(-source - 1) : (this.crcs[source - 1] ?? NO_CRC);
    return crc === NO_CRC ? null : crc;
  }

  isGplOnly(source: Source): boolean {
    return source < 0 ? this.input.kernel.gplOnly(-source - 1) : this.gplOnly[source - 1] === 1;
  }

  namespace(source: Source): string | null {
    if (source < 0) return this.input.kernel.namespace(-source - 1);
    const id = source === NOTHING ? -1 : (this.namespaces[source - 1] ?? -1);
    return id < 0 ? null : this.input.names.name(id);
  }

  /** Puts the exports of module `m` before `end`; returns where they start. */
  private addModule(m: ModuleIndex, end: number): number {
    const exports = this.input.modules[m]?.symbols?.exports;
    if (!exports) return end;
    const start = end - exports.names.length;
    this.crcs.set(exports.crcs, start);
    this.gplOnly.set(exports.gplOnly, start);
    this.namespaces.set(exports.namespaces, start);
    this.owners.fill(m, start, end);
    for (let at = end - 1; at >= start; at--) {
      const name = exports.names[at - start] ?? 0;
      this.next[at] = this.byName[name] ?? -1;
      this.byName[name] = at;
    }
    return start;
  }
}
