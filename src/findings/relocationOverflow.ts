import { defineFinding, err } from './types';

export const relocationOverflow = defineFinding<{ module: string; value: string; field: string }>({
  id: 'relocation-lost',
  severity: 'warning',
  dmesg: ({ module, value, field }) => err(`${module}: value ${value} out of range for ${field} relocation.`),
  explain:
    'Several relocations together make a value that does not fit its field. The kernel prints this line and continues. The field keeps its old value.',
  errnos: {},
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', value: '1001', field: '8-bit' }],
});
