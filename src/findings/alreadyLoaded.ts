import { defineFinding } from './types';

export const alreadyLoaded = defineFinding<{ module: string; live: boolean }>({
  id: 'already-loaded',
  severity: 'error',
  message: ({ module }) => `a module called ${module} is already there`,
  explain: ({ live }) =>
    live
      ? 'A module of this name is loaded. The kernel refuses a second one silently; insmod says "File exists". Remove the first with rmmod.'
      : 'A module of this name is being loaded or removed at this moment.',
  samples: [{ module: 'M', live: true }],
});
