import { defineFinding, err, warn, type LogLine } from './types';

export interface BtfFacts {
  readonly module: string;
  readonly errno: number;
  /** What the BTF verifier prints. */
  readonly complaint: string;
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
  dmesg: ({ module, errno, complaint, allowed, toleratedOnce, toldBefore }) => {
    const lines: LogLine[] = [err(`BPF: ${complaint}`)];
    if (!allowed || !toleratedOnce) lines.push(warn(`failed to validate module [${module}] BTF: -${errno}`));
    else if (!toldBefore)
      lines.push(warn('Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules'));
    return lines;
  },
  explain:
    'The type data in .BTF builds on that of the kernel the module was built against, and does not fit the target. Rebuild against its vmlinux, or strip .BTF.',
  errnos: { 22: 5, 524: 1 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [
    { module: 'M', errno: 1001, complaint: 'X', allowed: false, toleratedOnce: false, toldBefore: false },
    { module: 'M', errno: 1001, complaint: 'X', allowed: true, toleratedOnce: true, toldBefore: false },
  ],
});
