import { defineFinding } from './types';

interface Facts {
  readonly module: string;
  /** The first of the functions that return past the thunk. */
  readonly functions: readonly string[];
  readonly count: number;
  /** Whether the rest of the module went through objtool. */
  readonly isListed: boolean;
}

export const returnSitesMissing = defineFinding<Facts>({
  id: 'return-sites-missing',
  severity: 'warning',
  message: ({ module, count }, t) => t('{0}: {1} functions return past the return thunk of this kernel', module, count),
  explain: ({ functions, isListed }, t) =>
    isListed
      ? t(
          'This kernel patches returns against speculation, and knows them from .return_sites. {0} and others end in a plain ret instead: an object of the module was not built with the options of the kernel, as prebuilt objects are not. Newer kernels warn "Unpatched return thunk in use" when such code returns.',
          functions[0] ?? '',
        )
      : t(
          'This kernel patches returns against speculation, and knows them from .return_sites, which this module does not have: objtool did not process it. {0} ends in a plain ret. Build every object with the kbuild of this kernel.',
          functions[0] ?? '',
        ),
  errnos: {},
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [
    { module: 'M', functions: ['F'], count: 1001, isListed: true },
    { module: 'M', functions: ['F'], count: 1001, isListed: false },
  ],
});
