// Relocations of RISC-V (arch/riscv/kernel/module.c).
import type { RelocationType } from '../arch';

export type Operation =
  | 'nothing'
  | 'word'
  | 'wide'
  | 'branch'
  | 'jal'
  | 'rvc-branch'
  | 'rvc-jump'
  | 'call'
  | 'call-plt'
  | 'got'
  | 'pcrel'
  | 'low-i'
  | 'low-s'
  | 'hi20'
  | 'lo12-i'
  | 'lo12-s'
  | 'add'
  | 'sub'
  | 'set'
  | 'pcrel32'
  | 'plt32'
  | 'uleb-set'
  | 'uleb-sub'
  | 'align'
  | 'dynamic'
  | 'tls';

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly operation: Operation;
  /** Bits of the field, where several relocations make one value. */
  readonly bits: number;
  /** Since 6.7: unknown before. */
  readonly recent: boolean;
}

function row(
  type: number,
  name: string,
  operation: Operation,
  bytes = 4,
  more: Partial<RelocationRow> = {},
): RelocationRow {
  return { type, name: `R_RISCV_${name}`, operation, bytes, bits: 8 * bytes, recent: false, ...more };
}

const RECENT = { recent: true };

export const R_RISCV_CALL_PLT = 19;
export const R_RISCV_GOT_HI20 = 20;
export const R_RISCV_PCREL_HI20 = 23;
export const R_RISCV_PLT32 = 59;

export const RELOCATIONS: readonly RelocationRow[] = [
  row(1, '32', 'word'),
  row(2, '64', 'wide', 8),
  row(3, 'RELATIVE', 'dynamic', 0, RECENT),
  row(4, 'COPY', 'dynamic', 0, RECENT),
  row(5, 'JUMP_SLOT', 'dynamic', 0, RECENT),
  row(6, 'TLS_DTPMOD32', 'dynamic', 0, RECENT),
  row(7, 'TLS_DTPMOD64', 'dynamic', 0, RECENT),
  row(8, 'TLS_DTPREL32', 'dynamic', 0, RECENT),
  row(9, 'TLS_DTPREL64', 'dynamic', 0, RECENT),
  row(10, 'TLS_TPREL32', 'dynamic', 0, RECENT),
  row(11, 'TLS_TPREL64', 'dynamic', 0, RECENT),
  row(16, 'BRANCH', 'branch'),
  row(17, 'JAL', 'jal'),
  row(18, 'CALL', 'call', 8),
  row(R_RISCV_CALL_PLT, 'CALL_PLT', 'call-plt', 8),
  row(R_RISCV_GOT_HI20, 'GOT_HI20', 'got'),
  row(21, 'TLS_GOT_HI20', 'tls', 0, RECENT),
  row(22, 'TLS_GD_HI20', 'tls', 0, RECENT),
  row(R_RISCV_PCREL_HI20, 'PCREL_HI20', 'pcrel'),
  row(24, 'PCREL_LO12_I', 'low-i'),
  row(25, 'PCREL_LO12_S', 'low-s'),
  row(26, 'HI20', 'hi20'),
  row(27, 'LO12_I', 'lo12-i'),
  row(28, 'LO12_S', 'lo12-s'),
  row(29, 'TPREL_HI20', 'tls', 0, RECENT),
  row(30, 'TPREL_LO12_I', 'tls', 0, RECENT),
  row(31, 'TPREL_LO12_S', 'tls', 0, RECENT),
  row(32, 'TPREL_ADD', 'tls', 0, RECENT),
  row(33, 'ADD8', 'add', 1, RECENT),
  row(34, 'ADD16', 'add', 2, RECENT),
  row(35, 'ADD32', 'add', 4),
  row(36, 'ADD64', 'add', 8),
  row(37, 'SUB8', 'sub', 1, RECENT),
  row(38, 'SUB16', 'sub', 2, RECENT),
  row(39, 'SUB32', 'sub', 4),
  row(40, 'SUB64', 'sub', 8),
  row(43, 'ALIGN', 'align', 0),
  row(44, 'RVC_BRANCH', 'rvc-branch', 2),
  row(45, 'RVC_JUMP', 'rvc-jump', 2),
  row(51, 'RELAX', 'nothing', 0),
  row(52, 'SUB6', 'sub', 1, { ...RECENT, bits: 6 }),
  row(53, 'SET6', 'set', 1, { ...RECENT, bits: 6 }),
  row(54, 'SET8', 'set', 1, RECENT),
  row(55, 'SET16', 'set', 2, RECENT),
  row(56, 'SET32', 'set', 4, RECENT),
  row(57, '32_PCREL', 'pcrel32', 4, RECENT),
  row(58, 'IRELATIVE', 'dynamic', 0, RECENT),
  row(R_RISCV_PLT32, 'PLT32', 'plt32', 4, RECENT),
  row(60, 'SET_ULEB128', 'uleb-set', 1, { ...RECENT, bits: 64 }),
  row(61, 'SUB_ULEB128', 'uleb-sub', 1, { ...RECENT, bits: 64 }),
];
