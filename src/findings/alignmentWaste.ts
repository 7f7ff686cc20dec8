import { defineFinding } from './types';

export const alignmentWaste = defineFinding<{ section: string; align: number; size: number }>({
  id: 'alignment-waste',
  severity: 'hint',
  message: ({ section, align, size }, t) =>
    t(
      '{0} holds {1} bytes and is aligned to {2}: up to {3} bytes before it stay empty',
      section,
      size,
      align,
      align - 1,
    ),
  explain:
    'The section is laid out at a multiple of its alignment, and module memory is made of whole pages. A smaller alignment, or memory from the page allocator, wastes less.',
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ section: 'X', align: 1001, size: 1002 }],
});
