// The only place that turns facts about a kernel into how its loader behaves.
//
// What the configuration tells is taken from there. What changed over time is a row of ROWS: a probe asks the target itself,
// because distributions backport; the release decides only where there is nothing to ask.
import { oidRegistry, type OidEra, type OidRegistry } from './lib/oidRegistry';
import { ARCHES } from './arch/index';
import type { DeclarationName } from '../target/declarations';
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

/** What a probe may ask. */
interface Evidence {
  /** Whether the target's headers declare something; null where they are not at hand. */
  declares(name: DeclarationName): boolean | null;
}

/** One way in which loaders differ over time: there from some release on, absent before. */
interface Row {
  /** Asks the target; null where it cannot tell. */
  readonly probe?: (evidence: Evidence) => boolean | null;
  /** First mainline release that has it. */
  readonly since: readonly [version: number, patchlevel: number];
  /** First updates of earlier stable series that took it over. */
  readonly backported?: readonly KernelRelease[];
  /** What brought it, or between which of the kernels that were judged it came. */
  readonly commit: string;
}

/** Every difference over time, by name. */
const ROWS = {
  finitModule: { since: [3, 8], commit: '3.8 brought the system call' },
  compressedFileFlag: {
    probe: ({ declares }) => declares('MODULE_INIT_COMPRESSED_FILE'),
    since: [5, 17],
    commit: 'b1ae6dc41eaa',
  },
  zstdDecompression: {
    since: [6, 2],
    commit: '169a58ad824d ("module/decompress: Support zstd in-kernel decompression")',
  },
  elfSummary: { since: [5, 10], commit: 'before 5.10: one line for all checks of the ELF file' },
  elfNarrated: { since: [5, 17], commit: 'between 5.10 and 6.1: a line for each check' },
  elfUniqueSections: { since: [6, 4], commit: 'between 6.1 and 6.12' },
  elfStringTables: {
    since: [6, 13],
    backported: [[6, 12, 117]],
    commit: 'the series that ends with "module: validate string table section types"',
  },
  symbolNamesChecked: { since: [6, 13], commit: '"module: Additional validation in elf_validity_cache_strtab"' },
  extendedModversions: { since: [6, 14], commit: '54ac1ac8edeb ("modules: Support extended MODVERSIONS info")' },
  signatureWithAnyFlags: { since: [5, 17], commit: 'a4f1f9d1 of the 5.17 series' },
  moduleBlacklist: { since: [4, 8], commit: 'before 5.10' },
  earlyExistsCheck: { since: [6, 6], commit: 'between 6.1 and 6.12' },
  retpoline: { since: [4, 15], commit: 'before 5.10' },
  testTaint: { since: [6, 0], commit: 'between 5.10 and 6.1' },
  rwxSectionsRefused: { since: [5, 8], commit: 'before 5.10' },
  roAfterInit: { since: [4, 8], commit: 'before 5.10' },
  jumpTableRoAfterInit: { since: [5, 1], commit: 'before 5.10' },
  staticCallsRoAfterInit: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  regionsByType: {
    probe: ({ declares }) => declares('struct module_memory'),
    since: [6, 4],
    commit: 'ac3b43283923 ("module: replace module_layout with module_memory")',
  },
  paddedWhereConfigured: { since: [5, 11], commit: 'between 5.10 and 6.1' },
  execmem: { since: [6, 10], commit: '12af2b83d0b1 ("mm: introduce execmem_alloc() and execmem_free()")' },
  percpuRelocations: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  exportFlags: {
    probe: ({ declares }) => declares('__kflagstab'),
    since: [6, 19],
    commit: 'after 6.12; 7.2 has it: a flag byte for each export replaces the tables of GPL-only exports',
  },
  fewExportTables: {
    since: [5, 12],
    commit: 'f1c3d73e973c and 367948220fce: no tables of future-GPL and unused exports',
  },
  prel32Exports: { since: [4, 19], commit: 'before 5.10' },
  exportNamespaces: { since: [5, 4], commit: 'before 5.10' },
  absoluteCrcs: { since: [5, 19], commit: 'between 5.10 and 6.1: no CRCs relative to their place' },
  narrowCrcs: { since: [4, 11], commit: 'before 5.10: CRCs of 32 bits' },
  moduleNamespaces: { since: [6, 16], commit: 'after 6.12; 7.2 has it' },
  namespaceIsString: {
    probe: ({ declares }) => declares('MODULE_IMPORT_NS(string)'),
    since: [6, 13],
    commit: 'cdd30ebb1b9f ("module: Convert symbol namespace to string literal")',
  },
  taintInheritance: { since: [5, 9], commit: 'before 5.10' },
  taintInheritanceNamesSymbol: { since: [5, 11], commit: 'between 5.10 and 6.1' },
  sectionIndexChecked: { since: [5, 11], commit: 'between 5.10 and 6.1' },
  undefinedIgnored: { since: [5, 10], commit: 'before 5.10' },
  relocationValueFirst: { since: [6, 4], commit: 'between 6.1 and 6.12' },
  relocationNamesSection: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  btfBase: { since: [6, 11], commit: 'between 6.1 and 6.12' },
  btfLayoutSection: { since: [7, 0], commit: 'after 6.19; 7.2 has it' },
  btfMismatchToldOnce: { since: [6, 5], commit: 'between 6.1 and 6.12' },
  paramModulePointer: { since: [4, 2], commit: 'b51d23e4e9fe and 91f9d330cc14' },
  dyndbgFlagS: { since: [6, 3], commit: 'between 6.1 and 6.12' },
  dyndbgFlagD: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  dyndbgClasses: { since: [6, 1], commit: 'between 5.10 and 6.1' },
  unknownParameterWarns: {
    since: [3, 11],
    commit: '54041d8a7333 ("modules: don\'t fail to load on unknown parameters")',
  },
  argumentsAfterDashes: { since: [3, 15], commit: '3.15: all parameters are tried, and "--" ends them' },
  loneQuoteFixed: { since: [5, 19], commit: 'between 5.10 and 6.1' },
  asyncProbeValue: { since: [5, 17], commit: 'between 5.10 and 6.1' },
  boolTrueFalse: { since: [5, 17], commit: 'b2dcf8cf9ed4: t and f' },
  boolEnableDisable: { since: [6, 13], commit: 'after 6.12; 7.2 has it: e and d' },
  sysfsSectionErrors: { since: [6, 9], commit: 'between 6.1 and 6.12' },
  initEexistBecomesEbusy: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  positiveInitNamesNoCaller: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  thisModuleSizeChecked: { since: [6, 4], commit: 'between 6.1 and 6.12' },
  deleteModuleChecksLength: { since: [5, 17], commit: 'between 5.10 and 6.1' },
  longLogLines: { since: [6, 4], commit: 'between 6.1 and 6.12: PRINTKRB_RECORD_MAX' },
  oidCurves: { since: [5, 13], commit: 'between 5.10 and 6.1' },
  oidFileSharing: { since: [5, 15], commit: 'between 5.10 and 6.1' },
  oidNegoex: { since: [6, 4], commit: 'between 6.1 and 6.12' },
  oidSha3: { since: [6, 7], commit: 'between 6.1 and 6.12' },
  oidP521: { since: [6, 10], commit: 'between 6.1 and 6.12' },
  oidMlDsa: { since: [7, 0], commit: 'after 6.12; 7.2 has it' },
} as const satisfies Record<string, Row>;

export type RowName = keyof typeof ROWS;

type Target = Pick<KernelFacts, 'release' | 'arch' | 'config' | 'distribution' | 'declarations'>;

/** What a kernel has of the rows, and what each answer rests on. */
export function rowsOf({ release, declarations }: Target): Readonly<Record<RowName, RowAnswer>> {
  const evidence: Evidence = { declares: name => declarations?.[name] ?? null };
  const [version, patchlevel, sublevel] = parseRelease(release);
  const answer = ({ probe, since: [major, minor], backported = [] }: Row): RowAnswer => {
    const asked = probe?.(evidence) ?? null;
    if (asked !== null) return { has: asked, by: 'probe' };
    const has =
      version > major ||
      (version === major && patchlevel >= minor) ||
      backported.some(([v, p, update]) => v === version && p === patchlevel && sublevel >= update);
    return { has, by: 'release' };
  };
  const entries = Object.entries(ROWS).map(([name, row]) => [name, answer(row)]);
  return Object.fromEntries(entries) as Record<RowName, RowAnswer>;
}

export interface RowAnswer {
  readonly has: boolean;
  readonly by: 'probe' | 'release';
}

/** Derives the behaviour of the loader of the kernel that `facts` describe. */
export function deriveFeatures(facts: Target): Features {
  const { arch, config } = facts;
  const { is64, littleEndian, pageSize, prel32Exports, retpoline, ignoredUndefined } = ARCHES[arch];
  const rows = rowsOf(facts);
  const has = (name: RowName): boolean => rows[name].has;
  const on = (option: string): boolean => config[option] === 'y';
  const debian = facts.distribution === 'debian';
  // 5.10 pads for any architecture that could protect modules; later only when it is configured.
  const strictModuleRwx = on('STRICT_MODULE_RWX');

  return {
    arch,
    is64,
    littleEndian,
    pageSize: pageSize(config),
    elfChecks: elfChecks(has),
    symbolNamesChecked: has('symbolNamesChecked'),
    finitFlags: has('compressedFileFlag') ? 7 : has('finitModule') ? 3 : 0,
    decompression: decompression(config, has),
    modversions: on('MODVERSIONS'),
    extendedModversions: has('extendedModversions'),
    missingVersionRefuses: debian,
    moduleSig: on('MODULE_SIG'),
    moduleSigForce: on('MODULE_SIG_FORCE'),
    signatureWithAnyFlags: has('signatureWithAnyFlags'),
    lockdown: on('SECURITY_LOCKDOWN_LSM'),
    forceLoad: on('MODULE_FORCE_LOAD'),
    forceUnload: on('MODULE_FORCE_UNLOAD'),
    moduleUnload: on('MODULE_UNLOAD'),
    moduleBlacklist: has('moduleBlacklist'),
    earlyExistsCheck: has('earlyExistsCheck'),
    retpoline: retpoline && (on('RETPOLINE') || on('MITIGATION_RETPOLINE')) && has('retpoline'),
    livepatch: on('LIVEPATCH'),
    testTaint: has('testTaint'),
    strictModuleRwx: strictModuleRwx && has('rwxSectionsRefused'),
    roAfterInit: has('roAfterInit'),
    jumpTableRoAfterInit: has('jumpTableRoAfterInit'),
    staticCallsRoAfterInit: has('staticCallsRoAfterInit') && on('HAVE_STATIC_CALL_INLINE'),
    regionsByType: has('regionsByType'),
    paddedRegions: has('paddedWhereConfigured') ? strictModuleRwx : on('ARCH_HAS_STRICT_MODULE_RWX'),
    roxText: on('ARCH_HAS_EXECMEM_ROX') && strictModuleRwx,
    execmem: has('execmem'),
    kallsyms: on('KALLSYMS'),
    kallsymsAll: on('KALLSYMS_ALL'),
    smp: on('SMP'),
    percpuRelocations: has('percpuRelocations'),
    constructors: on('CONSTRUCTORS'),
    exportTables: exportTables(config, has),
    exportFlags: has('exportFlags'),
    prel32Exports: has('prel32Exports') && prel32Exports,
    exportNamespaces: has('exportNamespaces'),
    relativeCrcs: on('MODULE_REL_CRCS') && !has('absoluteCrcs'),
    crcSize: has('narrowCrcs') || !is64 ? 4 : 8,
    namespaceImportOptional: on('MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS'),
    moduleNamespaces: has('moduleNamespaces'),
    namespaceIsString: has('namespaceIsString'),
    taintInheritance: has('taintInheritance'),
    taintInheritanceNamesSymbol: has('taintInheritanceNamesSymbol'),
    sectionIndexChecked: has('sectionIndexChecked'),
    ignoredUndefined: has('undefinedIgnored') ? ignoredUndefined : [],
    x86RelocationTexts: has('relocationNamesSection')
      ? 'with-section'
      : has('relocationValueFirst')
        ? 'after-overflow'
        : 'plain',
    btfModules: on('DEBUG_INFO_BTF_MODULES'),
    btfBase: has('btfBase'),
    btfLayoutSection: has('btfLayoutSection'),
    btfMismatchAllowed: on('MODULE_ALLOW_BTF_MISMATCH'),
    btfMismatchToldOnce: has('btfMismatchToldOnce'),
    dynamicDebug: on('DYNAMIC_DEBUG') || on('DYNAMIC_DEBUG_CORE'),
    paramModulePointer: has('paramModulePointer'),
    dyndbgFlags: has('dyndbgFlagD') ? 'pmfsltd_' : has('dyndbgFlagS') ? 'pmfslt_' : 'pmflt_',
    dyndbgClasses: has('dyndbgClasses'),
    unknownParameterRefuses: !has('unknownParameterWarns'),
    allParametersTried: has('argumentsAfterDashes'),
    dashesStopParsing: has('argumentsAfterDashes'),
    loneQuoteOverrun: !has('loneQuoteFixed'),
    asyncProbeValue: has('asyncProbeValue'),
    boolLetters: boolLetters(has),
    sysfsSectionErrors: has('sysfsSectionErrors'),
    initEexistBecomesEbusy: has('initEexistBecomesEbusy'),
    positiveInitNamesCaller: !has('positiveInitNamesNoCaller'),
    thisModuleSizeChecked: has('thisModuleSizeChecked'),
    deleteModuleChecksLength: has('deleteModuleChecksLength'),
    logLineMax: has('longLogLines') ? 1021 : 989,
    oids: oidRegistry(oidEras(has)),
    platformKeyring: on('INTEGRITY_PLATFORM_KEYRING'),
  };
}

type Has = (name: RowName) => boolean;

function elfChecks(has: Has): ElfChecks {
  if (has('elfStringTables')) return 'string-tables';
  if (has('elfUniqueSections')) return 'unique-sections';
  if (has('elfNarrated')) return 'narrated';
  return has('elfSummary') ? 'summary' : 'classic';
}

function decompression(config: KernelFacts['config'], has: Has): Compression | null {
  if (config['MODULE_DECOMPRESS'] !== 'y') return null;
  if (config['MODULE_COMPRESS_GZIP'] === 'y') return 'gzip';
  if (config['MODULE_COMPRESS_XZ'] === 'y') return 'xz';
  return config['MODULE_COMPRESS_ZSTD'] === 'y' && has('zstdDecompression') ? 'zstd' : null;
}

function oidEras(has: Has): ReadonlySet<OidEra> {
  const eras: readonly (readonly [OidEra, RowName])[] = [
    ['curves', 'oidCurves'],
    ['file-sharing', 'oidFileSharing'],
    ['negoex', 'oidNegoex'],
    ['sha3', 'oidSha3'],
    ['p521', 'oidP521'],
    ['ml-dsa', 'oidMlDsa'],
  ];
  return new Set(eras.flatMap(([era, row]) => (has(row) ? [era] : [])));
}

function exportTables(config: KernelFacts['config'], has: Has): readonly ExportTableName[] {
  if (has('exportFlags')) return [''];
  if (has('fewExportTables')) return ['', '_gpl'];
  const unused: readonly ExportTableName[] = config['UNUSED_SYMBOLS'] === 'y' ? ['_unused', '_unused_gpl'] : [];
  return ['', '_gpl', '_gpl_future', ...unused];
}

function boolLetters(has: Has): { yes: string; no: string } {
  if (has('boolEnableDisable')) return { yes: '1yYtTeE', no: '0nNfFdD' };
  return has('boolTrueFalse') ? { yes: '1yYtT', no: '0nNfF' } : { yes: '1yY', no: '0nN' };
}
