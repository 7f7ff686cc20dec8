// Differences of relocations and exception tables of single architectures, of every release.
// Part of generations.ts, which alone decides by release.
import type { Row } from './generationRow';

export const ARCH_ROWS = {
  extableRelativeX86: {
    since: [3, 5],
    commit: '706276543b69 ("x86, extable: Switch to relative exception table entries")',
  },
  extableHandlersX86: {
    since: [4, 6],
    commit: '548acf19234d ("x86/mm: Expand the exception table logic to allow new handling options")',
  },
  extableRelativeArm64: {
    since: [4, 6],
    commit: '6c94f27ac847 ("arm64: switch to relative exception tables")',
  },
  extableRelativePowerpc: { since: [4, 10], commit: '61a92f703120: relative entries in __ex_table of PowerPC' },
  extableHandlersS390: { since: [5, 8], commit: '05a68e892e89: entries of __ex_table of s390 have a handler' },
  fieldsEmptyX86_64: {
    since: [4, 15],
    commit: 'eda9cec4c9a1 ("x86/module: Detect and skip invalid relocations")',
  },
  plt32X86_64: {
    since: [4, 16],
    backported: [
      [4, 4, 121],
      [4, 9, 87],
      [4, 14, 25],
      [4, 15, 8],
    ],
    whereHidden: true,
    commit:
      'b21ebf2fb4cd ("x86: Treat R_X86_64_PLT32 as R_X86_64_PC32"); stable kernels took it over in March 2018: the updates are estimated',
  },
  plt32I386: {
    since: [5, 12],
    backported: [
      [4, 4, 259],
      [4, 9, 259],
      [4, 14, 223],
      [4, 19, 178],
      [5, 4, 102],
      [5, 10, 20],
      [5, 11, 3],
    ],
    whereHidden: true,
    commit:
      'bb73d07148c4 ("x86/build: Treat R_386_PLT32 relocation as R_386_PC32"); stable kernels took it over in March 2021: the updates are estimated',
  },
  extableTyped: {
    since: [5, 17],
    commit: 'd6e2cc564775 (arm64) and 2bf847db0c74 (riscv): entries of __ex_table have a type and data',
  },
  extableTypedS390: {
    since: [5, 18],
    commit: '46fee16f5769 ("s390/extable: convert to relative table with data")',
  },
  armRelativeRelocations: {
    since: [5, 17],
    commit: 'between 5.10 and 6.1: R_ARM_REL32 and MOVW and MOVT relative to the place',
  },
  armFixedPlts: {
    probe: ({ declares }) => declares('struct plt_entries'),
    since: [5, 14],
    backported: [
      [4, 14, 249],
      [4, 19, 209],
      [5, 4, 150],
      [5, 10, 70],
    ],
    whereHidden: true,
    commit:
      '"ARM: 9079/1: ftrace: Add MODULE_PLTS support"; stable kernels took it over in autumn 2021: the updates of 5.4 and 5.10 are estimated',
  },
  riscvAccumulates: {
    probe: ({ types }) => types('struct relocation_head'),
    since: [6, 7],
    commit: '8fd6c5142395 ("riscv: Add remaining module relocations")',
  },
  riscvPltsOfWholeModule: {
    since: [6, 16],
    commit: 'between 6.12 and 7.2: "riscv: module: Optimize PLT/GOT entry counting"',
  },
  larchPcrel: { since: [6, 5], commit: 'between 6.1 and 6.12: R_LARCH_32_PCREL and R_LARCH_64_PCREL' },
  larchPcadd: { since: [6, 19], commit: 'between 6.12 and 7.2: R_LARCH_PCADD_*, of 32-bit LoongArch' },
  larchFtraceTrampoline: { since: [6, 2], commit: 'between 6.1 and 6.12: .ftrace_trampoline' },
  larchSortsEntries: {
    since: [6, 16],
    backported: [[6, 12, 44]],
    commit: 'between 6.1 and 6.12.94: "LoongArch: Optimize module load time by optimizing PLT/GOT counting"',
  },
  ppcStubsCounted: {
    since: [6, 13],
    commit: 'between 6.1 and 7.2: the number of stubs in use is kept, and ftrace has stubs out of line',
  },
  ppcRestoredTocKept: { since: [6, 3], commit: 'between 6.1 and 7.2: a call that restores r2 already is left alone' },
  arm64MandatoryPlts: { since: [6, 5], commit: 'ea3752ba9660 ("arm64: module: mandate MODULE_PLTS")' },
  arm64ModulePrefix: { since: [6, 5], commit: '3e35d303ab7d ("arm64: module: rework module VA range selection")' },
  arm64InitTrampoline: {
    probe: ({ says }) => says('.init.text.ftrace_trampoline'),
    since: [6, 10],
    commit: 'between 6.1 and 6.12: .init.text.ftrace_trampoline',
  },
} as const satisfies Record<string, Row>;
