// Relocations of 64-bit LoongArch (arch/loongarch/kernel/module.c).
import type { RelocationType } from '../arch';

export type Operation =
  | 'none'
  | 'word'
  | 'wide'
  | 'push-pcrel'
  | 'push-absolute'
  | 'push-dup'
  | 'push-plt'
  | 'stack'
  | 'pop'
  | 'add'
  | 'sub'
  | 'branch'
  | 'page'
  | 'got-page'
  | 'pcadd-high'
  | 'pcadd-low'
  | 'pcrel32'
  | 'pcrel64'
  | 'unsupported';

/** Where the bits of a value go in an instruction (asm/inst.h); `split` fields have their upper bits at the right end. */
export type Field = 'i12' | 'i16' | 'i20' | 'i21' | 'i26' | 'word';

/** Since which kernels a type is known. */
export type Since = 'always' | 'pcrel' | 'pcadd';

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly operation: Operation;
  readonly field: Field;
  /** Pops: bits that the number may have, and whether it counts words and has a sign. */
  readonly bits: number;
  readonly words: boolean;
  readonly signed: boolean;
  readonly since: Since;
}

type Traits = Partial<Omit<RelocationRow, 'type' | 'name' | 'operation'>>;

const row = (type: number, name: string, operation: Operation, traits: Traits = {}): RelocationRow => ({
  type,
  name: `R_LARCH_${name}`,
  operation,
  bytes: 4,
  field: 'word',
  bits: 0,
  words: false,
  signed: true,
  since: 'always',
  ...traits,
});

const stack = (type: number, name: string, operation: Operation): RelocationRow =>
  row(type, `SOP_${name}`, operation, { bytes: 0 });

const pop = (type: number, name: string, field: Field, bits: number, traits: Traits = {}): RelocationRow =>
  row(type, `SOP_POP_32_${name}`, 'pop', { field, bits, ...traits });

const WORDS = { words: true };
const PCADD = { since: 'pcadd' } as const;

export const R_LARCH_SOP_PUSH_PLT_PCREL = 29;
export const R_LARCH_B26 = 66;
export const R_LARCH_PCALA_LO12 = 72;
export const R_LARCH_PCALA64_LO20 = 73;
export const R_LARCH_PCALA64_HI12 = 74;
export const R_LARCH_GOT_PC_HI20 = 75;
export const R_LARCH_GOT_PC_LO12 = 76;
export const R_LARCH_PCADD_HI20 = 128;
export const R_LARCH_GOT_PCADD_HI20 = 130;
export const R_LARCH_GOT_PCADD_LO12 = 131;

/** Of the stack machine: what the kernel computes of the numbers on top. */
export const SOP = { SUB: 32, SL: 33, SR: 34, ADD: 35, AND: 36, IF_ELSE: 37 } as const;

const KNOWN: readonly RelocationRow[] = [
  row(0, 'NONE', 'none', { bytes: 0 }),
  row(1, '32', 'word'),
  row(2, '64', 'wide', { bytes: 8 }),
  row(20, 'MARK_LA', 'none', { bytes: 0 }),
  row(21, 'MARK_PCREL', 'none', { bytes: 0 }),
  stack(22, 'PUSH_PCREL', 'push-pcrel'),
  stack(23, 'PUSH_ABSOLUTE', 'push-absolute'),
  stack(24, 'PUSH_DUP', 'push-dup'),
  stack(R_LARCH_SOP_PUSH_PLT_PCREL, 'PUSH_PLT_PCREL', 'push-plt'),
  stack(SOP.SUB, 'SUB', 'stack'),
  stack(SOP.SL, 'SL', 'stack'),
  stack(SOP.SR, 'SR', 'stack'),
  stack(SOP.ADD, 'ADD', 'stack'),
  stack(SOP.AND, 'AND', 'stack'),
  stack(SOP.IF_ELSE, 'IF_ELSE', 'stack'),
  // Takes a number from the stack, and is not known then.
  pop(38, 'S_10_5', 'word', 0, { bytes: 0 }),
  pop(39, 'U_10_12', 'i12', 12, { signed: false }),
  pop(40, 'S_10_12', 'i12', 12),
  pop(41, 'S_10_16', 'i16', 16),
  pop(42, 'S_10_16_S2', 'i16', 18, WORDS),
  pop(43, 'S_5_20', 'i20', 20),
  pop(44, 'S_0_5_10_16_S2', 'i21', 23, WORDS),
  pop(45, 'S_0_10_10_16_S2', 'i26', 28, WORDS),
  pop(46, 'U', 'word', 32, { signed: false }),
  row(50, 'ADD32', 'add'),
  row(51, 'ADD64', 'add', { bytes: 8 }),
  row(55, 'SUB32', 'sub'),
  row(56, 'SUB64', 'sub', { bytes: 8 }),
  row(R_LARCH_B26, 'B26', 'branch', { field: 'i26', bits: 28, words: true }),
  row(71, 'PCALA_HI20', 'page', { field: 'i20' }),
  row(R_LARCH_PCALA_LO12, 'PCALA_LO12', 'page', { field: 'i12' }),
  row(R_LARCH_PCALA64_LO20, 'PCALA64_LO20', 'page', { field: 'i20' }),
  row(R_LARCH_PCALA64_HI12, 'PCALA64_HI12', 'page', { field: 'i12' }),
  row(R_LARCH_GOT_PC_HI20, 'GOT_PC_HI20', 'got-page', { field: 'i20' }),
  row(R_LARCH_GOT_PC_LO12, 'GOT_PC_LO12', 'got-page', { field: 'i12' }),
  row(99, '32_PCREL', 'pcrel32', { since: 'pcrel' }),
  row(109, '64_PCREL', 'pcrel64', { bytes: 8, since: 'pcrel' }),
  row(R_LARCH_PCADD_HI20, 'PCADD_HI20', 'pcadd-high', { ...PCADD, field: 'i20' }),
  row(129, 'PCADD_LO12', 'pcadd-low', { ...PCADD, field: 'i12' }),
  row(R_LARCH_GOT_PCADD_HI20, 'GOT_PCADD_HI20', 'pcadd-high', { ...PCADD, field: 'i20' }),
  row(R_LARCH_GOT_PCADD_LO12, 'GOT_PCADD_LO12', 'pcadd-low', { ...PCADD, field: 'i12' }),
];

/** SUB8, SUB16 and SUB24 lie between ADD32 and SUB64 in the kernel's table, and get another text than the rest. */
export const isSubtraction = (type: number): boolean => type >= 52 && type <= 54;

/** The last type that the kernel's table names: those above are unknown, those below without a handler not supported. */
export const lastType = (knowsPcadd: boolean): number => (knowsPcadd ? 139 : 109);

const numbers = new Set(KNOWN.map(({ type }) => type));

/** The types that a kernel applies, and those that its table names only to refuse them. */
export const RELOCATIONS: readonly RelocationRow[] = [
  ...KNOWN,
  ...Array.from({ length: lastType(true) + 1 }, (_, type) => type)
    .filter(type => !numbers.has(type))
    .map(type => row(type, `type ${type}`, 'unsupported', { bytes: 0 })),
];

/** Types that have a name. */
export const NAMED = KNOWN;
