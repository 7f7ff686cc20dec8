import { defineFinding, warn } from './types';

export const conflictingConstructors = defineFinding<{ module: string }>({
  id: 'constructors',
  severity: 'error',
  dmesg: ({ module }) => warn(`${module}: has both .ctors and .init_array.`),
  explain:
    'Parts of the module were built by compilers that disagree about constructors. The kernel takes one kind or the other.',
  errnos: { 22: 7 },
  anchor: 'build',
  fixes: [],
  samples: [{ module: 'M' }],
});
