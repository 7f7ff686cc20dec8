// How the loader of one kernel behaves: what its configuration, its architecture and its generation come to.
import type { OidRegistry } from './lib/oidRegistry';
import type { Arch as ArchName } from '../target/types';
import type { Addresses } from './arch/addresses';
import type { RowName } from './generations';

/**
 * How the ELF checks go: one summary line (5.10), a line per check (6.1), also unique sections (6.12), in the steps of
 * elf_validity_cache_copy() (6.13).
 */
export type ElfChecks = 'classic' | 'summary' | 'narrated' | 'unique-sections' | 'cached';

export type Compression = 'gzip' | 'xz' | 'zstd';

export interface Features {
  readonly arch: ArchName;
  /** What this generation has, by name: see generations.ts. */
  readonly rows: ReadonlySet<RowName>;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly pageSize: number;
  readonly addresses: Addresses;
  readonly elfChecks: ElfChecks;
  /** The symbols' string table begins and ends with NUL, and every name of a symbol begins in it. */
  readonly symbolNamesChecked: boolean;
  /** Flags finit_module accepts; 0 when the system call does not exist. */
  readonly finitFlags: number;
  readonly decompression: Compression | null;
  readonly modversions: boolean;
  readonly extendedModversions: boolean;
  /** A symbol absent from the module's version table refuses the load instead of only being mentioned. */
  readonly missingVersionRefuses: boolean;
  readonly moduleSig: boolean;
  readonly moduleSigForce: boolean;
  /** Signatures count with MODULE_INIT_COMPRESSED_FILE set; before, only with no flag at all. */
  readonly signatureWithAnyFlags: boolean;
  readonly lockdown: boolean;
  readonly forceLoad: boolean;
  readonly forceUnload: boolean;
  readonly moduleUnload: boolean;
  readonly moduleBlacklist: boolean;
  /** Duplicate names are noticed before anything is allocated, and taints come after the module is listed. */
  readonly earlyExistsCheck: boolean;
  readonly retpoline: boolean;
  readonly livepatch: boolean;
  readonly testTaint: boolean;
  readonly strictModuleRwx: boolean;
  readonly roAfterInit: boolean;
  /** __jump_table is made read-only after init. */
  readonly jumpTableRoAfterInit: boolean;
  readonly staticCallsRoAfterInit: boolean;
  /** Static calls are patched in place: modules list theirs in .static_call_sites. */
  readonly staticCallInline: boolean;
  /** Memory is split by type (struct module has `mem`), each allocation rounded up to pages. */
  readonly regionsByType: boolean;
  /** Core and init are padded to pages between text, rodata, ro-after-init and data. */
  readonly paddedRegions: boolean;
  /** Text is allocated from a cache of huge pages that are read-only and executable (6.13 and later). */
  readonly roxText: boolean;
  /** Module memory comes from mm/execmem.c, which says when there is none. */
  readonly execmem: boolean;
  readonly kallsyms: boolean;
  readonly kallsymsAll: boolean;
  /** Whether the configuration says so: what an image shows of it may leave that open. */
  readonly kallsymsAllKnown: boolean;
  readonly smp: boolean;
  readonly percpuRelocations: boolean;
  readonly constructors: boolean;
  /** Export tables, in the order a look-up visits them. */
  readonly exportTables: readonly ExportTableName[];
  /** One table with a flag byte for each export replaces the _gpl tables. */
  readonly exportFlags: boolean;
  readonly prel32Exports: boolean;
  readonly exportNamespaces: boolean;
  readonly relativeCrcs: boolean;
  readonly crcSize: number;
  readonly namespaceImportOptional: boolean;
  /** Namespaces `module:a,b-*` name the modules that may use an export. */
  readonly moduleNamespaces: boolean;
  /** MODULE_IMPORT_NS() of its headers takes a string; before, a bare word. */
  readonly namespaceIsString: boolean;
  readonly taintInheritance: boolean;
  readonly taintInheritanceNamesSymbol: boolean;
  readonly sectionIndexChecked: boolean;
  /** Undefined symbols that nothing has to export. */
  readonly ignoredUndefined: readonly string[];
  readonly x86RelocationTexts: 'plain' | 'after-overflow' | 'with-section';
  readonly btfModules: boolean;
  /** Modules may bring the types they build on in .BTF.base. */
  readonly btfBase: boolean;
  readonly btfLayoutSection: boolean;
  readonly btfMismatchAllowed: boolean;
  /** A tolerated mismatch is told once and without a name. */
  readonly btfMismatchToldOnce: boolean;
  readonly dynamicDebug: boolean;
  /** struct kernel_param names the module and has flags (since 4.2, b51d23e4e9fe and 91f9d330cc14). */
  readonly paramModulePointer: boolean;
  /** Flag letters of a dynamic debug query. */
  readonly dyndbgFlags: string;
  /** Queries know the keyword `class`. */
  readonly dyndbgClasses: boolean;
  readonly unknownParameterRefuses: boolean;
  readonly allParametersTried: boolean;
  readonly dashesStopParsing: boolean;
  /** next_arg() looks for the end of a quotation of nothing at index -1, which is not negative there. */
  readonly loneQuoteOverrun: boolean;
  readonly asyncProbeValue: boolean;
  /** First letters that a bool parameter takes beyond 1 y Y 0 n N and on/off. */
  readonly boolLetters: BoolLetters;
  readonly sysfsSectionErrors: boolean;
  readonly initEexistBecomesEbusy: boolean;
  readonly positiveInitNamesCaller: boolean;
  readonly thisModuleSizeChecked: boolean;
  readonly deleteModuleChecksLength: boolean;
  /** Characters of a log line that fit its record (kernel/printk/printk.c: LOG_LINE_MAX, since 6.4 PRINTKRB_RECORD_MAX). */
  readonly logLineMax: number;
  /** Object identifiers that signatures may use. */
  readonly oids: OidRegistry;
  /** A signature whose signer is unknown is parsed once more, for the platform's keyring. */
  readonly platformKeyring: boolean;
}

export type ExportTableName = '' | '_gpl' | '_gpl_future' | '_unused' | '_unused_gpl';

/** What a bool takes; `wordless` kernels do not know on and off. */
export interface BoolLetters {
  readonly yes: string;
  readonly no: string;
  readonly wordless?: true;
}
