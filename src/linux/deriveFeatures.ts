// From the facts about a kernel to the behaviour of its loader.
import { ARCHES } from './arch/index';
import type { BoolLetters, Compression, ElfChecks, ExportTableName, Features } from './features';
import { rowsOf, type RowName } from './generations';
import { oidRegistry, type OidEra } from './lib/oidRegistry';
import type { KernelFacts } from '../target/types';

type Target = Pick<KernelFacts, 'release' | 'arch' | 'config' | 'distribution' | 'declarations' | 'image'>;

/** Derives the behaviour of the loader of the kernel that `facts` describe. */
export function deriveFeatures(facts: Target): Features {
  const { arch, config } = facts;
  const { is64, littleEndian, pageSize, addresses, prel32Exports, retpoline, ignoredUndefined } = ARCHES[arch];
  const rows = rowsOf(facts);
  const has = (name: RowName): boolean => rows[name].has;
  const on = (option: string): boolean => config[option] === 'y';
  const debian = facts.distribution === 'debian';
  // 5.10 pads for any architecture that could protect modules; later only when it is configured.
  const strictModuleRwx = on('STRICT_MODULE_RWX');

  return {
    arch,
    rows: new Set((Object.keys(rows) as RowName[]).filter(has)),
    is64,
    littleEndian,
    pageSize: pageSize(config),
    addresses: addresses(config),
    elfChecks: elfChecks(has),
    symbolNamesChecked: has('symbolNamesChecked'),
    finitFlags: has('compressedFileFlag') ? 7 : has('finitModule') ? 3 : 0,
    decompression: decompression(config, has),
    modversions: on('MODVERSIONS'),
    extendedModversions: has('extendedModversions'),
    missingVersionRefuses: debian || !has('missingVersionTolerated'),
    moduleSig: on('MODULE_SIG') && has('signatures'),
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
    staticCallInline: on('HAVE_STATIC_CALL_INLINE'),
    regionsByType: has('regionsByType'),
    paddedRegions: paddedRegions(on, has),
    roxText: on('ARCH_HAS_EXECMEM_ROX') && strictModuleRwx,
    execmem: has('execmem'),
    kallsyms: on('KALLSYMS'),
    kallsymsAll: on('KALLSYMS_ALL'),
    // Every whole configuration of a kernel that loads modules has MODULES.
    kallsymsAllKnown: on('KALLSYMS_ALL') || on('MODULES'),
    smp: on('SMP'),
    percpuRelocations: has('percpuRelocations'),
    constructors: on('CONSTRUCTORS'),
    exportTables: exportTables(config, has),
    exportFlags: has('exportFlags'),
    // User-mode Linux takes the module code of x86, and not what arch/x86/Kconfig selects.
    prel32Exports: has('prel32Exports') && prel32Exports && !on('UML'),
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

function paddedRegions(on: (option: string) => boolean, has: Has): boolean {
  if (!has('ronxOption')) return on('DEBUG_SET_MODULE_RONX');
  return on(has('paddedWhereConfigured') ? 'STRICT_MODULE_RWX' : 'ARCH_HAS_STRICT_MODULE_RWX');
}

function elfChecks(has: Has): ElfChecks {
  if (has('elfValidityCache')) return 'cached';
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

function boolLetters(has: Has): BoolLetters {
  if (!has('boolOnOff')) return { yes: '1yY', no: '0nN', wordless: true };
  if (has('boolEnableDisable')) return { yes: '1yYtTeE', no: '0nNfFdD' };
  return has('boolTrueFalse') ? { yes: '1yYtT', no: '0nNfF' } : { yes: '1yY', no: '0nN' };
}
