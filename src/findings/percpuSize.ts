import { defineFinding } from './types';

export const percpuSize = defineFinding<{ module: string; bytes: number; reserve: number }>({
  id: 'percpu-size',
  severity: 'hint',
  message: '{module}: {bytes} bytes of static per-cpu data, of {reserve} that all modules share',
  explain:
    'The reserve for static per-cpu variables of modules is small (PERCPU_MODULE_RESERVE); when it is used up, loading fails. Allocate large ones with alloc_percpu().',
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', bytes: 1001, reserve: 1002 }],
});
