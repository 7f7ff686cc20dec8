// The dependency graph of modules: what a module file says of itself, and what the graph answers. Names are byte strings.
import type { SymbolStatus } from '../linux/kernel/module/types';

/** What one module imports and exports, read from its bytes and the same for every kernel. */
export interface ModuleSymbols {
  /** From .modinfo; null when the file does not say, as before 4.16. */
  readonly name: string | null;
  readonly e_machine: number;
  /** GPL-only exports do not exist for a module whose license is not compatible. */
  readonly gplCompatible: boolean;
  /** Values of import_ns. */
  readonly importedNamespaces: readonly string[];
  readonly imports: ImportColumns;
  readonly exports: ExportColumns;
}

/** Undefined symbols in the order of the symbol table, which is the order the loader takes them in. */
export interface ImportColumns {
  readonly names: Uint32Array;
  /** 1 for a weak reference. */
  readonly weak: Uint8Array;
  /** CRCs of __versions; null without that section. {@link NO_CRC}: not listed. NaN: can match no exporter's. */
  readonly crcs: Float64Array | null;
  /** CRCs of __version_ext_crcs, which kernels since 6.14 take first; null without that section. */
  readonly extendedCrcs: Float64Array | null;
}

export interface ExportColumns {
  readonly names: Uint32Array;
  /** {@link NO_CRC} where the module supplies none. */
  readonly crcs: Float64Array;
  /** 1 for EXPORT_SYMBOL_GPL. */
  readonly gplOnly: Uint8Array;
  /** Id of the namespace, -1 when the symbol is in none. */
  readonly namespaces: Int32Array;
}

/** Stands in columns of CRCs where there is none: CRCs are not negative. */
export const NO_CRC = -1;

/** A module the graph knows of. */
export interface GraphModule {
  readonly name: string;
  /** null for a module known only as the owner of exports. */
  readonly path: string | null;
  /** null while the file was not read, or could not be. */
  readonly symbols: ModuleSymbols | null;
}

/** Index of a module in the graph. */
export type ModuleIndex = number;

/** What stands at the other end of an edge besides modules. */
export const VMLINUX = -1;
/** Nobody: the symbol is not exported. Each module has a node of its own for these. */
export const NOBODY = -2;

export type Direction = 'needs' | 'users' | 'both';

export interface NeighbourhoodOptions {
  /** How many edges away from the focus modules are shown. */
  readonly depth: number;
  readonly direction: Direction;
  /** Most nodes, the focus among them. */
  readonly limit: number;
}

/** `missing` stands for the symbols of one module that nobody exports. */
export type NodeKind = 'focus' | 'module' | 'vmlinux' | 'missing';

export interface GraphNode {
  /** Unique, and the same every time: `vmlinux`, or the name behind `module/` or `missing/`. */
  readonly id: string;
  readonly kind: NodeKind;
  /** Of the module; for `missing` of the one that wants the symbols. */
  readonly name: string;
  readonly path: string | null;
  /** Modules it uses, not counting vmlinux. */
  readonly needs: number;
  /** Modules that use it. */
  readonly users: number;
  /** Neighbours in the direction asked for that are not shown, because of depth or limit. */
  readonly hidden: number;
}

/** From the module that uses symbols to the one that exports them. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly symbols: readonly EdgeSymbol[];
  /** The kernel refuses one of the symbols, and with it the load. */
  readonly broken: boolean;
}

/** One symbol of an edge; the fields mean what they mean in the loader's ResolvedSymbol. */
export interface EdgeSymbol {
  readonly name: string;
  readonly wanted: number | null;
  readonly found: number | null;
  readonly gplOnly: boolean;
  readonly namespace: string | null;
  readonly weak: boolean;
  readonly state: SymbolStatus;
}

export interface Neighbourhood {
  /** null when there is no such module. */
  readonly focus: string | null;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The limit kept neighbours out. */
  readonly truncated: boolean;
}

/** A row for each module, in the order of the names. */
export interface Overview {
  readonly modules: readonly GraphModule[];
  /** Modules it uses, and modules that use it, vmlinux not counted. */
  readonly needs: Uint32Array;
  readonly users: Uint32Array;
  /** Edges with a symbol the kernel refuses. */
  readonly broken: Uint32Array;
  readonly exports: Uint32Array;
  readonly imports: Uint32Array;
}
