import { defineFinding, err, type LogLine } from './types';

export type RelocationProblem = 'unknown' | 'overflow' | 'nonzero';

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
  readonly style: 'plain' | 'after-overflow' | 'with-section';
}

const SAMPLE = {
  module: 'M',
  type: 1001,
  value: '0x3e9',
  place: '0x3ea',
  section: 1001,
  sectionName: 'X',
  index: 1002,
};

export const relocation = defineFinding<RelocationFacts>({
  id: 'relocation',
  severity: 'error',
  dmesg: facts =>
    facts.kind === 'unknown' ? unknown(facts) : facts.kind === 'overflow' ? overflow(facts) : nonzero(facts),
  explain: ({ kind, sectionName }, t) => {
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
  errnos: { 8: 6 },
  anchor: ({ section, index }) => ({ kind: 'relocation', section, index }),
  fixes: ['rebuild'],
  samples: [
    { ...SAMPLE, kind: 'unknown', style: 'plain' },
    { ...SAMPLE, kind: 'overflow', style: 'plain' },
    { ...SAMPLE, kind: 'overflow', style: 'with-section' },
    { ...SAMPLE, kind: 'nonzero', style: 'plain' },
    { ...SAMPLE, kind: 'nonzero', style: 'after-overflow' },
    { ...SAMPLE, kind: 'nonzero', style: 'with-section' },
  ],
});

const digits = (hex: string): string => hex.slice(2);

function unknown({ module, type }: RelocationFacts): LogLine {
  return err(`module: ${module}: Unknown rela relocation: ${type}`);
}

function overflow({ module, type, value, style, section, index }: RelocationFacts): LogLine[] {
  const where = style === 'with-section' ? ` sec ${section} idx ${index}` : '';
  return [
    err(`module: overflow in relocation type ${type} val ${digits(value)}${where}`),
    err(`module: \`${module}' likely not compiled with -mcmodel=kernel`),
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
