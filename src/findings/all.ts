// Every finding there is, for whoever goes through them all: the pages, and the reading of kernel logs.
import { alignmentWaste } from './alignmentWaste';
import { alreadyLoaded } from './alreadyLoaded';
import { argumentsAfterDashes } from './argumentsAfterDashes';
import { badFlags } from './badFlags';
import { badSectionIndex } from './badSectionIndex';
import { badTaintForEvents } from './badTaintForEvents';
import { blacklisted } from './blacklisted';
import { btfMismatch } from './btfMismatch';
import { compressedFile } from './compressedFile';
import { conflictingConstructors } from './conflictingConstructors';
import { dangerousParameter } from './dangerousParameter';
import { dependencyCycle } from './dependencyCycle';
import { duplicateExport } from './duplicateExport';
import { duplicateModule } from './duplicateModule';
import { dyndbgQuery } from './dyndbgQuery';
import { dyndbgUnsupported } from './dyndbgUnsupported';
import { emptyFile } from './emptyFile';
import { forcedLoad } from './forcedLoad';
import { forcedLoadRefused } from './forcedLoadRefused';
import { futureGpl } from './futureGpl';
import { importOfModuleNamespace } from './importOfModuleNamespace';
import { initMemoryUse } from './initMemoryUse';
import { initOnlyData } from './initOnlyData';
import { initOnlyFunction } from './initOnlyFunction';
import { initPositive } from './initPositive';
import { initResult } from './initResult';
import { invalidParameter } from './invalidParameter';
import { livepatchModuleName } from './livepatchModuleName';
import { livepatchSectionName } from './livepatchSectionName';
import { livepatchUnsupported } from './livepatchUnsupported';
import { lockDebuggingDisabled } from './lockDebuggingDisabled';
import { lockdownRestricts } from './lockdownRestricts';
import { memoryTooLarge } from './memoryTooLarge';
import { missingNamespaceImport } from './missingNamespaceImport';
import { moduleInUse } from './moduleInUse';
import { namelessModule } from './namelessModule';
import { noCapability } from './noCapability';
import { noCommon } from './noCommon';
import { noExit } from './noExit';
import { noExportFlags } from './noExportFlags';
import { notLoadable } from './notLoadable';
import { notLoaded } from './notLoaded';
import { noVermagic } from './noVermagic';
import { obsoleteSection } from './obsoleteSection';
import { parameterLimit } from './parameterLimit';
import { percpuFailure } from './percpuFailure';
import { percpuSize } from './percpuSize';
import { proprietaryProvider } from './proprietaryProvider';
import { relocation } from './relocation';
import { relUnsupported } from './relUnsupported';
import { roAfterInit } from './roAfterInit';
import { signatureMalformed } from './signatureMalformed';
import { signatureParser } from './signatureParser';
import { signatureRefused } from './signatureRefused';
import { structModuleDiffers } from './structModuleDiffers';
import { symbolVersion } from './symbolVersion';
import { sysfsDuplicate } from './sysfsDuplicate';
import { sysfsNameTaken } from './sysfsNameTaken';
import { taintNotice } from './taintNotice';
import { thisModuleSize } from './thisModuleSize';
import { uncheckedField } from './uncheckedField';
import { unknownParameter } from './unknownParameter';
import { unknownSymbol } from './unknownSymbol';
import { unsignedRejected } from './unsignedRejected';
import { vermagic } from './vermagic';
import { writableExecutable } from './writableExecutable';
import type { FindingDefinition } from './types';

/** A definition whose facts are known to itself only. */
export type AnyFinding = FindingDefinition<never>;

export const ALL_FINDINGS: readonly AnyFinding[] = [
  alignmentWaste,
  alreadyLoaded,
  argumentsAfterDashes,
  badFlags,
  badSectionIndex,
  badTaintForEvents,
  blacklisted,
  btfMismatch,
  compressedFile,
  conflictingConstructors,
  dangerousParameter,
  dependencyCycle,
  duplicateExport,
  duplicateModule,
  dyndbgQuery,
  dyndbgUnsupported,
  emptyFile,
  forcedLoad,
  forcedLoadRefused,
  futureGpl,
  importOfModuleNamespace,
  initMemoryUse,
  initOnlyData,
  initOnlyFunction,
  initPositive,
  initResult,
  invalidParameter,
  livepatchModuleName,
  livepatchSectionName,
  livepatchUnsupported,
  lockDebuggingDisabled,
  lockdownRestricts,
  memoryTooLarge,
  missingNamespaceImport,
  moduleInUse,
  namelessModule,
  noCapability,
  noCommon,
  noExit,
  noExportFlags,
  notLoadable,
  notLoaded,
  noVermagic,
  obsoleteSection,
  parameterLimit,
  percpuFailure,
  percpuSize,
  proprietaryProvider,
  relocation,
  relUnsupported,
  roAfterInit,
  signatureMalformed,
  signatureParser,
  signatureRefused,
  structModuleDiffers,
  symbolVersion,
  sysfsDuplicate,
  sysfsNameTaken,
  taintNotice,
  thisModuleSize,
  uncheckedField,
  unknownParameter,
  unknownSymbol,
  unsignedRejected,
  vermagic,
  writableExecutable,
];
