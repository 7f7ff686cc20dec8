import { defineFinding, err, type LogLine } from './types';
import type { Translate } from './words';

/** `unpaired`: the relocation of the other half of an address is missing or does not match. `no-room`: section preparation counted fewer entries of the PLT, the GOT or the stubs than are wanted. */
export type RelocationProblem =
  'unknown' | 'overflow' | 'nonzero' | 'misaligned' | 'outside' | 'symbol' | 'unpaired' | 'no-room';

export interface RelocationFacts {
  readonly module: string;
  readonly kind: RelocationProblem;
  readonly type: number;
  /** The 64-bit result, unsigned, as 0x and hexadecimal digits. */
  readonly value: string;
  /** Address of the field, in the same form. */
  readonly place: string;
  /** Index of the relocation section, and name of the section it applies to. */
  readonly section: number;
  readonly sectionName: string;
  /** Number of the entry in the section. */
  readonly index: number;
  /** How this generation of x86_64 prints it; `printed` where the architecture gave the lines. */
  readonly style: 'plain' | 'after-overflow' | 'with-section' | 'printed';
  /** Of `printed`: the architecture, what its kernel prints, and the positive errno it refuses with. */
  readonly arch?: string;
  readonly lines?: readonly PrintedLine[];
  readonly errno?: number;
  /** Of `unknown`: the type goes through a global offset table; `global-offset-table` says why there is one. */
  readonly got?: true;
  /** x86_64 up to 3.4: lines do not begin with the name of the file that prints them. */
  readonly unprefixed?: true;
}

/** R_X86_64_PLT32 and R_386_PLT32, which kernels of x86 know since 4.16 and 5.12. */
const PLT32 = 4;

/** {@link LogLine}, as JSON has it. */
export type PrintedLine = { readonly level: number; readonly text: string };

const SAMPLE = {
  module: 'M',
  type: 1001,
  value: '0x3e9',
  place: '0x3ea',
  section: 1001,
  sectionName: 'X',
  index: 1002,
};

type Printed = Pick<RelocationFacts, 'kind' | 'arch' | 'errno'> & { readonly texts: readonly string[] };

/** What kernels of other architectures print, for the page and for logs. */
const PRINTED: readonly RelocationFacts[] = (
  [
    { arch: 'arm64', kind: 'unknown', errno: 8, texts: ['module M: unsupported RELA relocation: 1001'] },
    { arch: 'arm64', kind: 'overflow', errno: 8, texts: ['module M: overflow in relocation type 1001 val 3e9'] },
    { arch: 'arm64', kind: 'no-room', errno: 8, texts: [] },
    { arch: 'i386', kind: 'unknown', errno: 8, texts: ['module: M: Unknown relocation: 1001'] },
    { arch: 'arm', kind: 'unknown', errno: 8, texts: ['M: unknown relocation: 1001'] },
    { arch: 'arm', kind: 'symbol', errno: 8, texts: ['M: section 1001 reloc 1002: bad relocation sym offset'] },
    {
      arch: 'arm',
      kind: 'outside',
      errno: 8,
      texts: ["M: section 1001 reloc 1002 sym 'S': out of bounds relocation, offset 1001 size 1002"],
    },
    {
      arch: 'arm',
      kind: 'overflow',
      errno: 8,
      texts: ["M: section 1001 reloc 1002 sym 'S': relocation 1001 out of range (0x3e9 -> 0x3ea)"],
    },
    {
      arch: 'arm',
      kind: 'misaligned',
      errno: 8,
      texts: ["M: section 1001 reloc 1002 sym 'S': unsupported interworking call (ARM -> Thumb)"],
    },
    {
      arch: 'arm',
      kind: 'misaligned',
      errno: 8,
      texts: ["M: section 1001 reloc 1002 sym 'S': unsupported interworking call (Thumb -> ARM)"],
    },
    { arch: 'riscv64', kind: 'unknown', errno: 22, texts: ['M: Unknown relocation type 1001'] },
    {
      arch: 'riscv64',
      kind: 'overflow',
      errno: 22,
      texts: ['M: target 00000000000003e9 can not be addressed by the 32-bit offset from PC = 00000000000003ea'],
    },
    {
      arch: 'riscv64',
      kind: 'overflow',
      errno: 22,
      texts: ['M: value 00000000000003e9 out of range for 32-bit field'],
    },
    { arch: 'riscv64', kind: 'unpaired', errno: 22, texts: ['M: Can not find HI20 relocation information'] },
    { arch: 'mipsel', kind: 'unknown', errno: 22, texts: ['M: Unknown relocation type 1001'] },
    { arch: 'mipsel', kind: 'overflow', errno: 8, texts: ['module M: relocation overflow'] },
    { arch: 'mipsel', kind: 'misaligned', errno: 8, texts: ['module M: dangerous R_MIPS_26 relocation'] },
    { arch: 'mipsel', kind: 'misaligned', errno: 8, texts: ['module M: dangerous R_MIPS_PC1001 relocation'] },
    { arch: 'mipsel', kind: 'unpaired', errno: 8, texts: ['module M: dangerous R_MIPS_LO16 relocation'] },
    {
      arch: 'loongarch64',
      kind: 'unknown',
      errno: 22,
      texts: ['kmod: M: Unsupport relocation type 1001, please add its support.'],
    },
    { arch: 'loongarch64', kind: 'unknown', errno: 22, texts: ['kmod: M: Unknown relocation type 1001'] },
    {
      arch: 'loongarch64',
      kind: 'overflow',
      errno: 8,
      texts: ['kmod: module M: jump offset = 0x3e9 overflow! dangerous R_LARCH_B26 (1001) relocation'],
    },
    {
      arch: 'loongarch64',
      kind: 'misaligned',
      errno: 8,
      texts: ['kmod: module M: jump offset = 0x3e9 unaligned! dangerous R_LARCH_B26 (1001) relocation'],
    },
    {
      arch: 'loongarch64',
      kind: 'overflow',
      errno: 8,
      texts: ['kmod: module M: opr1 = 0x3e9 overflow! dangerous apply_r_larch_sop_imm_field (1001) relocation'],
    },
    { arch: 'loongarch64', kind: 'unpaired', errno: 22, texts: ['kmod: M: Can not find HI20 relocation information'] },
    { arch: 'loongarch64', kind: 'no-room', errno: 22, texts: ['M: module contains bad GOT relocation'] },
    { arch: 'ppc64le', kind: 'unknown', errno: 8, texts: ['module_64: M: Unknown ADD relocation: 1001'] },
    { arch: 'ppc64le', kind: 'overflow', errno: 8, texts: ['module_64: M: REL24 1001 out of range!'] },
    { arch: 'ppc64le', kind: 'overflow', errno: 8, texts: ['module_64: M: bad TOC16 relocation (0x3e9)'] },
    {
      arch: 'ppc64le',
      kind: 'outside',
      errno: 8,
      texts: ['module_64: M: Expected nop after call, got 000003e9 at 0x3ea'],
    },
    { arch: 's390x', kind: 'unknown', errno: 8, texts: ['module M: unknown relocation: 1001'] },
    {
      arch: 's390x',
      kind: 'overflow',
      errno: 8,
      texts: ['module M: relocation error for symbol S (r_type 1001, value 0x3e9)'],
    },
  ] satisfies Printed[]
).map(({ texts, ...facts }) => ({ ...SAMPLE, ...facts, style: 'printed', lines: texts.map(err) }));

export const relocation = defineFinding<RelocationFacts>({
  id: 'relocation',
  severity: 'error',
  dmesg: facts => {
    if (facts.style === 'printed') return facts.lines ?? [];
    return facts.kind === 'unknown' ? unknown(facts) : facts.kind === 'overflow' ? overflow(facts) : nonzero(facts);
  },
  explain: ({ kind, sectionName, style, got, type, arch }, t) => {
    if (got)
      return t(
        'A relocation in {0} goes through a global offset table. This kernel makes none for modules and does not know the type.',
        sectionName,
      );
    if (style === 'printed' && kind !== 'unknown') return explainPrinted(kind, sectionName, t);
    if (kind === 'unknown' && type === PLT32 && (style !== 'printed' || arch === 'i386'))
      return t(
        'A relocation in {0} is of type 4 (PLT32), which assemblers and compilers write for calls since this kernel was released. Build the module with the tools of its time, or take an update of the kernel that knows the type: 4.16 for 64 bits, 5.12 for 32 bits.',
        sectionName,
      );
    if (kind === 'unknown')
      return t(
        'A relocation in {0} is of a type this kernel does not know: the code was compiled with options kbuild does not use (-fPIC, thread-local storage).',
        sectionName,
      );
    if (kind === 'overflow')
      return t(
        'A value does not fit the field in {0} that it is written to: the code was not compiled with -mcmodel=kernel, or takes the address of something in 32 bits.',
        sectionName,
      );
    return t(
      'A field in {0} that a relocation fills in is not empty: the object was linked or relocated before.',
      sectionName,
    );
  },
  errnos: { 8: 6, 22: 3 },
  anchor: ({ section, index }) => ({ kind: 'relocation', section, index }),
  fixes: ['rebuild'],
  samples: [
    { ...SAMPLE, kind: 'unknown', style: 'plain' },
    { ...SAMPLE, kind: 'unknown', style: 'plain', got: true },
    { ...SAMPLE, kind: 'unknown', style: 'plain', type: PLT32 },
    { ...SAMPLE, kind: 'overflow', style: 'plain' },
    { ...SAMPLE, kind: 'overflow', style: 'with-section' },
    { ...SAMPLE, kind: 'nonzero', style: 'plain' },
    { ...SAMPLE, kind: 'nonzero', style: 'after-overflow' },
    { ...SAMPLE, kind: 'nonzero', style: 'with-section' },
    ...PRINTED,
  ],
});

/** What other architectures than x86_64 say, where each has lines of its own. */
function explainPrinted(kind: Exclude<RelocationProblem, 'unknown'>, section: string, t: Translate): string {
  switch (kind) {
    case 'overflow':
    case 'nonzero':
      return t(
        'A relocation in {0} does not fit its field: the target is too far away, or the field has too few bits for the address.',
        section,
      );
    case 'misaligned':
      return t('A relocation in {0} has a target address that its instruction cannot encode.', section);
    case 'outside':
      return t(
        'A relocation in {0} lies outside the section, or its field contains an unexpected instruction.',
        section,
      );
    case 'symbol':
      return t('A relocation in {0} names a symbol that has no value.', section);
    case 'unpaired':
      return t(
        'A relocation in {0} fills in half of an address, and the relocation of the other half is missing or belongs to another address.',
        section,
      );
    case 'no-room':
      return t(
        'A relocation in {0} needs a PLT, GOT or stub entry that the kernel did not count. The object was probably not built by kbuild.',
        section,
      );
  }
}

const digits = (hex: string): string => hex.slice(2);

function unknown({ module, type, unprefixed }: RelocationFacts): LogLine {
  return err(`module${unprefixed ? '' : ':'} ${module}: Unknown rela relocation: ${type}`);
}

function overflow({ module, type, value, style, section, index, unprefixed }: RelocationFacts): LogLine[] {
  const prefix = unprefixed ? '' : 'module: ';
  const where = style === 'with-section' ? ` sec ${section} idx ${index}` : '';
  return [
    err(`${prefix}overflow in relocation type ${type} val ${digits(value)}${where}`),
    err(`${prefix}\`${module}' likely not compiled with -mcmodel=kernel`),
  ];
}

function nonzero({ type, value, place, style, section, index }: RelocationFacts): LogLine {
  const head = style === 'plain' ? 'Skipping invalid' : 'Invalid';
  const which = style === 'with-section' ? `sec ${section}, idx ${index}, type ${type}` : `type ${type}`;
  // Before 6.13 the place is printed hashed (%p, sixteen digits), after as it is (%lx).
  const loc = style === 'with-section' ? digits(place) : digits(place).padStart(16, '0');
  return err(
    `module: x86/modules: ${head} relocation target, existing value is nonzero for ${which}, loc ${loc}, val ${digits(value)}`,
  );
}
