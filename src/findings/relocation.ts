import { defineFinding, err, type LogLine } from './types';

export type RelocationProblem = 'unknown' | 'overflow' | 'nonzero';

export interface RelocationFacts {
  readonly module: string;
  readonly kind: RelocationProblem;
  readonly type: number;
  /** The 64-bit result, unsigned. */
  readonly value: bigint;
  /** Address of the field. */
  readonly place: bigint;
  /** Index of the relocation section, and name of the section it applies to. */
  readonly section: number;
  readonly sectionName: string;
  /** Number of the entry in the section. */
  readonly index: number;
  readonly style: 'plain' | 'after-overflow' | 'with-section';
}

const SAMPLE = { module: 'M', type: 1001, value: 1001n, place: 1002n, section: 1001, sectionName: 'X', index: 1002 };

export const relocation = defineFinding<RelocationFacts>({
  id: 'relocation',
  severity: 'error',
  dmesg: facts =>
    facts.kind === 'unknown' ? unknown(facts) : facts.kind === 'overflow' ? overflow(facts) : nonzero(facts),
  origin: ({ section, index }) => ({ kind: 'relocation', section, index }),
  explain: ({ kind, sectionName }) => {
    if (kind === 'unknown')
      return `A relocation in ${sectionName} is of a type this kernel does not know: the code was compiled with options kbuild does not use (-fPIC, thread-local storage).`;
    if (kind === 'overflow')
      return `A value does not fit the field in ${sectionName} that it is written to: the code was not compiled with -mcmodel=kernel, or takes the address of something in 32 bits.`;
    return `A field in ${sectionName} that a relocation fills in is not empty: the object was linked or relocated before.`;
  },
  samples: [
    { ...SAMPLE, kind: 'unknown', style: 'plain' },
    { ...SAMPLE, kind: 'overflow', style: 'plain' },
    { ...SAMPLE, kind: 'overflow', style: 'with-section' },
    { ...SAMPLE, kind: 'nonzero', style: 'plain' },
    { ...SAMPLE, kind: 'nonzero', style: 'after-overflow' },
    { ...SAMPLE, kind: 'nonzero', style: 'with-section' },
  ],
});

const hex = (value: bigint): string => value.toString(16);

function unknown({ module, type }: RelocationFacts): LogLine {
  return err(`module: ${module}: Unknown rela relocation: ${type}`);
}

function overflow({ module, type, value, style, section, index }: RelocationFacts): LogLine[] {
  const where = style === 'with-section' ? ` sec ${section} idx ${index}` : '';
  return [
    err(`module: overflow in relocation type ${type} val ${hex(value)}${where}`),
    err(`module: \`${module}' likely not compiled with -mcmodel=kernel`),
  ];
}

function nonzero({ type, value, place, style, section, index }: RelocationFacts): LogLine {
  const head = style === 'plain' ? 'Skipping invalid' : 'Invalid';
  const which = style === 'with-section' ? `sec ${section}, idx ${index}, type ${type}` : `type ${type}`;
  // Before 6.13 the place is printed hashed (%p, sixteen digits), after as it is (%lx).
  const loc = style === 'with-section' ? hex(place) : hex(place).padStart(16, '0');
  return err(
    `module: x86/modules: ${head} relocation target, existing value is nonzero for ${which}, loc ${loc}, val ${hex(value)}`,
  );
}
