// What is known of a target: every fact with where it was learnt, and how each difference between generations was decided.
import { rowsOf, type RowName } from '../linux/generations';
import type { FactName, KernelFacts } from '../target/types';

export interface TargetReport {
  readonly schema: 1;
  /** The path that was given. */
  readonly target: string;
  readonly release: string;
  readonly arch: KernelFacts['arch'];
  readonly facts: readonly ReportedFact[];
  readonly generation: readonly ReportedRow[];
}

export interface ReportedFact {
  readonly name: FactName;
  /** In a few words; null where the fact is not known. */
  readonly value: string | null;
  /** A path, and what was read there; null where that is not known. */
  readonly source: string | null;
}

export interface ReportedRow {
  /** Its name in src/linux/generations.ts. */
  readonly name: RowName;
  readonly has: boolean;
  /** `probe`: the target was asked. `release`: it holds nothing to ask, and its number decides. */
  readonly by: 'probe' | 'release';
}

export function reportTarget(target: string, facts: KernelFacts): TargetReport {
  const sources = facts.sources ?? {};
  const rows = Object.entries(rowsOf(facts)) as [RowName, { has: boolean; by: 'probe' | 'release' }][];
  return {
    schema: 1,
    target,
    release: facts.release,
    arch: facts.arch,
    facts: FACTS.map(([name, valueOf]) => {
      const value = valueOf(facts);
      return { name, value, source: value === null ? null : (sources[name] ?? null) };
    }),
    generation: rows.map(([name, { has, by }]) => ({ name, has, by })),
  };
}

/** Every fact, in the order it is shown, and what is said of it. */
const FACTS: readonly (readonly [FactName, (facts: KernelFacts) => string | null])[] = [
  ['release', ({ release }) => release],
  ['vermagic', ({ vermagic }) => vermagic || null],
  ['config', ({ config }) => `${Object.keys(config).length} options`],
  ['distribution', ({ distribution }) => distribution],
  ['exports', exportsOf],
  [
    'structModule',
    ({ structModule }) =>
      structModule &&
      `${structModule.size} bytes, init at ${structModule.init ?? 'an unknown offset'}, exit at ${structModule.exit ?? 'an unknown offset'}`,
  ],
  ['builtin', ({ builtin }) => builtin && `${builtin.length} names`],
  ['trustedKeys', ({ trustedKeys }) => trustedKeys && `${trustedKeys.certificates.length} certificates`],
  // A keyring makes them superfluous, and reading them costs.
  [
    'ownSigners',
    ({ trustedKeys, ownSigners }) => (trustedKeys || ownSigners.length === 0 ? null : `${ownSigners.length} signers`),
  ],
  ['btf', ({ btf }) => btf && `${btf.bytes.length} bytes`],
  [
    'declarations',
    ({ declarations }) => {
      const known = Object.values(declarations ?? {}).filter(declared => declared !== null);
      return known.length === 0 ? null : `${known.length} looked up`;
    },
  ],
  [
    'image',
    ({ image }) => (image ? `${image.texts.length} texts and ${image.types?.length ?? 'no'} types found` : null),
  ],
];

function exportsOf({ exports }: KernelFacts): string {
  let ofVmlinux = 0;
  for (let i = 0; i < exports.size; i++) if (exports.isVmlinux(i)) ofVmlinux++;
  const ofModules = exports.size - ofVmlinux;
  return `${ofVmlinux} of vmlinux, ${ofModules === 0 ? 'none' : ofModules} of modules`;
}
