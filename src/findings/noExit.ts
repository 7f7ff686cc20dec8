import { defineFinding } from './types';

export interface NoExitFacts {
  readonly module: string;
  /** rmmod was refused for it; else it is only told of the file. */
  readonly refused: boolean;
}

export const noExit = defineFinding<NoExitFacts>({
  id: 'no-exit',
  severity: ({ refused }) => (refused ? 'error' : 'hint'),
  message: '{module} has an init function and no exit function',
  explain: 'Without module_exit() a module stays until reboot; rmmod says "Device or resource busy".',
  errnos: {},
  anchor: 'init',
  fixes: [],
  samples: [
    { module: 'M', refused: true },
    { module: 'M', refused: false },
  ],
});
