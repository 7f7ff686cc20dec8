import { defineFinding, warn } from './types';

export const unknownParameter = defineFinding<{ module: string; param: string; suggestion: string | null }>({
  id: 'unknown-parameter',
  severity: 'warning',
  dmesg: ({ module, param }) => warn(`${module}: unknown parameter '${param}' ignored`),
  explain: ({ suggestion }, t) =>
    suggestion === null
      ? t('The module has no parameter of that name. The kernel ignores it and loads the module with its defaults.')
      : t(
          'The module has no parameter of that name. The kernel ignores it and loads the module with its defaults. Did you mean {0}?',
          suggestion,
        ),
  errnos: {},
  anchor: ({ param }) => ({ kind: 'parameter', name: param }),
  fixes: ['change-argument'],
  samples: [{ module: 'M', param: 'P', suggestion: null }],
});
