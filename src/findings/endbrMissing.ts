import { defineFinding } from './types';

export const endbrMissing = defineFinding<{ module: string; functions: readonly string[]; count: number }>({
  id: 'endbr-missing',
  severity: 'warning',
  message: ({ module, functions, count }, t) =>
    t('{0}: {1} does not begin with endbr64 ({2} functions in all)', module, functions[0] ?? '', count),
  explain: ({ functions }, t) =>
    t(
      'This kernel uses indirect branch tracking. On a CPU that has it, an indirect call of {0} crashes with "Missing ENDBR". The object was built without -fcf-protection=branch: build it with the options of this kernel.',
      functions.join(', '),
    ),
  errnos: {},
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', functions: ['F'], count: 1001 }],
});
