import { defineFinding, warn } from './types';

export const obsoleteSection = defineFinding<{ module: string; section: string }>({
  id: 'obsolete-section',
  severity: 'warning',
  dmesg: ({ module, section }) =>
    warn(
      section === '__obsparm'
        ? `${module}: Ignoring obsolete parameters`
        : `${module}: ignoring obsolete section ${section}`,
    ),
  explain: 'The section was written by the tools of an older kernel; this kernel does not read it.',
  errnos: {},
  anchor: ({ section }) => ({ kind: 'section', name: section }),
  fixes: [],
  samples: [
    { module: 'M', section: '__obsparm' },
    { module: 'M', section: 'X' },
  ],
});
