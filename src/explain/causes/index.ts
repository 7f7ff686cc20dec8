// All causes by their id.
import { AT_LOAD_CAUSES } from './atLoad';
import { BUILD_CAUSES } from './build';
import { MACHINE_CAUSES } from './machine';
import type { Cause } from './types';

const ALL = { ...BUILD_CAUSES, ...MACHINE_CAUSES, ...AT_LOAD_CAUSES };

export type CauseId = keyof typeof ALL;

export const CAUSES: Readonly<Record<CauseId, Cause>> = ALL;

/** Causes of what a finding's own line says, for the words on it. */
export const CAUSE_OF_CODE: Readonly<Partial<Record<string, CauseId>>> = {
  'taint-notice': 'harmless',
  'lock-debugging-disabled': 'harmless',
  'not-loadable': 'file',
  'compressed-file': 'file',
  relocation: 'relocation',
  'symbol-version': 'symbol-version',
  btf: 'btf',
  percpu: 'memory',
  'module-memory': 'memory',
  'signature-required': 'signature',
  lockdown: 'signature',
  'this-module-size': 'this-module',
  blacklisted: 'blacklisted',
  'no-common': 'no-common',
  'forced-load': 'forced',
};
