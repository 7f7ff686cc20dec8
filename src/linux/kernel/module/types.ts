// What the stages of load_module() share: the kernel's own structures, as far as loading needs them.
import type { Ehdr, SectionIndex } from '../../../formats/elf/header';
import type { ExportType } from '../../../formats/ko/exports';
import type { SymbolId, SymbolNames } from '../../../formats/ko/symbolNames';
import type { Reported } from '../../../findings/all';
import type { Note } from '../../../findings/notes';
import type { FindingDefinition, LogLine } from '../../../findings/types';
import type { ExportIndex } from '../../../target/exportTable';
import type { Decompress, KernelFacts, VerifyPkcs7 } from '../../../target/types';
import type { ArchName, ArchOf } from '../../arch/arch';
import type { ExportTableName, Features } from '../../features';
import type { LoadOptions } from './loadOptions';
import type { KernelParam, KnownParamOps } from '../params/types';
import type { AddressHalves, LoadedSection } from './loadedSection';
import type { Region } from './regions';
import type { SymbolStatus } from './symbolStatus';
import type { VersionTable } from './versionTable';
import type { Trial } from './trial';

export type { LoadedSection, Region };

export type Arch = ArchOf<Load>;

/** A kernel as its loader asks it. What was looked up once serves every machine that boots it. */
export interface Kernel {
  readonly facts: KernelFacts;
  readonly features: Features;
  readonly arch: Arch;
  /** Names of symbols: modules of one kernel mostly use the same ones, and a name read before makes no new string. */
  readonly names: SymbolNames;
  /** Parameter operations of the kernel by address, found when the first module has parameters. */
  paramOps: KnownParamOps | null;
  /** Directories under /sys/module, found when the first module wants one. */
  sysfsDirectories: ReadonlySet<string> | null;
  /** The CRCs that one module was built with, the last that was asked for its own. */
  readonly versions: VersionTable;
  /** This kernel, or for one that is not at hand, the kernel with the facts that a module adds. */
  toldBy(module: Uint8Array, loaded: readonly Module[]): Kernel;
  /** A symbol that vmlinux exports, or null. */
  findExport(name: string): FoundSymbol | null;
  /** As {@link findExport}, for a name that {@link names} knows. */
  findExportById(id: SymbolId): FoundSymbol | null;
  /** Distinct exports stay distinct. */
  addressOf(index: ExportIndex): bigint;
}

/** One export of a loaded module. */
export interface ModuleExport {
  readonly name: string;
  readonly value: bigint;
  /** null when the exporter supplies no CRCs. */
  readonly crc: number | null;
  readonly namespace: string | null;
  readonly gplOnly: boolean;
}

/** One table, in the order of the section: look-ups search it by halves, sorted or not. */
export interface ModuleExports {
  readonly table: ExportTableName;
  readonly entries: readonly ModuleExport[];
  /** Entries whose name lies outside of the module: look-ups read whatever happens to be there. */
  readonly unreadable: number;
  /** Entries behind the last one that was looked at. */
  readonly left: number;
}

/** What find_symbol() finds. */
export interface FoundSymbol extends ModuleExport {
  /** null for vmlinux */
  readonly owner: Module | null;
  readonly future: boolean;
  readonly unused: boolean;
}

/**
 * What a look-up finds in one table: nothing, what it wants, or what it may not use. A table may also be passed over, because the
 * module may use nothing in it, and so is a module that is not formed yet.
 */
export type SearchOutcome = 'absent' | 'found' | 'hidden' | 'passed-over' | 'unformed';

/** Is told of each table that a look-up comes to. `owner` is null for vmlinux; `table` for all of a module. */
export type SearchWatcher = (owner: string | null, table: ExportTableName | null, outcome: SearchOutcome) => void;

/** A positive errno, or 0 for success. */
export type Errno = number;

export type StageOutcome = 'passed' | 'refused' | 'skipped' | 'not-checked';

export interface Stage {
  readonly name: string;
  outcome: StageOutcome;
  readonly notes: Note[];
}

/** A finding, with the stage that reported it. */
export interface StageFinding extends Reported {
  readonly stage: string;
}

/** struct load_info */
export interface LoadInfo {
  /** The file as given, or what it unpacks to; `len` shrinks when a signature is cut off. */
  bytes: Uint8Array;
  len: number;
  ehdr: Ehdr;
  sechdrs: LoadedSection[];
  /** File offset of the section name table. */
  secstrings: number;
  readonly names: SymbolNames;
  /** The file as words of 32 bits, where it can be read in place. */
  words: Int32Array | null;
  /** Ids of the names of sections by index, once one was looked for. */
  sectionNames: Int32Array | null;
  /** Where entries of .modinfo begin in the file, once one was asked for. */
  modinfo: readonly number[] | null;
  /** File offset of the string table that goes with the symbol table. */
  strtab: number;
  name: string;
  readonly index: {
    sym: SectionIndex;
    str: SectionIndex;
    mod: SectionIndex;
    vers: SectionIndex;
    info: SectionIndex;
    pcpu: SectionIndex;
    versExtCrc: SectionIndex;
    versExtName: SectionIndex;
  };
  sigOk: boolean;
}

export type ModuleState = 'live' | 'coming' | 'going' | 'unformed';

/** struct module, as far as it outlives loading. */
export interface Module {
  name: string;
  state: ModuleState;
  /** Bits of TAINT_*. */
  taints: number;
  usingGplonlySymbols: boolean;
  isLivepatch: boolean;
  asyncProbe: boolean;
  regions: readonly Region[];
  /** As sysfs shows them now: initsize is 0 once init memory is freed. */
  coresize: number;
  initsize: number;
  percpuSize: number;
  exports: readonly ModuleExports[];
  params: readonly KernelParam[];
  /** Modules that use this one, in the order they came. */
  readonly usedBy: Module[];
  /** Modules this one uses. */
  readonly uses: Module[];
  hasInit: boolean;
  hasExit: boolean;
}

/** A machine that has booted a kernel: what one load leaves behind for the next. */
export interface Machine {
  kernel: Kernel;
  readonly boot: BootParameters;
  /** Arm errata of its processors, by number. */
  readonly errata: ReadonlySet<number>;
  /** Newest first, as the kernel keeps them. */
  readonly modules: Module[];
  /** Bits of TAINT_*. */
  taints: number;
  /** Messages that a kernel prints only once, by name. */
  readonly printed: Set<string>;
  readonly verifyPkcs7: VerifyPkcs7 | null;
  readonly decompress: Decompress | null;
  readonly memoryAt: MemoryAt | null;
  /** Set while a module is tried before those it needs are known. */
  readonly trial: Trial | null;
}

/**
 * Where the memory of a module shall begin: the address of a region, or of its per-cpu data when the region is called
 * `percpu`. Null leaves the choice to the loader. For comparisons with a kernel whose choice is known.
 */
export type MemoryAt = (module: string, region: string) => bigint | null;

/** What the kernel command line says to the loader. */
export interface BootParameters {
  readonly sigEnforce: boolean;
  readonly modulesDisabled: boolean;
  readonly blacklist: string | null;
  readonly lockdown: 'none' | 'integrity' | 'confidentiality';
  readonly spectreV2Off: boolean;
  readonly initcallBlacklist: readonly string[];
}

/** Address and owner of an undefined symbol, as simplify_symbols() found it. */
export interface ResolvedSymbol {
  readonly name: string;
  readonly owner: string | null;
  readonly wanted: number | null;
  readonly found: number | null;
  readonly gplOnly: boolean;
  /** The macro that exported what was found. */
  readonly type: ExportType | null;
  readonly namespace: string | null;
  readonly weak: boolean;
  readonly status: SymbolStatus;
}

export type { SymbolStatus };

/** Told of a load while it runs, for those who want to see more than its result. Must change nothing. */
/** A value as it is, a byte string, or words about it. */
export type Shown = string | number | Note;

export interface LoadObserver {
  stageBegins(load: Load, name: string): void;
  stageEnds(load: Load, stage: Stage): void;
  /** The load was refused, and these stages would have followed. */
  notReached(names: readonly string[]): void;
  /**
   * The stage that is running looked at something.
   *
   * @param what in the kernel's words
   * @param value in the module or in the request
   * @param against what it was compared with; '' when it was only looked up
   * @param ok null where nothing can be wrong with it
   */
  checked(what: Shown, value: Shown, against?: Shown, ok?: boolean | null): void;
  /** An entry of a relocation section was tried: its field before and after, in halves of 32 bits. */
  relocated(
    section: SectionIndex,
    entry: number,
    beforeLow: number,
    beforeHigh: number,
    afterLow: number,
    afterHigh: number,
  ): void;
  /**
   * The entry that is being tried leads to `target` by way of a table.
   *
   * @param section that the table lies in, by name; in angle brackets what is no section
   * @param offset of the table's entry, bytes from the start of the section
   */
  linked(table: LinkTable, section: string, offset: number, target: bigint): void;
  /** A symbol was looked for in a table: see {@link SearchWatcher}. */
  searched(symbol: string, ...[owner, table, outcome]: Parameters<SearchWatcher>): void;
}

/** Tables of jumps and of addresses that section preparation makes room for, and relocations fill. */
export type LinkTable = 'PLT' | 'GOT' | 'stub' | 'veneer';

/** One run of load_module(), from the system call to its answer. */
export interface Load {
  readonly observer: LoadObserver | null;
  readonly machine: Machine;
  readonly facts: KernelFacts;
  readonly features: Features;
  readonly arch: Arch;
  readonly options: LoadOptions;
  readonly args: string;
  readonly info: LoadInfo;
  /** Valid from setup_load_info() on. */
  readonly mod: Module;
  readonly log: LogLine[];
  readonly stages: Stage[];
  readonly findings: StageFinding[];
  readonly symbols: ResolvedSymbol[];
  /** Which filling of the kernel's {@link VersionTable} is this module's; 0 before its CRCs are read. */
  versions: number;
  /** Names of the modules whose symbols it uses; kept when a refused load gives them back. */
  dependsOn: readonly string[];
  regions: Region[];
  percpu: Region | null;
  /** To divide addresses with. */
  readonly halves: AddressHalves;
  /** struct mod_arch_specific: what section preparation leaves for relocations, known to its architecture. */
  archSpecific: { readonly kind: ArchName } | null;
  /** Bytes that section preparation takes at the start of the memory for code, before any section. */
  readonly reserved: { readonly name: string; readonly size: number }[];
  /** What user space reads as coresize and initsize right after loading. */
  coresize: number;
  initsize: number;
  /** Logs the kernel's lines for a finding, and keeps it. */
  report<Facts>(definition: FindingDefinition<Facts>, facts: Facts): void;
  /** Adds a note to the stage that is running. */
  note(note: Note): void;
  /** Says that this kernel does not have the check that is running, and why. */
  skip(reason: Note): void;
  /** Says that the stage that is running could not be checked, and why. */
  notChecked(reason: Note): void;
  /** As {@link notChecked}, of something without which nobody can say that the module loads. */
  leaveUnchecked(reason: Note): void;
  /** What was left unchecked though it is essential, once each; empty for a load whose verdict stands. */
  readonly unchecked: Note[];
  /** What showed that module and kernel agree about struct module. */
  vouched: boolean;
  /** Relocations were applied: what module memory holds is what the module would run with. */
  relocated: boolean;
}
