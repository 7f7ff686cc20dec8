// What a traced load remembers beyond its result: the state of the module after each stage, as plain data.
import type { Note } from '../../findings/notes';
import type { LogLine } from '../../findings/types';
import type { Extable } from '../lib/extable';
import type { LinkTable, ModuleState, StageOutcome } from '../kernel/module/types';

/** One thing a stage looked at, with the values it saw. */
export interface Check {
  /** What was checked, in the kernel's words. */
  readonly what: string | Note;
  /** Value in the module or in the request; '' when there is nothing to show. */
  readonly value: string | Note;
  /** What it was held against; '' when it was only looked up. */
  readonly against: string | Note;
  /** null where nothing can be wrong with it. */
  readonly ok: boolean | null;
}

/** One stage of load_module(): what it checked and what had become of the module when it was over. */
export interface TracedStage {
  readonly name: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  readonly outcome: StageOutcome | 'not-reached';
  readonly notes: readonly Note[];
  readonly checks: readonly Check[];
  /** What the stage changed. */
  readonly changed: readonly Change[];
  /** What the list of modules says of it then; null while it is not in the list. A module that is refused late is going. */
  readonly state: ModuleState | null;
  /** Letters of the module's taints when the stage was over. */
  readonly taints: string;
  /** Letters of the kernel's own taints then. */
  readonly kernelTaints: string;
  /** Lines of the log printed before it, and by the time it was over. */
  readonly log: readonly [from: number, to: number];
  /** Findings reported before it, and by the time it was over. */
  readonly findings: readonly [from: number, to: number];
  /** Index into the header states: the newest when the stage was over; -1 before headers were read. */
  readonly headerState: number;
}

export type Change =
  | 'section headers'
  | 'module memory'
  | 'symbol values'
  | 'relocations'
  | 'module state'
  | 'struct module'
  | 'taints'
  | 'kernel log'
  | 'parameters';

/** The section headers at one moment, a column per field of Elf64_Shdr. All columns have the same length. */
export interface HeaderState {
  /** The stage that left them like this; null for the headers as the file has them. */
  readonly stage: string | null;
  readonly sh_type: Uint32Array;
  /** Low 32 bits of sh_flags, which is what the loader keeps. */
  readonly sh_flags: Uint32Array;
  readonly sh_addr: BigUint64Array;
  /** bytes from the start of the file */
  readonly sh_offset: Float64Array;
  readonly sh_size: Float64Array;
  readonly sh_addralign: Float64Array;
  readonly sh_link: Uint32Array;
  readonly sh_info: Uint32Array;
}

/** st_value of every symbol before and after simplify_symbols(), by index into the symbol table. */
export interface SymbolValues {
  readonly before: BigUint64Array;
  readonly after: BigUint64Array;
}

/** Every relocation that was tried, in the order of apply_relocations(). */
export interface RelocationTrace {
  readonly count: number;
  /** Index of the relocation section. */
  readonly section: Uint32Array;
  /** Index of the entry in it. */
  readonly entry: Uint32Array;
  /** The field before and after, as an unsigned number; equal where nothing was written. */
  readonly before: BigUint64Array;
  readonly after: BigUint64Array;
}

/** Entries of the PLT, of the GOT and of stubs that relocations lead through, in the order they were first wanted. */
export interface LinkTrace {
  readonly tables: readonly LinkTable[];
  /** Name of the section an entry lies in, and bytes from its start. */
  readonly sections: readonly string[];
  readonly offsets: readonly number[];
  /** Where the entry leads to. */
  readonly targets: readonly bigint[];
  /** By use: which entry, and which relocation, as a number in the order of apply_relocations(). */
  readonly entry: Uint32Array;
  readonly relocation: Uint32Array;
}

/** Look-ups of undefined symbols, a row for each table that one came to, in the order they were made. Names are byte strings. */
export interface SearchTrace {
  readonly symbols: readonly string[];
  /** The module that has it, or vmlinux, and the section; '' for a module as a whole. */
  readonly tables: readonly { readonly owner: string; readonly section: string }[];
  /** By row: indices into `symbols`, `tables` and the outcomes of searchColumns.ts. */
  readonly symbol: Uint32Array;
  readonly table: Uint32Array;
  readonly outcome: Uint8Array;
}

/** A module that is used, when simplify_symbols() was over. Names are byte strings. */
export interface UseTrace {
  readonly name: string;
  /** All modules that use it then, in the order they came. */
  readonly users: readonly string[];
}

/** What is written into a member of struct module. */
export type StructValue =
  /** null: only a running kernel knows it. */
  | { readonly kind: 'address'; readonly address: bigint | null }
  | { readonly kind: 'number'; readonly number: number }
  /** As many things as a pointer points to fit into so many bytes. */
  | { readonly kind: 'count'; readonly bytes: number; readonly pointer: string }
  /** The address of another member. */
  | { readonly kind: 'within'; readonly member: string }
  /** A list, by the modules at the other ends. */
  | { readonly kind: 'list'; readonly modules: readonly string[] }
  | { readonly kind: 'state'; readonly state: ModuleState };

export interface StructWriteTrace {
  /** Index into the stages. */
  readonly stage: number;
  /** The function of the kernel that writes. */
  readonly by: string;
  /** Of the member, such as `mem.0.base`; not every kernel has it. */
  readonly path: string;
  readonly value: StructValue;
}

/** struct module while it is filled. */
export interface StructModuleTrace {
  /** In the order they are made; the same value is not written twice. */
  readonly writes: readonly StructWriteTrace[];
  /** Its bytes once relocations were applied, and the stage that did it; null when it did not come to that. */
  readonly relocated: { readonly stage: number; readonly bytes: Uint8Array } | null;
}

/** A traced load: plain data, valid after the machine went on. */
export interface LoadTrace {
  readonly stages: readonly TracedStage[];
  readonly headers: readonly HeaderState[];
  /** By section index, as byte strings. */
  readonly sectionNames: readonly string[];
  readonly symbols: SymbolValues | null;
  readonly relocations: RelocationTrace | null;
  /** null where relocations are. */
  readonly links: LinkTrace | null;
  /** Contents of the regions when relocations began, in the order of the layout; empty when it did not come to that. */
  readonly images: readonly Uint8Array[];
  readonly log: readonly LogLine[];
  readonly structModule: StructModuleTrace;
  readonly searches: SearchTrace;
  readonly uses: readonly UseTrace[];
  /** null when it did not come to sorting it, and for a module without one. */
  readonly extable: Extable | null;
}
