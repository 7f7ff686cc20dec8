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
  message: ({ wanted, problem }) =>
    problem === 'format' ? `this kernel unpacks ${wanted ?? 'no'} modules` : kernelText(wanted, problem),
  explain: ({ wanted, problem }) => {
    if (problem === 'format')
      return 'A kernel unpacks the one format it was configured for; for anything else user space has to unpack the file.';
    return wanted === 'xz'
      ? 'The file is cut off, damaged, or packed in a way the kernel does not know. Status 0 means that it ends too early; 6 is usual for `xz` without --check=crc32, the only check the kernel has; 7 is damage.'
      : 'The file is cut off or damaged.';
  },
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
