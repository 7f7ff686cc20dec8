import { defineFinding } from './types';

export const alreadyLoaded = defineFinding<{ module: string; live: boolean }>({
  id: 'already-loaded',
  severity: 'error',
  message: 'a module called {module} is already there',
  explain: ({ live }, t) =>
    live
      ? t(
          'A module of this name is loaded. The kernel refuses a second one silently; insmod says "File exists". Remove the first with rmmod.',
        )
      : t('A module of this name is being loaded or removed at this moment.'),
  errnos: { 17: 1 },
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M', live: true }],
});
