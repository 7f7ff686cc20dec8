// Relocations of 64-bit PowerPC without prefixed instructions (arch/powerpc/kernel/module_64.c).
import type { RelocationType } from '../arch';

export type Operation =
  | 'nothing'
  | 'word'
  | 'wide'
  | 'toc'
  | 'toc16'
  | 'toc16-lo'
  | 'toc16-ds'
  | 'toc16-lo-ds'
  | 'toc16-ha'
  | 'branch'
  | 'rel32'
  | 'rel64'
  | 'entry'
  | 'rel16-ha'
  | 'rel16-lo';

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly operation: Operation;
}

function row(type: number, name: string, operation: Operation, bytes: number): RelocationRow {
  return { type, name: `R_PPC64_${name}`, operation, bytes };
}

export const R_PPC_REL24 = 10;

export const RELOCATIONS: readonly RelocationRow[] = [
  row(1, 'ADDR32', 'word', 4),
  row(R_PPC_REL24, 'REL24', 'branch', 4),
  row(26, 'REL32', 'rel32', 4),
  row(38, 'ADDR64', 'wide', 8),
  row(44, 'REL64', 'rel64', 8),
  row(47, 'TOC16', 'toc16', 2),
  row(48, 'TOC16_LO', 'toc16-lo', 2),
  row(50, 'TOC16_HA', 'toc16-ha', 2),
  row(51, 'TOC', 'toc', 8),
  row(63, 'TOC16_DS', 'toc16-ds', 2),
  row(64, 'TOC16_LO_DS', 'toc16-lo-ds', 2),
  row(109, 'TOCSAVE', 'nothing', 0),
  row(118, 'ENTRY', 'entry', 8),
  row(250, 'REL16_LO', 'rel16-lo', 2),
  row(252, 'REL16_HA', 'rel16-ha', 2),
];
