import { nearest } from './nearest';
import { defineFinding, warn } from './types';

export const unknownParameter = defineFinding<{ module: string; param: string; known: readonly string[] }>({
  id: 'unknown-parameter',
  severity: 'warning',
  dmesg: ({ module, param }) => warn(`${module}: unknown parameter '${param}' ignored`),
  origin: ({ param }) => ({ kind: 'parameter', name: param }),
  explain: ({ param, known }) => {
    const guess = nearest(param, known);
    return (
      'The module has no parameter of that name. The kernel ignores it and loads the module with its defaults.' +
      (guess === null ? '' : ` Did you mean ${guess}?`)
    );
  },
  samples: [{ module: 'M', param: 'P', known: [] }],
});
