// What the extension asks its worker about the graph of a target's modules, and what it hears.
import type { Note } from '../findings/notes';
import type { Direction, NodeKind } from '../graph/types';
import type { SymbolStatus } from '../linux/kernel/module/types';
import type { TargetChoice } from './analysis';

export { isRefusing } from '../linux/kernel/module/symbolStatus';

/** The modules of a target: its own, and those of the workspace, which stand before its own of the same name. */
export interface GraphScope {
  /** null for the kernel the module at `path` was built against. */
  readonly target: TargetChoice | null;
  /** The module that is looked at, or null. */
  readonly path: string | null;
  /** Module files of the workspace. */
  readonly known: readonly string[];
}

export interface GraphRequest extends GraphScope {
  /** The module that is looked at, or `vmlinux`, when `path` is null. */
  readonly name?: string;
  /** How many edges away from it modules are shown. */
  readonly depth: number;
  /** Towards what it needs, what uses it, or both. */
  readonly direction: Direction;
  /** Most nodes of the answer. */
  readonly limit: number;
}

export interface GraphModel {
  readonly release: string;
  /** Id of the node that was asked for; null when the target has no such module. */
  readonly focus: string | null;
  /** In the order of their ids. */
  readonly nodes: readonly GraphNodeModel[];
  /** In the order of the ids of both ends. */
  readonly edges: readonly GraphEdgeModel[];
  /** The limit kept neighbours out. */
  readonly truncated: boolean;
  /** Module files that could not be read, by path. */
  readonly unreadable: readonly UnreadableFile[];
  /** false while modules are still being read: ask again after `graph-progress`. */
  readonly complete: boolean;
  readonly progress: GraphProgressModel;
}

export interface GraphNodeModel {
  /** The same in every answer: `vmlinux`, or the name behind `module/` or `missing/`. */
  readonly id: string;
  /** For `missing` the module that wants the symbols that nothing exports. */
  readonly name: string;
  /** null where there is no file: vmlinux, missing symbols, modules known only as owners of exports. */
  readonly path: string | null;
  readonly kind: NodeKind;
  /** Modules it uses, not counting vmlinux. */
  readonly needs: number;
  /** Modules that use it. */
  readonly users: number;
  /** Neighbours in the direction asked for that are not shown, because of depth or limit. */
  readonly hidden: number;
}

/** From the module that uses symbols to the one that exports them. */
export interface GraphEdgeModel {
  readonly from: string;
  readonly to: string;
  /** In the order of their names. */
  readonly symbols: readonly GraphSymbol[];
  /** The kernel refuses one of them, and with it the load. */
  readonly broken: boolean;
}

export interface GraphSymbol {
  readonly name: string;
  /** CRC the user was built with, and the exporter's, as 0x and eight digits; null without one. */
  readonly wanted: string | null;
  readonly found: string | null;
  readonly gplOnly: boolean;
  readonly namespace: string | null;
  readonly weak: boolean;
  /** As in the symbols of a simulated load. */
  readonly state: SymbolStatus;
}

export interface UnreadableFile {
  readonly path: string;
  readonly reason: Note;
}

/** Module files read so far, of those there are. */
export interface GraphProgressModel {
  readonly read: number;
  readonly total: number;
}

/** A row for each module, as columns, in the order of the names. */
export interface GraphOverview {
  readonly release: string;
  readonly names: readonly string[];
  /** null for modules known only as owners of exports. */
  readonly paths: readonly (string | null)[];
  /** Modules it uses, and modules that use it, vmlinux not counted. */
  readonly needs: Uint32Array;
  readonly users: Uint32Array;
  /** Edges with a symbol the kernel refuses. */
  readonly broken: Uint32Array;
  readonly exports: Uint32Array;
  readonly imports: Uint32Array;
  readonly unreadable: readonly UnreadableFile[];
  readonly complete: boolean;
  readonly progress: GraphProgressModel;
}
