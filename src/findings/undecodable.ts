import { defineFinding } from './types';

export interface UndecodableFacts {
  readonly format: 'gzip' | 'xz' | 'zstd';
  /** A check of the contents that is not CRC32; optional fields in the header; a header that makes no sense. */
  readonly problem: 'xz-check' | 'gzip-fields' | 'frame-header';
}

export const undecodable = defineFinding<UndecodableFacts>({
  id: 'undecodable',
  severity: 'warning',
  message: ({ format }, t) => t('this kernel cannot unpack the {0} file itself', format),
  explain: ({ problem }, t) =>
    problem === 'xz-check'
      ? t(
          'kmod 31 and later hand the packed file to a kernel that unpacks modules. Its decoder knows no check of the contents but CRC32: it says "decompression failed with status 6" and refuses the module with EINVAL. Pack with xz --check=crc32. Tools that unpack the module themselves load it.',
        )
      : problem === 'gzip-fields'
        ? t(
            'kmod 31 and later hand the packed file to a kernel that unpacks modules. It skips the file name in the header and no other field: it says "decompression failed with status -3" and refuses the module with EINVAL. Pack with gzip -n. Tools that unpack the module themselves load it.',
          )
        : t(
            'kmod 31 and later hand the packed file to a kernel that unpacks modules. It refuses the header of this file with EINVAL. Pack the module again with zstd. Tools that unpack the module themselves load it.',
          ),
  errnos: {},
  anchor: 'build',
  fixes: [],
  samples: [
    { format: 'xz', problem: 'xz-check' },
    { format: 'gzip', problem: 'gzip-fields' },
    { format: 'zstd', problem: 'frame-header' },
  ],
});
