// The result of one simulated load: what `--format json` prints and the library returns (a stable contract).
import type { Note } from '../findings/notes';
import type { Finding, LogLine } from '../findings/types';

export interface LoadResult {
  readonly schema: 1;
  readonly module: { readonly name: string; readonly path: string };
  readonly kernel: { readonly release: string; readonly arch: string };
  /** Up to, and not including, running the module's init. */
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  /** Positive errno of the system call, 0 for success. */
  readonly errno: number;
  readonly errnoName: string | null;
  /** The line kmod's insmod prints, or null when it prints none. */
  readonly insmod: string | null;
  readonly log: readonly LogLine[];
  /** Letters as in /proc/modules. */
  readonly taints: string;
  readonly stages: readonly StageResult[];
  readonly layout: LayoutResult;
  readonly params: readonly ParamResult[];
  /** Modules whose symbols it uses. */
  readonly depends: readonly string[];
  readonly symbols: readonly SymbolResult[];
  readonly findings: readonly Finding[];
  /** What was loaded before it because it needs it, in order; only where that was asked for. */
  readonly needs?: readonly NeedResult[];
  /** What `unchecked` is about: the notes of stages without which nobody can say that the module loads; only with it. */
  readonly essential?: readonly string[];
  /** What would come next if the module were not refused as a whole; only where there is something. */
  readonly next?: readonly Finding[];
}

/** What a kernel would say behind the stage that refused a module as a whole. */
export interface NextResult {
  readonly findings: readonly Finding[];
  readonly symbols: readonly SymbolResult[];
}

/** A module that another needs. */
export interface NeedResult {
  readonly name: string;
  /** Null where only Module.symvers speaks of it: it is taken to load. */
  readonly path: string | null;
  /** Built here; one of the kernel's own; one of the kernel's own whose file is not at hand. */
  readonly origin: 'built' | 'installed' | 'listed';
  readonly errno: number;
  readonly errnoName: string | null;
  /** The last line of the kernel when it is refused. */
  readonly line: string | null;
}

export interface StageResult {
  readonly name: string;
  readonly outcome: 'passed' | 'refused' | 'skipped' | 'not-checked';
  readonly notes: readonly string[];
  /** The notes by id and facts, of which their texts in any language are made. */
  readonly reasons: readonly Note[];
}

/** Sizes and offsets in bytes; offsets from the start of the region. */
export interface LayoutResult {
  readonly regions: readonly RegionResult[];
  /** As sysfs would show them right after loading, before init is freed. */
  readonly coresize: number;
  readonly initsize: number;
}

/** Key of where kinds of memory end in a region, which is no part of the contract: see {@link withHidden}. */
export const ENDS = Symbol('ends');

/** Gives an object a property that does not count as data: it is neither copied nor listed. Returns the object. */
export function withHidden<T extends object, K extends symbol, V>(object: T, key: K, value: V): T & Record<K, V> {
  Object.defineProperty(object, key, { value, enumerable: false });
  return object as T & Record<K, V>;
}

export interface RegionResult {
  /** Bytes from the start; null in a region of one kind. */
  readonly [ENDS]?: { readonly text: number; readonly roData: number; readonly readOnly: number } | null;
  readonly name: string;
  readonly size: number;
  readonly sections: readonly {
    readonly name: string;
    readonly offset: number;
    readonly size: number;
    readonly align: number;
  }[];
}

export interface ParamResult {
  readonly name: string;
  readonly type: string;
  /** File mode as a number. */
  readonly perm: number;
  /** As sysfs prints it after parsing; null when only code of the module could tell. */
  readonly value: string | null;
  readonly description: string | null;
  /** What the array holds behind the elements that its counter counts, from the first on; left out where that is the value. */
  readonly elements?: string;
}

export interface SymbolResult {
  readonly name: string;
  readonly owner: string | null;
  /** CRCs as 0x and eight digits. */
  readonly wanted: string | null;
  readonly found: string | null;
  readonly gplOnly: boolean;
  /** The macro that exported what was found, as Module.symvers spells it. */
  readonly type: string | null;
  readonly namespace: string | null;
  readonly weak: boolean;
  readonly status: string;
}

/** A line of /proc/modules. */
export interface ModuleState {
  readonly name: string;
  readonly coresize: number;
  readonly refcount: number;
  readonly holders: readonly string[];
  readonly taints: string;
  readonly state: 'Live' | 'Loading' | 'Unloading';
  readonly params: readonly ParamResult[];
}
