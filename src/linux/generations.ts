// The only place that turns what a kernel says of itself into how its loader behaves.
//
// What the configuration or the files of the target tell is taken from there. The rest follows from the release,
// with the commit or release that brought the change; distributions that differ from mainline stand at the end.
import { oidRegistry, type OidEra, type OidRegistry } from './lib/oidRegistry';
import { ARCHES } from './arch/index';
import type { Arch, KernelFacts } from '../target/types';

export type KernelRelease = readonly [version: number, patchlevel: number, sublevel: number];

/** How much the ELF checks say: one summary line (5.10), a line per check (6.1), also unique sections (6.12), also types and names (7.2). */
export type ElfChecks = 'classic' | 'summary' | 'narrated' | 'unique-sections' | 'string-tables';

export type Compression = 'gzip' | 'xz' | 'zstd';

export interface Features {
  readonly arch: Arch;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly pageSize: number;
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
  readonly boolLetters: { readonly yes: string; readonly no: string };
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

/**
 * The numbers behaviour is decided by, of a release such as `6.12.107+deb13-amd64`; 0 for those that are not there.
 * Distributions that keep a release from update to update say 0 for the sublevel, whatever they took over.
 */
export function parseRelease(release: string): KernelRelease {
  const [, version, patchlevel, sublevel] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release) ?? [];
  return [Number(version ?? 0), Number(patchlevel ?? 0), Number(sublevel ?? 0)];
}

/** Derives the behaviour of the loader of the kernel that `facts` describe. */
export function deriveFeatures(facts: Pick<KernelFacts, 'release' | 'arch' | 'config' | 'distribution'>): Features {
  const { arch, config } = facts;
  const [version, patchlevel, sublevel] = parseRelease(facts.release);
  const since = (major: number, minor: number): boolean =>
    version > major || (version === major && patchlevel >= minor);
  /** Whether it is of that stable series, at that update or later. */
  const stable = (major: number, minor: number, update: number): boolean =>
    version === major && patchlevel === minor && sublevel >= update;
  const on = (option: string): boolean => config[option] === 'y';
  const debian = facts.distribution === 'debian';
  const { is64, littleEndian, pageSize, prel32Exports, retpoline, ignoredUndefined } = ARCHES[arch];
  // 5.10 pads for any architecture that could protect modules; later only when it is configured.
  const strictModuleRwx = on('STRICT_MODULE_RWX');

  return {
    arch,
    is64,
    littleEndian,
    pageSize: pageSize(config),
    elfChecks: elfChecks(since, stable),
    // 6.13, "module: Additional validation in elf_validity_cache_strtab".
    symbolNamesChecked: since(6, 13),
    // 3.8 brought finit_module; 5.17 (b1ae6dc41eaa) the flag for compressed files.
    finitFlags: since(5, 17) ? 7 : since(3, 8) ? 3 : 0,
    decompression: decompression(config, since),
    modversions: on('MODVERSIONS'),
    // 6.14, 54ac1ac8edeb ("modules: Support extended MODVERSIONS info").
    extendedModversions: since(6, 14),
    missingVersionRefuses: debian,
    moduleSig: on('MODULE_SIG'),
    moduleSigForce: on('MODULE_SIG_FORCE'),
    // 6.1 carries a4f1f9d1 of the 5.17 series: only the two ignore flags make a signature count as absent.
    signatureWithAnyFlags: since(5, 17),
    lockdown: on('SECURITY_LOCKDOWN_LSM'),
    forceLoad: on('MODULE_FORCE_LOAD'),
    forceUnload: on('MODULE_FORCE_UNLOAD'),
    moduleUnload: on('MODULE_UNLOAD'),
    moduleBlacklist: since(4, 8),
    earlyExistsCheck: since(6, 6),
    retpoline: retpoline && (on('RETPOLINE') || on('MITIGATION_RETPOLINE')) && since(4, 15),
    livepatch: on('LIVEPATCH'),
    testTaint: since(6, 0),
    strictModuleRwx: strictModuleRwx && since(5, 8),
    roAfterInit: since(4, 8),
    jumpTableRoAfterInit: since(5, 1),
    // After 6.12: in 7.2.
    staticCallsRoAfterInit: since(6, 13) && on('HAVE_STATIC_CALL_INLINE'),
    // 6.4, ac3b43283923 ("module: replace module_layout with module_memory").
    regionsByType: since(6, 4),
    paddedRegions: since(5, 11) ? strictModuleRwx : on('ARCH_HAS_STRICT_MODULE_RWX'),
    roxText: on('ARCH_HAS_EXECMEM_ROX') && strictModuleRwx,
    // 6.10, 12af2b83d0b1 ("mm: introduce execmem_alloc() and execmem_free()").
    execmem: since(6, 10),
    kallsyms: on('KALLSYMS'),
    kallsymsAll: on('KALLSYMS_ALL'),
    smp: on('SMP'),
    percpuRelocations: since(6, 13),
    constructors: on('CONSTRUCTORS'),
    exportTables: exportTables(config, since),
    exportFlags: exportFlags(since),
    prel32Exports: since(4, 19) && prel32Exports,
    exportNamespaces: since(5, 4),
    relativeCrcs: on('MODULE_REL_CRCS') && !since(5, 19),
    crcSize: since(4, 11) || !is64 ? 4 : 8,
    namespaceImportOptional: on('MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS'),
    moduleNamespaces: since(6, 16),
    // 6.13, cdd30ebb1b9f ("module: Convert symbol namespace to string literal").
    namespaceIsString: since(6, 13),
    taintInheritance: since(5, 9),
    taintInheritanceNamesSymbol: since(5, 11),
    sectionIndexChecked: since(5, 11),
    ignoredUndefined: since(5, 10) ? ignoredUndefined : [],
    x86RelocationTexts: since(6, 13) ? 'with-section' : since(6, 4) ? 'after-overflow' : 'plain',
    btfModules: on('DEBUG_INFO_BTF_MODULES'),
    btfBase: since(6, 11),
    // After 6.19: in 7.2.
    btfLayoutSection: since(7, 0),
    btfMismatchAllowed: on('MODULE_ALLOW_BTF_MISMATCH'),
    btfMismatchToldOnce: since(6, 5),
    dynamicDebug: on('DYNAMIC_DEBUG') || on('DYNAMIC_DEBUG_CORE'),
    // 3.11, 54041d8a73337 ("modules: don't fail to load on unknown parameters").
    paramModulePointer: since(4, 2),
    dyndbgFlags: since(6, 13) ? 'pmfsltd_' : since(6, 3) ? 'pmfslt_' : 'pmflt_',
    dyndbgClasses: since(6, 1),
    unknownParameterRefuses: !since(3, 11),
    allParametersTried: since(3, 15),
    dashesStopParsing: since(3, 15),
    // Between 5.10 and 6.1.
    loneQuoteOverrun: !since(5, 19),
    asyncProbeValue: since(5, 17),
    boolLetters: boolLetters(since),
    sysfsSectionErrors: since(6, 9),
    initEexistBecomesEbusy: since(6, 13),
    positiveInitNamesCaller: !since(6, 13),
    thisModuleSizeChecked: since(6, 4),
    deleteModuleChecksLength: since(5, 17),
    logLineMax: since(6, 4) ? 1021 : 989,
    oids: oidRegistry(oidEras(since)),
    platformKeyring: on('INTEGRITY_PLATFORM_KEYRING'),
  };
}

type Since = (major: number, minor: number) => boolean;
type Stable = (major: number, minor: number, update: number) => boolean;

function elfChecks(since: Since, stable: Stable): ElfChecks {
  // 6.12.117 took over the series that ends with "module: validate string table section types".
  if (since(6, 13) || stable(6, 12, 117)) return 'string-tables';
  if (since(6, 4)) return 'unique-sections';
  if (since(5, 17)) return 'narrated';
  return since(5, 10) ? 'summary' : 'classic';
}

function decompression(config: KernelFacts['config'], since: Since): Compression | null {
  if (config['MODULE_DECOMPRESS'] !== 'y') return null;
  if (config['MODULE_COMPRESS_GZIP'] === 'y') return 'gzip';
  if (config['MODULE_COMPRESS_XZ'] === 'y') return 'xz';
  // 6.2, 169a58ad824d ("module/decompress: Support zstd in-kernel decompression").
  return config['MODULE_COMPRESS_ZSTD'] === 'y' && since(6, 2) ? 'zstd' : null;
}

/** After 6.12 (in 7.2) a flag byte for each export replaces the tables of GPL-only exports. */
function exportFlags(since: Since): boolean {
  return since(6, 19);
}

/** Releases from memory of the years; what 5.10, 6.1, 6.12 and 7.2 have is certain. */
function oidEras(since: Since): ReadonlySet<OidEra> {
  const eras: readonly (readonly [OidEra, boolean])[] = [
    ['curves', since(5, 13)],
    ['file-sharing', since(5, 15)],
    ['negoex', since(6, 4)],
    ['sha3', since(6, 7)],
    ['p521', since(6, 10)],
    ['ml-dsa', since(7, 0)],
  ];
  return new Set(eras.flatMap(([era, there]) => (there ? [era] : [])));
}

function exportTables(config: KernelFacts['config'], since: Since): readonly ExportTableName[] {
  if (exportFlags(since)) return [''];
  // 5.12, f1c3d73e973c and 367948220fce removed the tables of future-GPL and unused exports.
  if (since(5, 12)) return ['', '_gpl'];
  const unused: readonly ExportTableName[] = config['UNUSED_SYMBOLS'] === 'y' ? ['_unused', '_unused_gpl'] : [];
  return ['', '_gpl', '_gpl_future', ...unused];
}

function boolLetters(since: Since): { yes: string; no: string } {
  // 5.17 (b2dcf8cf9ed4) added t and f; after 6.12 (in 7.2) kstrtobool takes e and d as well.
  if (since(6, 13)) return { yes: '1yYtTeE', no: '0nNfFdD' };
  return since(5, 17) ? { yes: '1yYtT', no: '0nNfF' } : { yes: '1yY', no: '0nN' };
}
