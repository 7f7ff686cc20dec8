import { defineFinding } from './types';

export interface DkmsModuleFacts {
  /** BUILT_MODULE_NAME, without .ko. */
  readonly module: string;
  /** What the Makefile or Kbuild builds. */
  readonly built: readonly string[];
}

export const dkmsModule = defineFinding<DkmsModuleFacts>({
  id: 'dkms-module',
  severity: 'warning',
  message: 'dkms.conf installs {module}.ko, but obj-m does not list it',
  explain: ({ built }, t) =>
    t(
      'BUILT_MODULE_NAME must name a module that obj-m lists: {0}. Otherwise DKMS reports an error after the build.',
      built.join(', '),
    ),
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', built: ['N'] }],
});
