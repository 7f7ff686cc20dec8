// How loaders changed over time. Each difference is a row: a probe asks the target itself, because distributions backport; the
// release decides only where there is nothing to ask. This is the only place that knows releases.
import type { KernelFacts } from '../target/types';
import { ARCH_ROWS } from './archGenerations';
import { CLASSIC_ROWS } from './classicGenerations';
import type { Evidence, KernelRelease, Row } from './generationRow';

/**
 * The numbers behaviour is decided by, of a release such as `6.12.107+deb13-amd64`; 0 for those that are not there.
 * Distributions that keep a release from update to update say 0 for the sublevel although they backport.
 */
export function parseRelease(release: string): KernelRelease {
  const [, version, patchlevel, sublevel] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release) ?? [];
  return [Number(version ?? 0), Number(patchlevel ?? 0), Number(sublevel ?? 0)];
}

/** Releases before 5.10 for which the answers of a booted kernel are compared with ours (test/kernel/classic). */
const BOOTED: readonly (readonly [version: number, patchlevel: number])[] = [
  [3, 10],
  [4, 8],
];

/** Whether booted kernels confirm the rules for a release. For other releases the rules come from sources alone. */
export function isJudged(release: string): boolean {
  const [version, patchlevel] = parseRelease(release);
  if (version > 5 || (version === 5 && patchlevel >= 10)) return true;
  return BOOTED.some(([v, p]) => v === version && p === patchlevel);
}

const not = (asked: boolean | null): boolean | null => (asked === null ? null : !asked);

const STRING_TABLE_TYPE = 'Invalid ELF section name table type: %u';

/** Every difference over time, by name. */
export const ROWS = {
  ...CLASSIC_ROWS,
  ...ARCH_ROWS,
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
  elfNarrated: {
    probe: ({ says }) => says('Invalid ELF header magic: != %s'),
    since: [5, 17],
    commit: 'between 5.10 and 6.1: a line for each check',
  },
  elfUniqueSections: {
    probe: ({ says }) => says('Only one .modinfo section must exist.'),
    since: [6, 4],
    commit: 'between 6.1 and 6.12',
  },
  elfValidityCache: {
    probe: ({ says }) => {
      // Snapshots of earlier versions do not have the first text; who has the second one has both.
      return says('Exactly one .gnu.linkonce.this_module section must exist.') || says(STRING_TABLE_TYPE);
    },
    since: [6, 13],
    backported: [[6, 12, 117]],
    commit: 'c92aab819d56 ("module: Factor out elf_validity_cache_sechdrs") and the rest of the series',
  },
  stringTableTypes: {
    probe: ({ says }) => says(STRING_TABLE_TYPE),
    since: [7, 2],
    backported: [[6, 12, 117]],
    commit: '"module: validate string table section types"; 7.1 does not have it',
  },
  symbolNamesChecked: {
    probe: ({ says }) => says('symbol name out of bounds in string table'),
    since: [6, 13],
    commit: '"module: Additional validation in elf_validity_cache_strtab"',
  },
  extendedModversions: {
    probe: ({ says }) => says('__version_ext_crcs'),
    since: [6, 14],
    commit: '54ac1ac8edeb ("modules: Support extended MODVERSIONS info")',
  },
  signatureWithAnyFlags: { since: [5, 17], commit: 'a4f1f9d1 of the 5.17 series' },
  moduleBlacklist: { since: [4, 8], commit: 'before 5.10' },
  earlyExistsCheck: { since: [6, 6], commit: 'between 6.1 and 6.12' },
  retpoline: { since: [4, 15], commit: 'before 5.10' },
  testTaint: {
    probe: ({ says }) => says('%s: loading test module taints kernel.'),
    since: [6, 0],
    commit: 'between 5.10 and 6.1',
  },
  fwctlTaint: { since: [6, 15], commit: '"fwctl: Add basic structure": a separate taint' },
  allTaintsOfModules: { since: [6, 13], commit: 'after 6.12; 7.2 has it: no taint is kept from the list of a module' },
  rwxSectionsRefused: { since: [5, 8], commit: 'before 5.10' },
  roAfterInit: { since: [4, 8], commit: 'before 5.10' },
  jumpTableRoAfterInit: { since: [5, 1], commit: 'before 5.10' },
  staticCallTrampolines: {
    since: [5, 12],
    commit: '73f44fe19d35 ("static_call: Allow module use without exposing static_call_key")',
  },
  staticCallsRoAfterInit: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  regionsByType: {
    probe: ({ declares, types }) => declares('struct module_memory') ?? types('struct module_memory'),
    since: [6, 4],
    commit: 'ac3b43283923 ("module: replace module_layout with module_memory")',
  },
  paddedWhereConfigured: { since: [5, 11], commit: 'between 5.10 and 6.1' },
  execmem: { since: [6, 10], commit: '12af2b83d0b1 ("mm: introduce execmem_alloc() and execmem_free()")' },
  percpuRelocations: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  exportFlags: {
    probe: ({ declares, types }) => declares('__kflagstab') ?? types('struct symsearch.flagstab'),
    since: [6, 19],
    commit: 'after 6.12; 7.2 has it: a flag byte for each export replaces the tables of GPL-only exports',
  },
  fewExportTables: {
    probe: ({ types }) => not(types('struct module.gpl_future_syms')),
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
  taintInheritance: {
    probe: ({ types }) => types('struct module.using_gplonly_symbols'),
    since: [5, 9],
    commit: 'before 5.10',
  },
  taintInheritanceNamesSymbol: {
    probe: ({ says }) => says(': module using GPL-only symbols uses symbols %s from proprietary module %s.'),
    since: [5, 11],
    commit: 'between 5.10 and 6.1',
  },
  sectionIndexChecked: {
    probe: ({ says }) => says('%s: Symbol %s has an invalid section index %u (max %u)'),
    since: [7, 0],
    backported: [
      [6, 1, 168],
      [6, 12, 80],
      [6, 19, 11],
    ],
    whereHidden: true,
    commit: '"module: Fix kernel panic when a symbol st_shndx is out of bounds"',
  },
  undefinedIgnored: { since: [5, 10], commit: 'before 5.10' },
  relocationValueFirst: {
    probe: ({ says }) => says('x86/modules: Invalid relocation target, existing value is nonzero'),
    since: [6, 4],
    commit: 'between 6.1 and 6.12',
  },
  relocationNamesSection: {
    probe: ({ says }) => says('overflow in relocation type %d val %llx sec'),
    since: [6, 13],
    commit: 'after 6.12; 7.2 has it',
  },
  btfBase: { probe: ({ says }) => says('\0.BTF.base\0'), since: [6, 11], commit: 'between 6.1 and 6.12' },
  btfLayoutSection: {
    probe: ({ types }) => types('struct btf_header.layout_off'),
    since: [7, 0],
    commit: 'after 6.19; 7.2 has it',
  },
  btfFloats: { since: [5, 13], commit: 'b1828f0b0482 ("bpf: Add BTF_KIND_FLOAT support")' },
  btfDeclTags: { since: [5, 16], commit: 'b5ea834dde6b and 223f903e9c83: tags of declarations' },
  btfTypeTags: {
    since: [5, 17],
    commit: '8c42d2fa4eea ("bpf: Support BTF_KIND_TYPE_TAG for btf_type_tag attributes")',
  },
  btfLogSpaced: { since: [5, 17], commit: '5.17: "BPF: " and no second newline' },
  btfEnum64: { since: [6, 0], commit: '6089fb325cf7 ("bpf: Add btf enum64 support")' },
  btfPrintableSections: { since: [6, 6], commit: 'between 6.1 and 6.12' },
  btfFlaggedTags: { since: [6, 15], commit: '53ee0d66d7a6 ("bpf: Allow kind_flag for BTF type and decl tags")' },
  btfTagsAnywhere: {
    // Where the text is missing there may be no type tags yet: then the release decides.
    probe: ({ says }) => (says("Type tags don't precede modifiers") === true ? false : null),
    since: [6, 13],
    commit: 'after 6.12; 7.2 has it',
  },
  longKsymNames: { since: [6, 1], commit: 'b8a94bfb3395 ("kallsyms: increase maximum kernel symbol length to 512")' },
  btfMismatchToldOnce: { since: [6, 5], commit: 'between 6.1 and 6.12' },
  paramModulePointer: {
    probe: ({ types }) => types('struct kernel_param.mod'),
    since: [4, 2],
    commit: 'b51d23e4e9fe and 91f9d330cc14',
  },
  dyndbgFlagS: { since: [6, 3], commit: 'between 6.1 and 6.12' },
  dyndbgFlagD: { since: [6, 13], commit: 'after 6.12; 7.2 has it' },
  dyndbgClasses: {
    probe: ({ types }) => types('struct ddebug_class_map'),
    since: [6, 1],
    commit: 'between 5.10 and 6.1',
  },
  unknownParameterWarns: {
    since: [3, 11],
    judged: true,
    commit: '54041d8a7333 ("modules: don\'t fail to load on unknown parameters")',
  },
  argumentsAfterDashes: { since: [3, 15], judged: true, commit: '3.15: all parameters are tried, and "--" ends them' },
  loneQuoteFixed: { since: [5, 19], commit: 'between 5.10 and 6.1' },
  asyncProbeValue: { since: [5, 17], commit: 'between 5.10 and 6.1' },
  boolTrueFalse: { since: [5, 17], commit: 'b2dcf8cf9ed4: t and f' },
  boolEnableDisable: { since: [6, 13], commit: 'after 6.12; 7.2 has it: e and d' },
  sysfsSectionErrors: { since: [6, 9], commit: 'between 6.1 and 6.12' },
  initEexistBecomesEbusy: { since: [7, 1], commit: 'between 7.0 and 7.1: "module: Override -EEXIST module return"' },
  positiveInitNamesNoCaller: {
    probe: ({ says }) => not(says('%s: loading module anyway')),
    since: [6, 13],
    commit: 'after 6.12; 7.2 has it',
  },
  thisModuleSizeChecked: {
    probe: ({ says }) => says("section size must match the kernel's built struct module size at run time"),
    since: [6, 4],
    commit: 'between 6.1 and 6.12',
  },
  deleteModuleChecksLength: { since: [5, 17], commit: 'between 5.10 and 6.1' },
  longLogLines: {
    probe: ({ types }) => types('struct printk_buffers'),
    since: [6, 4],
    commit: 'between 6.1 and 6.12: PRINTKRB_RECORD_MAX',
  },
  sortsByThrees: {
    since: [6, 10],
    commit: '0e02ca29a563 ("lib/sort: optimize heapsort for handling final 2 or 3 elements")',
  },
  moduleElfCheckArch: {
    since: [6, 3],
    commit: 'f9231a996e22 ("module: add module_elf_check_arch for module-specific checks")',
  },
  oidCurves: { since: [5, 13], commit: 'between 5.10 and 6.1' },
  oidFileSharing: { since: [5, 15], commit: 'between 5.10 and 6.1' },
  oidNegoex: { since: [6, 4], commit: 'between 6.1 and 6.12' },
  oidSha3: { since: [6, 7], commit: 'between 6.1 and 6.12' },
  oidP521: { since: [6, 10], commit: 'between 6.1 and 6.12' },
  oidMlDsa: { since: [7, 0], commit: 'after 6.12; 7.2 has it' },
} as const satisfies Record<string, Row>;

export type RowName = keyof typeof ROWS;

type Target = Pick<KernelFacts, 'release' | 'declarations' | 'image'>;

/** What a kernel has of the rows, and what each answer rests on. */
export function rowsOf({ release, declarations, image }: Target): Readonly<Record<RowName, RowAnswer>> {
  const evidence: Evidence = {
    declares: name => declarations?.[name] ?? null,
    says: text => image?.texts.includes(text) ?? null,
    types: type => image?.types?.includes(type) ?? null,
  };
  const [version, patchlevel, sublevel] = parseRelease(release);
  const answer = ({ probe, since: [major, minor, third = 0], backported = [], whereHidden }: Row): RowAnswer => {
    const asked = probe?.(evidence) ?? null;
    if (asked !== null) return { has: asked, by: 'probe' };
    const has =
      version > major ||
      (version === major && (patchlevel > minor || (patchlevel === minor && sublevel >= third))) ||
      backported.some(
        ([v, p, update]) =>
          v === version && p === patchlevel && (sublevel >= update || (whereHidden === true && hidesUpdate(release))),
      );
    return { has, by: 'release' };
  };
  const entries = Object.entries(ROWS).map(([name, row]) => [name, answer(row)]);
  return Object.fromEntries(entries) as Record<RowName, RowAnswer>;
}

/** x.y.0-N, where N counts changes of the kernel's interface and not updates. */
const hidesUpdate = (release: string): boolean => /^\d+\.\d+\.0-\d/.test(release);

export interface RowAnswer {
  readonly has: boolean;
  readonly by: 'probe' | 'release';
}
