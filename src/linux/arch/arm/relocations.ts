// Relocations of arm (arch/arm/kernel/module.c). Which of them a kernel knows depends on its configuration and release.
import type { RelocationType } from '../arch';
import type { Load } from '../../kernel/module/types';

export type Operation =
  'none' | 'add' | 'branch' | 'v4bx' | 'prel31' | 'mov' | 'alu' | 'ldr' | 'thumb-branch' | 'thumb-mov';

/** What a kernel must have to know a type. */
export type Wanted = 'always' | 'relative' | 'group' | 'thumb' | 'thumb-relative';

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly operation: Operation;
  /** Takes the place away. */
  readonly pcRelative: boolean;
  /** MOVT: the upper half of the value. */
  readonly upper: boolean;
  readonly wanted: Wanted;
}

function row(
  type: number,
  name: string,
  operation: Operation,
  more: Partial<Omit<RelocationRow, 'type' | 'name'>> = {},
): RelocationRow {
  const bytes = operation === 'none' ? 0 : 4;
  return { type, name: `R_ARM_${name}`, operation, bytes, pcRelative: false, upper: false, wanted: 'always', ...more };
}

const PLACE = { pcRelative: true };
const UPPER = { upper: true };

export const R_ARM_PC24 = 1;
export const R_ARM_THM_CALL = 10;
export const R_ARM_CALL = 28;
export const R_ARM_JUMP24 = 29;
export const R_ARM_THM_JUMP24 = 30;

export const RELOCATIONS: readonly RelocationRow[] = [
  row(0, 'NONE', 'none'),
  row(R_ARM_PC24, 'PC24', 'branch'),
  row(2, 'ABS32', 'add'),
  row(3, 'REL32', 'add', { ...PLACE, wanted: 'relative' }),
  row(R_ARM_THM_CALL, 'THM_CALL', 'thumb-branch', { wanted: 'thumb' }),
  row(R_ARM_CALL, 'CALL', 'branch'),
  row(R_ARM_JUMP24, 'JUMP24', 'branch'),
  row(R_ARM_THM_JUMP24, 'THM_JUMP24', 'thumb-branch', { wanted: 'thumb' }),
  row(38, 'TARGET1', 'add'),
  row(40, 'V4BX', 'v4bx'),
  row(42, 'PREL31', 'prel31', PLACE),
  row(43, 'MOVW_ABS_NC', 'mov'),
  row(44, 'MOVT_ABS', 'mov', UPPER),
  row(45, 'MOVW_PREL_NC', 'mov', { ...PLACE, wanted: 'relative' }),
  row(46, 'MOVT_PREL', 'mov', { ...PLACE, ...UPPER, wanted: 'relative' }),
  row(47, 'THM_MOVW_ABS_NC', 'thumb-mov', { wanted: 'thumb' }),
  row(48, 'THM_MOVT_ABS', 'thumb-mov', { ...UPPER, wanted: 'thumb' }),
  row(49, 'THM_MOVW_PREL_NC', 'thumb-mov', { ...PLACE, wanted: 'thumb-relative' }),
  row(50, 'THM_MOVT_PREL', 'thumb-mov', { ...PLACE, ...UPPER, wanted: 'thumb-relative' }),
  row(57, 'ALU_PC_G0_NC', 'alu', { ...PLACE, wanted: 'group' }),
  row(59, 'ALU_PC_G1_NC', 'alu', { ...PLACE, wanted: 'group' }),
  row(63, 'LDR_PC_G2', 'ldr', { ...PLACE, wanted: 'group' }),
];

/** Whether that kernel has a case for the type. */
export function isKnown({ features, facts: { config } }: Load, { wanted }: RelocationRow): boolean {
  const relative = features.rows.has('armRelativeRelocations');
  const thumb = config['THUMB2_KERNEL'] === 'y';
  switch (wanted) {
    case 'always':
      return true;
    case 'relative':
      return relative;
    case 'group':
      return config['ARM_HAS_GROUP_RELOCS'] === 'y';
    case 'thumb':
      return thumb;
    case 'thumb-relative':
      return thumb && relative;
  }
}
