import { defineFinding, err } from './types';

export const livepatchSectionName = defineFinding<{ section: string }>({
  id: 'livepatch-section-name',
  severity: 'error',
  dmesg: ({ section }) => err(`livepatch: section ${section} has an incorrectly formatted name`),
  explain: 'A section flagged as livepatch relocations has to be called .klp.rela.OBJECT.SECTION.',
  errnos: { 22: 10 },
  anchor: 'build',
  fixes: [],
  samples: [{ section: 'X' }],
});
