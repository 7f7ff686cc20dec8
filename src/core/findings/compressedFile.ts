import { defineFinding, err } from './types';

export const compressedFile = defineFinding<{ wanted: string | null; given: string | null }>({
  id: 'compressed-file',
  severity: 'error',
  dmesg: ({ wanted }) =>
    wanted === null
      ? null
      : err(`not ${wanted === 'xz' ? 'an' : 'a'} ${wanted === 'zstd' ? 'zstd' : wanted} compressed module`),
  message: ({ wanted }) => `this kernel unpacks ${wanted ?? 'no'} modules`,
  explain: () =>
    'A kernel unpacks the one format it was configured for; for anything else user space has to unpack the file.',
});
