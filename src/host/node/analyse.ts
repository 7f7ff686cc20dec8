// One module against several kernels, with everything an editor shows about it. Runs in a worker.
import { setImmediate as breathe } from 'node:timers/promises';
import { note, reasonOf } from '../../findings/notes';
import { openObject, type ObjectFile } from '../../formats/ko/objectFile';
import type { ModuleFile } from '../../index';
import type { AnalyseFailure, AnalyseRequest, ModuleReport } from '../../protocol/analysis';
import type { LoadResult, NextResult } from '../../report/types';
import { openLocator } from '../places/locate';
import type { BuiltExport } from '../services/inTarget';
import { emptyReport, nameOf, openEach, reportOf, type ReportedNeeds } from '../services/reportParts';
import { readModule } from './decompress';
import { stampOfStat, statIfThere } from './files';
import type { Needs } from './needs/loadNeeds';
import { withNeeds } from './needs/withNeeds';
import { openChoice, prepareFor, symversOf } from './openChoice';

/** A module that was read, with its headers and tables; null when it is no ELF file. */
export interface OpenModule extends ModuleFile {
  readonly object: ObjectFile | null;
}

/** Analyses a module; never throws: what is wrong with the file or a target is part of the report. */
export async function analyseModule(request: AnalyseRequest): Promise<ModuleReport> {
  const read = await readStable(request.path);
  return 'kind' in read ? emptyReport(request.path, read) : analyseFile(read, request);
}

/** Analyses a module that was read already; never throws. */
export async function analyseFile(read: OpenModule, request: AnalyseRequest): Promise<ModuleReport> {
  const targets = await openEach(request.targets, openChoice, symversOf);
  const results: LoadResult[] = [];
  const next: (NextResult | null)[] = [];
  const needs: ReportedNeeds[] = [];
  for (const { choice } of targets.opened) {
    const { system, ...needed } = await prepareFor(request, choice, read.object);
    const result = system.insmod(read, request.args);
    results.push(withNeeds(result, needed));
    next.push(system.next(read, result, request.args));
    needs.push({ ...needed, built: builtExports(needed) });
    // Between targets others get their turn: a newer request may already be waiting.
    await breathe();
  }
  const locator = await openLocator(request.path, read.object, nameOf(request.path, results));
  await breathe();
  return reportOf({ path: request.path, object: read.object, ...targets, results, needs, next }, locator);
}

/** Exports of the modules built here that the module uses. */
function builtExports({ providers }: Needs): Map<string, BuiltExport> {
  const found = new Map<string, BuiltExport>();
  for (const [symbol, provider] of providers) {
    const own = provider.kind === 'built' ? provider.face.exports.find(({ name }) => name === symbol) : undefined;
    if (own && provider.kind === 'built')
      found.set(symbol, { ...own, module: provider.name, file: provider.face.path });
  }
  return found;
}

/** The bytes of a module that nobody wrote to while they were read. */
export async function readStable(path: string): Promise<OpenModule | AnalyseFailure> {
  try {
    const before = stampOf(path);
    const file = await readModule(path);
    if (stampOf(path) !== before) return { kind: 'changed', reason: note('file-rewritten') };
    return { ...file, object: openObject(file.bytes) };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}

function stampOf(path: string): string {
  const stat = statIfThere(path);
  return stat ? stampOfStat(stat) : '';
}
