// Models of what a person looks at: plain data, ready to be drawn. Sizes and offsets are bytes.
import type { Finding, LogLine } from '../../findings/types';
import type { Note } from '../../findings/notes';
import type { LinkTable, SearchOutcome } from '../../linux/kernel/module/types';
import type { HeaderState, SearchTrace, TracedStage } from '../../linux/trace/types';

/** What memory of that kind may do, as the kernel sets it. */
export type Protection = 'r-x' | 'r--' | 'rw-' | 'rwx' | 'r-- after init';

export interface LayoutModel {
  readonly release: string;
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  readonly errnoName: string | null;
  /** Name of the stage that refused the load, or null. */
  readonly refusedBy: string | null;
  readonly pageSize: number;
  readonly coresize: number;
  readonly initsize: number;
  readonly regions: readonly LayoutRegion[];
  readonly symbols: LayoutSymbols;
  /** What is different from the build before; null when there was none. */
  readonly growth: LayoutGrowth | null;
}

export interface LayoutRegion {
  readonly name: string;
  /** Freed once init has run. */
  readonly init: boolean;
  /** Address of the first byte as 0x and hex digits: plausible, since a real kernel chooses it anew each time. */
  readonly base: string;
  readonly size: number;
  /** Bytes that belong to nothing: alignment between sections and the rest of the last pages. */
  readonly padding: number;
  readonly protections: readonly LayoutProtection[];
}

/** A run of pages of one protection. */
export interface LayoutProtection {
  /** text, rodata, ro_after_init, data; percpu */
  readonly kind: string;
  readonly protection: Protection;
  /** From the start of the region. */
  readonly offset: number;
  readonly size: number;
  readonly padding: number;
  readonly sections: readonly LayoutSection[];
}

export interface LayoutSection {
  /** A section's name, or what lies there in angle brackets. */
  readonly name: string;
  /** Index of the section header; 0 for what is no section. */
  readonly index: number;
  /** From the start of the region. */
  readonly offset: number;
  readonly size: number;
  readonly align: number;
  /** Unused bytes between what lies before, or the start of the protection, and the section. */
  readonly paddingBefore: number;
  /** Symbols of the section in `symbols`: from, inclusive, to, exclusive. */
  readonly symbols: readonly [from: number, to: number];
  readonly relocations: number;
}

/** Symbols by column, in the order of sections of the layout, then of offsets. */
export interface LayoutSymbols {
  readonly names: readonly string[];
  /** From the start of the section. */
  readonly offset: Float64Array;
  readonly size: Float64Array;
  /** Unused bytes before it, from the end of the symbol before. */
  readonly paddingBefore: Float64Array;
  /** STT_* in the low four bits, STB_* above, as st_info has them. */
  readonly st_info: Uint8Array;
  /** Largest power of two that divides its address in the section, up to the section's alignment. */
  readonly align: Uint32Array;
}

/** Differences to the previous build on the same kernel. Positive is larger now. */
export interface LayoutGrowth {
  readonly coresize: number;
  readonly initsize: number;
  readonly entries: readonly GrowthEntry[];
}

export interface GrowthEntry {
  readonly kind: 'section' | 'symbol';
  readonly section: string;
  /** Name of the symbol; '' for a section. */
  readonly symbol: string;
  /** null: not there then, or not now. */
  readonly before: number | null;
  readonly after: number | null;
}

/** A walk through load_module(). */
export interface StepsModel {
  readonly release: string;
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  readonly errno: number;
  readonly errnoName: string | null;
  readonly insmod: string | null;
  readonly stages: readonly TracedStage[];
  readonly sectionNames: readonly string[];
  readonly headers: readonly HeaderState[];
  readonly log: readonly LogLine[];
  readonly findings: readonly StepFinding[];
  /** Symbols whose st_value simplify_symbols() saw; null when it did not come to that. */
  readonly symbols: StepSymbols | null;
  /** Of sections that are kept in memory; those of the file where the load did not come that far. */
  readonly relocations: StepRelocations;
  /** Entries that relocations lead through; null when it did not come to that. */
  readonly links: StepLinks | null;
  /** null when the loader found none in the file. */
  readonly structModule: StructModuleModel | null;
  /** In the order in which the kernel works through them. */
  readonly patches: readonly StepPatch[];
  /** null for a module without one, and when it did not come to sorting it. */
  readonly extable: StepExtable | null;
  /** Memory that is given back once init has run. */
  readonly freed: readonly StepFreed[];
}

/** A section that lists code which the kernel changes once relocations are applied. */
export interface StepPatch {
  readonly section: string;
  readonly bytes: number;
  /** The function that works through it, and the stage it belongs to. */
  readonly by: string;
  readonly stage: string;
  readonly does: Note;
}

/** The exception table, in the order of the file. */
export interface StepExtable {
  readonly entrySize: number;
  readonly relative: boolean;
  /** Places of the instruction that may fault, and of where the kernel goes on: a section and a distance. */
  readonly insn: readonly string[];
  readonly fixup: readonly string[];
  /** Entries in the order that sort_extable() brings them to. */
  readonly order: Uint32Array;
  /** How many are not where they were. */
  readonly moved: number;
  /** Entries of init code: trim_init_extable() takes them out once init has run. */
  readonly trimmed: number;
  /** Entries behind the last that is shown. */
  readonly left: number;
}

export interface StepFreed {
  readonly region: string;
  readonly bytes: number;
  readonly parts: readonly string[];
}

/** struct module, and what the stages write into it. */
export interface StructModuleModel {
  /** Who says where its members are: the BTF of the kernel, the DWARF of the module; `prefix` when only the first are known. */
  readonly source: 'btf' | 'dwarf' | 'prefix';
  /** Bytes of its section. */
  readonly size: number;
  /** In the order they lie in. */
  readonly members: readonly {
    readonly name: string;
    readonly offset: number;
    readonly size: number;
    /** As the file has it. */
    readonly initial: string | Note;
  }[];
  /** In the order they are made; each changes its member. */
  readonly writes: readonly {
    /** Index into the stages. */
    readonly stage: number;
    /** The function of the kernel that writes. */
    readonly by: string;
    /** Index into the members. */
    readonly member: number;
    readonly value: string | Note;
  }[];
}

/** As much of a finding as its texts in any language need. */
export type StepFinding = Pick<Finding, 'code' | 'severity' | 'message' | 'facts'>;

export interface StepSymbols {
  readonly names: readonly string[];
  /** Section index (st_shndx), by symbol. */
  readonly st_shndx: Uint16Array;
  readonly before: BigUint64Array;
  readonly after: BigUint64Array;
  /** What became of an undefined symbol: index into `statuses`; 0 for one that is defined. */
  readonly status: Uint8Array;
  readonly statuses: readonly string[];
  readonly searches: StepSearches;
  readonly uses: StepUses;
}

/** Where undefined symbols were looked for; names are text. */
export interface StepSearches extends SearchTrace {
  readonly outcomes: readonly SearchOutcome[];
  /** Tables are searched by halves; before 3.0 from their start. */
  readonly byHalves: boolean;
}

/** The modules that the module uses: each is one struct module_use. */
export interface StepUses {
  /** Up to 2.6.35 a list led only from the used module to its users. */
  readonly bothWays: boolean;
  readonly modules: readonly {
    readonly name: string;
    /** All modules that use it by then. */
    readonly users: readonly string[];
    /** How many of its symbols the module uses. */
    readonly symbols: number;
  }[];
}

/** Relocations by column, in the order they are applied. */
export interface StepRelocations {
  /** Index of the section that is relocated. */
  readonly target: Uint32Array;
  /** r_offset: bytes from the start of that section. */
  readonly offset: Float64Array;
  /** Index into `typeNames`. */
  readonly type: Uint16Array;
  readonly typeNames: readonly string[];
  /** Bytes of the field, by type. */
  readonly typeWidths: readonly number[];
  /** Index into `symbolNames`. */
  readonly symbol: Uint32Array;
  readonly symbolNames: readonly string[];
  readonly addend: Float64Array;
  /** How many were tried; what comes after has no value before and after. */
  readonly tried: number;
  readonly before: BigUint64Array;
  readonly after: BigUint64Array;
}

/** Entries of the PLT, of the GOT and of stubs, each with those that use it. */
export interface StepLinks {
  /** By entry: what kind it is, */
  readonly tables: readonly LinkTable[];
  /** where it lies, as a section and a distance in bytes, */
  readonly places: readonly string[];
  /** what it leads to, as a symbol with the addend, */
  readonly names: readonly string[];
  /** and the address of that. */
  readonly targets: BigUint64Array;
  /** By use: index of the entry, and of the relocation in `relocations`. */
  readonly entry: Uint32Array;
  readonly relocation: Uint32Array;
}

/** Memory around the field of one relocation. */
export interface RelocationBytes {
  /** Address of the first byte shown, as 0x and hex digits. */
  readonly address: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Where the field lies in them. */
  readonly fieldStart: number;
  readonly fieldLength: number;
}
