import { defineFinding, err } from './types';

export const relUnsupported = defineFinding<{ module: string }>({
  id: 'rel-unsupported',
  severity: 'error',
  dmesg: ({ module }) => err(`module ${module}: REL relocation unsupported`),
  explain: 'This architecture takes relocations with addends (SHT_RELA) only.',
  errnos: { 8: 12 },
  anchor: 'build',
  fixes: [],
  samples: [{ module: 'M' }],
});
