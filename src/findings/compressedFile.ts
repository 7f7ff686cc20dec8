import { defineFinding, err } from './types';

export interface CompressedFileFacts {
  /** What this kernel unpacks; null for nothing. */
  readonly wanted: 'gzip' | 'xz' | 'zstd' | null;
  readonly problem: 'format' | 'frame-header' | { readonly status: number };
}

export const compressedFile = defineFinding<CompressedFileFacts>({
  id: 'compressed-file',
  severity: 'error',
  dmesg: facts => (facts.wanted === null ? null : err(kernelText(facts.wanted, facts.problem))),
  message: ({ wanted, problem }, t) =>
    problem !== 'format'
      ? kernelText(wanted, problem)
      : wanted === null
        ? t('this kernel unpacks no modules')
        : t('this kernel unpacks {0} modules', wanted),
  explain: ({ wanted, problem }, t) =>
    problem === 'format'
      ? t('A kernel unpacks the one format it was configured for; for anything else user space has to unpack the file.')
      : wanted === 'xz'
        ? t(
            'The file is cut off, damaged, or packed in a way the kernel does not know. Status 0 means that it ends too early; 6 is usual for `xz` without --check=crc32, the only check the kernel has; 7 is damage.',
          )
        : t('The file is cut off or damaged.'),
  errnos: { 22: 9, 95: 1 },
  anchor: 'build',
  fixes: [],
  samples: [
    { wanted: 'gzip', problem: 'format' },
    { wanted: 'xz', problem: 'format' },
    { wanted: 'zstd', problem: 'format' },
    { wanted: 'xz', problem: { status: 1001 } },
    { wanted: 'zstd', problem: { status: 1001 } },
    { wanted: 'zstd', problem: 'frame-header' },
  ],
});

function kernelText(wanted: string | null, problem: CompressedFileFacts['problem']): string {
  if (problem === 'format') return `not ${wanted === 'xz' ? 'an' : 'a'} ${wanted} compressed module`;
  if (problem === 'frame-header') return 'ZSTD-compressed data has an incomplete frame header';
  return `${wanted === 'zstd' ? 'ZSTD-' : ''}decompression failed with status ${problem.status}`;
}
