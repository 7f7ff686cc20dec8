import { defineFinding, err, warn, type LogLine } from './types';

export interface BtfFacts {
  readonly module: string;
  readonly errno: number;
  /** What the BTF verifier prints, a line for each piece. */
  readonly complaints: readonly string[];
  /** What fitting the types of .BTF.base to those of the kernel prints. */
  readonly warnings: readonly string[];
  /** A blank follows "BPF:", and a newline ends a line: since 5.17. */
  readonly spaced: boolean;
  /** CONFIG_MODULE_ALLOW_BTF_MISMATCH */
  readonly allowed: boolean;
  /** 6.2 and later say so once, without naming the module. */
  readonly toleratedOnce: boolean;
  /** Whether the line of `toleratedOnce` was printed before. */
  readonly toldBefore: boolean;
}

export const btfMismatch = defineFinding<BtfFacts>({
  id: 'btf',
  severity: ({ allowed }) => (allowed ? 'information' : 'error'),
  dmesg: ({ module, errno, complaints, warnings, spaced, allowed, toleratedOnce, toldBefore }) => {
    const lines: LogLine[] = [
      ...complaints.map(text => err(spaced ? `BPF: ${text}`.replace(/\n$/, '') : `BPF:${text}`)),
      ...warnings.map(warn),
    ];
    if (!allowed || !toleratedOnce) lines.push(warn(`failed to validate module [${module}] BTF: -${errno}`));
    else if (!toldBefore)
      lines.push(warn('Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules'));
    return lines;
  },
  explain:
    'The type data in .BTF builds on that of the kernel the module was built against, and does not fit the target. Rebuild against its vmlinux, or strip .BTF.',
  errnos: { 2: 9, 7: 9, 22: 5, 40: 9, 524: 1 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [
    {
      module: 'M',
      errno: 1001,
      complaints: ['X'],
      warnings: [],
      spaced: true,
      allowed: false,
      toleratedOnce: false,
      toldBefore: false,
    },
    {
      module: 'M',
      errno: 1001,
      complaints: ['X'],
      warnings: [],
      spaced: true,
      allowed: true,
      toleratedOnce: true,
      toldBefore: false,
    },
  ],
});
