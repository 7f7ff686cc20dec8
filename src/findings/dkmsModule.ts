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
  message: 'no rule builds {module}.ko, which DKMS installs',
  explain: ({ built }, t) =>
    t(
      'BUILT_MODULE_NAME has to be one of what obj-m lists: {0}. DKMS reports an error after the build.',
      built.join(', '),
    ),
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', built: ['N'] }],
});
