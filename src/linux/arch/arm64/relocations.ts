// Relocations of arm64 (arch/arm64/kernel/module.c). The kernel, not the psABI, is the specification.
import type { RelocationType } from '../arch';

/** How a value gets into its field: a number, a MOVZ/MOVN/MOVK, an immediate, a page, or a branch that may need a PLT entry. */
export type Operation = 'none' | 'data' | 'movw' | 'immediate' | 'page' | 'branch';

/** The immediate fields of A64 instructions (arch/arm64/lib/insn.c): lowest bit and width; ADR is split in two. */
export interface Immediate {
  readonly lsb: number;
  readonly bits: number;
  /** The bits of the field, at the right end. */
  readonly mask: number;
}

const immediate = (lsb: number, bits: number): Immediate => ({ lsb, bits, mask: 2 ** bits - 1 });

const IMM_26: Immediate = immediate(0, 26);
const IMM_19: Immediate = immediate(5, 19);
const IMM_14: Immediate = immediate(5, 14);
const IMM_12: Immediate = immediate(10, 12);
export const IMM_ADR: Immediate = immediate(5, 21);

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly bytes: 0 | 2 | 4 | 8;
  readonly operation: Operation;
  /** S + A - P instead of S + A; of pages for `page`. */
  readonly pcRelative: boolean;
  /** A result that does not fit refuses the module. */
  readonly checked: boolean;
  /** Bits of the value that are left out on the right. */
  readonly shift: number;
  /** Bits of the value that go into the field. */
  readonly length: number;
  /** The same as a mask, and how far a signed value reaches. */
  readonly mask: number;
  readonly reach: number;
  readonly field: Immediate;
  /** MOVW: a negative value makes the instruction a MOVN. */
  readonly signed: boolean;
}

type Traits = Partial<Omit<RelocationRow, 'type' | 'name' | 'mask' | 'reach'>>;

function row(type: number, name: string, operation: Operation, traits: Traits = {}): RelocationRow {
  const { shift = 0, length = 0 } = traits;
  return {
    type,
    name: `R_AARCH64_${name}`,
    mask: 2 ** length - 1,
    reach: 2 ** (length - 1 + shift),
    operation,
    bytes: 4,
    pcRelative: false,
    checked: true,
    shift: 0,
    length: 0,
    field: IMM_12,
    signed: false,
    ...traits,
  };
}

const data = (type: number, name: string, bytes: 2 | 4 | 8, pcRelative: boolean): RelocationRow =>
  row(type, name, 'data', { bytes, pcRelative, checked: bytes < 8 });
const movw = (type: number, name: string, shift: number, traits: Traits): RelocationRow =>
  row(type, `MOVW_${name}`, 'movw', { shift, length: 16, ...traits });
const low12 = (type: number, name: string, shift: number): RelocationRow =>
  row(type, `${name}_ABS_LO12_NC`, 'immediate', { shift, length: 12 - shift, checked: false });
const pcRelative = (type: number, name: string, field: Immediate, shift: number): RelocationRow =>
  row(type, name, 'immediate', { field, shift, length: field.bits, pcRelative: true });
const branch = (type: number, name: string): RelocationRow =>
  row(type, name, 'branch', { field: IMM_26, shift: 2, length: 26, pcRelative: true });

const SIGNED = { signed: true };
const NO_CHECK = { checked: false };
const PREL = { pcRelative: true };

export const R_AARCH64_ADR_PREL_PG_HI21 = 275;
export const R_AARCH64_ADR_PREL_PG_HI21_NC = 276;
export const R_AARCH64_JUMP26 = 282;
export const R_AARCH64_CALL26 = 283;

export const RELOCATIONS: readonly RelocationRow[] = [
  { ...row(0, 'NONE', 'none', { bytes: 0 }), name: 'R_ARM_NONE' },
  row(256, 'NONE', 'none', { bytes: 0 }),
  data(257, 'ABS64', 8, false),
  data(258, 'ABS32', 4, false),
  data(259, 'ABS16', 2, false),
  data(260, 'PREL64', 8, true),
  data(261, 'PREL32', 4, true),
  data(262, 'PREL16', 2, true),
  movw(263, 'UABS_G0', 0, {}),
  movw(264, 'UABS_G0_NC', 0, NO_CHECK),
  movw(265, 'UABS_G1', 16, {}),
  movw(266, 'UABS_G1_NC', 16, NO_CHECK),
  movw(267, 'UABS_G2', 32, {}),
  movw(268, 'UABS_G2_NC', 32, NO_CHECK),
  movw(269, 'UABS_G3', 48, NO_CHECK),
  movw(270, 'SABS_G0', 0, SIGNED),
  movw(271, 'SABS_G1', 16, SIGNED),
  movw(272, 'SABS_G2', 32, SIGNED),
  pcRelative(273, 'LD_PREL_LO19', IMM_19, 2),
  pcRelative(274, 'ADR_PREL_LO21', IMM_ADR, 0),
  row(R_AARCH64_ADR_PREL_PG_HI21, 'ADR_PREL_PG_HI21', 'page', { pcRelative: true }),
  row(R_AARCH64_ADR_PREL_PG_HI21_NC, 'ADR_PREL_PG_HI21_NC', 'page', { pcRelative: true, checked: false }),
  low12(277, 'ADD', 0),
  low12(278, 'LDST8', 0),
  pcRelative(279, 'TSTBR14', IMM_14, 2),
  pcRelative(280, 'CONDBR19', IMM_19, 2),
  branch(R_AARCH64_JUMP26, 'JUMP26'),
  branch(R_AARCH64_CALL26, 'CALL26'),
  low12(284, 'LDST16', 1),
  low12(285, 'LDST32', 2),
  low12(286, 'LDST64', 3),
  movw(287, 'PREL_G0', 0, { ...PREL, ...SIGNED }),
  movw(288, 'PREL_G0_NC', 0, { ...PREL, ...NO_CHECK }),
  movw(289, 'PREL_G1', 16, { ...PREL, ...SIGNED }),
  movw(290, 'PREL_G1_NC', 16, { ...PREL, ...NO_CHECK }),
  movw(291, 'PREL_G2', 32, { ...PREL, ...SIGNED }),
  movw(292, 'PREL_G2_NC', 32, { ...PREL, ...NO_CHECK }),
  movw(293, 'PREL_G3', 48, { ...PREL, ...SIGNED, ...NO_CHECK }),
  low12(299, 'LDST128', 4),
];
