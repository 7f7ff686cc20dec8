import type { PrintedLine } from './relocation';
import { defineFinding, err } from './types';

export interface ArchSectionsFacts {
  readonly module: string;
  readonly arch: string;
  /** What this kernel prints; some say nothing. */
  readonly lines: readonly PrintedLine[];
  /** The section that is missing; null where the kernel names none. */
  readonly section: string | null;
}

/** What kernels print. */
const TEXTS = [
  'M: module PLT section(s) missing',
  'M: module GOT section(s) missing',
  'M: module GOT.PLT section(s) missing',
  'M: module PLT.IDX section(s) missing',
  'M: module symtab section missing',
  "module_64: M: doesn't contain .stubs.",
  'module M: no symbol table',
];

const SAMPLE = { module: 'M', arch: 'arm64' };

export const archSections = defineFinding<ArchSectionsFacts>({
  id: 'arch-sections',
  severity: 'error',
  dmesg: ({ lines }) => lines,
  message: ({ section }, t) =>
    section === null
      ? t('A section that this architecture requires is missing.')
      : t('The section {0} is missing.', section),
  explain:
    'Kernels of this architecture fill in sections that its linker script adds to every module: room for far jumps, for tracing, or for the table of contents. The module was linked without the script, or for a kernel that did not want the section yet.',
  errnos: { 2: 4, 8: 15, 12: 3 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [
    { ...SAMPLE, lines: [], section: 'X' },
    ...TEXTS.map(text => ({ ...SAMPLE, lines: [err(text)], section: null })),
  ],
});
