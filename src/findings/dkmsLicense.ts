import { defineFinding } from './types';

export interface DkmsLicenseFacts {
  /** BUILT_MODULE_NAME, without .ko. */
  readonly module: string;
  /** Where a license would stand: the first source that obj-m gives it. */
  readonly source: string;
}

export const dkmsLicense = defineFinding<DkmsLicenseFacts>({
  id: 'dkms-license',
  severity: 'warning',
  message: 'no source of {module}.ko has a MODULE_LICENSE',
  explain:
    'Since Linux 5.11, modpost stops the build without it, and so DKMS cannot build the module. Older kernels treat such a module as proprietary: it is tainted, and GPL-only symbols are refused. Add MODULE_LICENSE to {source}.',
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', source: 'M.c' }],
});
