import { defineFinding, err } from './types';

export const signatureMalformed = defineFinding<{ problem: 'id-type' | 'params' }>({
  id: 'signature-trailer',
  severity: 'warning',
  dmesg: ({ problem }) =>
    err(
      problem === 'id-type'
        ? 'module: not signed with expected PKCS#7 message'
        : 'module: PKCS#7 signature info has unexpected non-zero params',
    ),
  explain:
    'The signature at the end of the file is in a form this kernel does not take: signed with the tool of another kernel generation, or damaged afterwards. Sign it again with scripts/sign-file of the target kernel.',
  errnos: {},
  anchor: 'build',
  fixes: [],
  samples: [{ problem: 'id-type' }, { problem: 'params' }],
});
