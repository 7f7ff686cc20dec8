import { defineFinding } from './types';

export const initResult = defineFinding<{ module: string; result: number; errno: number }>({
  id: 'init-result',
  severity: 'error',
  message: '{module}: init returns {result}',
  explain:
    "Loading went well; the module's own init gives up. insmod shows the text of errno {errno}, which may look like a loader error.",
  errnos: { any: 1, 1: 6, 2: 6, 8: 15, 12: 3, 16: 1, 17: 4, 22: 15, 28: 3, 30: 2, 34: 2, 95: 3 },
  anchor: 'init',
  fixes: [],
  samples: [{ module: 'M', result: -1001, errno: 1001 }],
});
