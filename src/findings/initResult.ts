import { defineFinding } from './types';

export const initResult = defineFinding<{ module: string; result: number; errno: number }>({
  id: 'init-result',
  severity: 'error',
  message: ({ module, result }) => `${module}: init returns ${result}`,
  explain: ({ errno }) =>
    `Loading went well; the module's own init gives up. insmod shows the text of errno ${errno}, which may look like a loader error.`,
  samples: [{ module: 'M', result: -1001, errno: 1001 }],
});
