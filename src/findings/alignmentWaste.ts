import { defineFinding } from './types';

export const alignmentWaste = defineFinding<{ section: string; align: number; size: number }>({
  id: 'alignment-waste',
  severity: 'hint',
  message: ({ section, align, size }) =>
    `${section} holds ${size} bytes and is aligned to ${align}: up to ${align - 1} bytes before it stay empty`,
  explain: () =>
    'The section is laid out at a multiple of its alignment, and module memory is made of whole pages. A smaller alignment, or memory from the page allocator, wastes less.',
  samples: [{ section: 'X', align: 1001, size: 1002 }],
});
