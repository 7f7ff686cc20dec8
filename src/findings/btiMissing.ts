import { defineFinding } from './types';

export const btiMissing = defineFinding<{ module: string; functions: readonly string[]; count: number }>({
  id: 'bti-missing',
  severity: 'warning',
  message: ({ module, functions, count }, t) =>
    t('{0}: {1} has no landing pad for indirect branches ({2} functions in all)', module, functions[0] ?? '', count),
  explain: ({ functions }, t) =>
    t(
      'This kernel guards its code with BTI. On a CPU that has it, an indirect call of {0} ends in "Oops - BTI". The object was built without -mbranch-protection: build it with the options of this kernel.',
      functions.join(', '),
    ),
  errnos: {},
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', functions: ['F'], count: 1001 }],
});
