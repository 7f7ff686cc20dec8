// All causes by their id.
import {
  blacklisted,
  btfMismatch,
  compressedFile,
  forcedLoad,
  invalidParameter,
  lockDebuggingDisabled,
  lockdownRestricts,
  memoryTooLarge,
  noCommon,
  notLoadable,
  percpuFailure,
  relocation,
  symbolVersion,
  taintNotice,
  thisModuleSize,
  unknownParameter,
  unsignedRejected,
} from '../../findings/definitions';
import { AT_LOAD_CAUSES } from './atLoad';
import { BUILD_CAUSES } from './build';
import { CRASH_CAUSES } from './crashes';
import { MACHINE_CAUSES } from './machine';
import { MODPOST_CAUSES } from './modpost';
import { POLICY_CAUSES } from './policy';
import { PROGRAM_CAUSES } from './programs';
import { RELOCATION_CAUSES } from './relocations';
import { SYMBOL_CAUSES } from './symbols';
import { TOOL_CAUSES } from './tools';
import type { Cause } from './types';

const ALL = {
  ...BUILD_CAUSES,
  ...MODPOST_CAUSES,
  ...CRASH_CAUSES,
  ...SYMBOL_CAUSES,
  ...RELOCATION_CAUSES,
  ...POLICY_CAUSES,
  ...MACHINE_CAUSES,
  ...TOOL_CAUSES,
  ...PROGRAM_CAUSES,
  ...AT_LOAD_CAUSES,
};

export type CauseId = keyof typeof ALL;

export const CAUSES: Readonly<Record<CauseId, Cause>> = ALL;

/** Causes of what a finding's own line says, for the words on it. */
export const CAUSE_OF_FINDING: ReadonlyMap<string, CauseId> = new Map<string, CauseId>([
  [taintNotice.id, 'harmless'],
  [lockDebuggingDisabled.id, 'harmless'],
  [notLoadable.id, 'file'],
  [compressedFile.id, 'file'],
  [relocation.id, 'relocation'],
  [symbolVersion.id, 'symbolVersion'],
  [btfMismatch.id, 'btf'],
  [percpuFailure.id, 'memory'],
  [memoryTooLarge.id, 'memory'],
  [unsignedRejected.id, 'signature'],
  [lockdownRestricts.id, 'signature'],
  [thisModuleSize.id, 'thisModule'],
  [blacklisted.id, 'blacklisted'],
  [noCommon.id, 'noCommon'],
  [forcedLoad.id, 'forced'],
  [unknownParameter.id, 'parameterUnknown'],
  [invalidParameter.id, 'parameterValue'],
]);
