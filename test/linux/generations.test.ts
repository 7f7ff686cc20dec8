// Which behaviour follows from which kernel: the recorded ones, and the marks of history before and between them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseRelease } from '../../src/linux/generations';
import { deriveFeatures } from '../../src/linux/deriveFeatures';
import type { Features } from '../../src/linux/features';
import { configured, factsOf, GENERATIONS, type Generation } from '../support/recorded';

type Switches = { readonly [Name in keyof Features]?: Features[Name] };

const RECORDED: Readonly<Record<Generation, Switches>> = {
  '5.10': {
    elfChecks: 'summary',
    finitFlags: 3,
    decompression: null,
    modversions: true,
    signatureWithAnyFlags: false,
    earlyExistsCheck: false,
    testTaint: false,
    staticCallsRoAfterInit: false,
    regionsByType: false,
    paddedRegions: true,
    exportTables: ['', '_gpl', '_gpl_future'],
    exportFlags: false,
    percpuRelocations: false,
    taintInheritanceNamesSymbol: false,
    sectionIndexChecked: false,
    x86RelocationTexts: 'plain',
    btfModules: false,
    asyncProbeValue: false,
    boolLetters: { yes: '1yY', no: '0nN' },
    sysfsSectionErrors: false,
    initEexistBecomesEbusy: false,
    positiveInitNamesCaller: true,
    thisModuleSizeChecked: false,
    deleteModuleChecksLength: false,
  },
  '6.1': {
    elfChecks: 'narrated',
    finitFlags: 7,
    decompression: null,
    modversions: true,
    signatureWithAnyFlags: true,
    earlyExistsCheck: false,
    testTaint: true,
    regionsByType: false,
    paddedRegions: true,
    exportTables: ['', '_gpl'],
    exportFlags: false,
    percpuRelocations: false,
    taintInheritanceNamesSymbol: true,
    sectionIndexChecked: true,
    x86RelocationTexts: 'plain',
    btfModules: true,
    btfMismatchAllowed: true,
    asyncProbeValue: true,
    boolLetters: { yes: '1yYtT', no: '0nNfF' },
    sysfsSectionErrors: false,
    initEexistBecomesEbusy: false,
    positiveInitNamesCaller: true,
    thisModuleSizeChecked: false,
    deleteModuleChecksLength: true,
  },
  '6.12': {
    elfChecks: 'unique-sections',
    finitFlags: 7,
    decompression: 'xz',
    modversions: true,
    extendedModversions: false,
    signatureWithAnyFlags: true,
    earlyExistsCheck: true,
    testTaint: true,
    staticCallsRoAfterInit: false,
    regionsByType: true,
    exportTables: ['', '_gpl'],
    exportFlags: false,
    moduleNamespaces: false,
    percpuRelocations: false,
    x86RelocationTexts: 'after-overflow',
    btfMismatchAllowed: true,
    boolLetters: { yes: '1yYtT', no: '0nNfF' },
    sysfsSectionErrors: true,
    initEexistBecomesEbusy: false,
    positiveInitNamesCaller: true,
    thisModuleSizeChecked: true,
  },
  '7.2': {
    elfChecks: 'cached',
    finitFlags: 7,
    decompression: 'xz',
    modversions: false,
    extendedModversions: true,
    earlyExistsCheck: true,
    staticCallsRoAfterInit: true,
    regionsByType: true,
    exportTables: [''],
    exportFlags: true,
    moduleNamespaces: true,
    percpuRelocations: true,
    x86RelocationTexts: 'with-section',
    btfMismatchAllowed: false,
    boolLetters: { yes: '1yYtTeE', no: '0nNfFdD' },
    sysfsSectionErrors: true,
    initEexistBecomesEbusy: true,
    positiveInitNamesCaller: false,
    thisModuleSizeChecked: true,
  },
};

/** True of all four as Debian builds them for x86_64. */
const COMMON: Switches = {
  arch: 'x86_64',
  is64: true,
  littleEndian: true,
  pageSize: 4096,
  missingVersionRefuses: true,
  moduleSig: true,
  moduleSigForce: false,
  lockdown: true,
  forceLoad: true,
  forceUnload: true,
  moduleUnload: true,
  moduleBlacklist: true,
  retpoline: true,
  livepatch: true,
  strictModuleRwx: true,
  roAfterInit: true,
  jumpTableRoAfterInit: true,
  kallsyms: true,
  kallsymsAll: true,
  smp: true,
  constructors: false,
  prel32Exports: true,
  exportNamespaces: true,
  relativeCrcs: false,
  crcSize: 4,
  namespaceImportOptional: false,
  taintInheritance: true,
  ignoredUndefined: ['_GLOBAL_OFFSET_TABLE_'],
  dynamicDebug: true,
  unknownParameterRefuses: false,
  allParametersTried: true,
  dashesStopParsing: true,
};

function assertSwitches(features: Features, expected: Switches): void {
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(features[name as keyof Features], value, name);
}

for (const generation of GENERATIONS) {
  test(`${generation} as Debian ships it`, () => {
    assertSwitches(deriveFeatures(factsOf(generation)), { ...COMMON, ...RECORDED[generation] });
  });
}

/** A kernel of history, with the options a distribution would have set. */
function historic(release: string, config: Readonly<Record<string, string>> = {}): Features {
  const options = { MODULES: 'y', SMP: 'y', MODULE_UNLOAD: 'y', MODVERSIONS: 'y', KALLSYMS: 'y', ...config };
  return deriveFeatures({ release, arch: 'x86_64', config: options, distribution: null });
}

test('2.6.39: the loader the books describe', () => {
  assertSwitches(historic('2.6.39-4-amd64', { UNUSED_SYMBOLS: 'y', STRICT_MODULE_RWX: 'y' }), {
    elfChecks: 'classic',
    finitFlags: 0,
    unknownParameterRefuses: true,
    allParametersTried: false,
    dashesStopParsing: false,
    moduleBlacklist: false,
    roAfterInit: false,
    strictModuleRwx: false,
    exportNamespaces: false,
    prel32Exports: false,
    crcSize: 8,
    exportTables: ['', '_gpl', '_gpl_future', '_unused', '_unused_gpl'],
    taintInheritance: false,
    ignoredUndefined: [],
    retpoline: false,
    missingVersionRefuses: true,
  });
});

test('3.10, 3.11 and 3.15: parameters', () => {
  assertSwitches(historic('3.10.0-1160.el7.x86_64'), { finitFlags: 3, unknownParameterRefuses: true });
  assertSwitches(historic('3.11.0'), { unknownParameterRefuses: false, allParametersTried: false });
  assertSwitches(historic('3.15.0'), { allParametersTried: true, dashesStopParsing: true });
});

test('4.19: relative exports without namespaces, 32-bit CRCs', () => {
  assertSwitches(historic('4.19.0-27-amd64', { RETPOLINE: 'y' }), {
    prel32Exports: true,
    exportNamespaces: false,
    crcSize: 4,
    retpoline: true,
    moduleBlacklist: true,
    roAfterInit: true,
    taintInheritance: false,
    regionsByType: false,
    elfChecks: 'classic',
  });
});

test('each change at its release and not before', () => {
  const changes: readonly (readonly [Switches, before: string, from: string])[] = [
    [{ finitFlags: 3 }, '3.7', '3.8'],
    [{ unknownParameterRefuses: false }, '3.10', '3.11'],
    [{ moduleBlacklist: true, roAfterInit: true }, '4.7', '4.8'],
    [{ crcSize: 4 }, '4.10', '4.11'],
    [{ prel32Exports: true }, '4.18', '4.19'],
    [{ exportNamespaces: true }, '5.3', '5.4'],
    [{ exportTables: ['', '_gpl'] }, '5.11', '5.12'],
    [{ finitFlags: 7 }, '5.16', '5.17'],
    [{ testTaint: true }, '5.19', '6.0'],
    [{ regionsByType: true, thisModuleSizeChecked: true }, '6.3', '6.4'],
    [{ initEexistBecomesEbusy: true }, '7.0', '7.1'],
  ];
  for (const [change, before, from] of changes) {
    assertSwitches(historic(`${from}.0`), change);
    for (const name of Object.keys(change))
      assert.notDeepEqual(
        historic(`${before}.99`)[name as keyof Features],
        change[name as keyof Features],
        `${name} ${before}`,
      );
  }
});

test('configuration and distribution decide where they can', () => {
  assert.equal(deriveFeatures(configured('6.12', { MODULE_COMPRESS_XZ: null })).decompression, null);
  const zstd = { MODULE_COMPRESS_XZ: null, MODULE_COMPRESS_ZSTD: 'y' };
  assert.equal(deriveFeatures(configured('6.12', zstd)).decompression, 'zstd');
  assert.equal(deriveFeatures(configured('6.12', {}, { distribution: null })).missingVersionRefuses, false);
  assert.equal(deriveFeatures(configured('7.2', { MODVERSIONS: 'y' })).modversions, true);
  const arm64 = { ...configured('6.1', { ARM64_64K_PAGES: 'y' }), arch: 'arm64' } as const;
  assert.equal(deriveFeatures(arm64).pageSize, 65536);
  assert.equal(deriveFeatures({ ...factsOf('6.1'), arch: 's390x' }).littleEndian, false);
  assert.equal(deriveFeatures({ ...factsOf('6.1'), arch: 'i386' }).is64, false);
});

test('updates of a stable series take over what newer releases have', () => {
  const checks = (release: string): unknown[] => {
    const { elfChecks, symbolNamesChecked } = deriveFeatures({ ...factsOf('6.12'), release });
    return [elfChecks, symbolNamesChecked];
  };
  assert.deepEqual(checks('6.12.116+deb13-amd64'), ['unique-sections', false]);
  assert.deepEqual(checks('6.12.117+deb13-amd64'), ['cached', false]);
  assert.deepEqual(checks('6.13.0'), ['cached', true]);
  const indexes = (release: string): boolean => deriveFeatures({ ...factsOf('6.1'), release }).sectionIndexChecked;
  const updates = [
    '6.1.167',
    '6.1.168',
    '6.1.0-50-amd64',
    '6.12.79',
    '6.12.80',
    '6.16.12',
    '6.18.15',
    '6.19.10',
    '6.19.11',
    '7.0.0',
  ];
  assert.deepEqual(updates.map(indexes), [false, true, true, false, true, false, false, false, true, true]);
  // The types of string tables are looked at later than their contents.
  const types = (release: string): boolean =>
    deriveFeatures({ ...factsOf('6.12'), release }).rows.has('stringTableTypes');
  assert.deepEqual(['6.12.117+deb13-amd64', '6.16.12', '7.1.13', '7.2.0'].map(types), [true, false, false, true]);
});

test('releases as kernels spell them', () => {
  assert.deepEqual(parseRelease('6.12.107+deb13-amd64'), [6, 12, 107]);
  assert.deepEqual(parseRelease('6.1.0-50-amd64'), [6, 1, 0]);
  assert.deepEqual(parseRelease('6.16-rc3'), [6, 16, 0]);
  assert.deepEqual(parseRelease('10.2.0'), [10, 2, 0]);
  assert.deepEqual(parseRelease('next-20260101'), [0, 0, 0]);
  assert.deepEqual(parseRelease(''), [0, 0, 0]);
});
