// One module against several kernels, with everything an editor shows about it. Runs in a worker.
import type { Stats } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { readSections } from '../../formats/elf/sectionByName';
import type { KernelFacts } from '../../target/types';
import type { ModuleFile } from '../../index';
import type {
  AnalyseFailure,
  AnalyseRequest,
  ModuleReport,
  ParameterReport,
  TargetChoice,
  TargetResult,
} from '../../protocol/analysis';
import { readModule } from './decompress';
import { statIfThere } from './files';
import { locateResult, openLocator, type Locator } from '../places/locate';
import { bootFor, openChoice } from './openChoice';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import { emptyReport, exportsIn, exportsOf, importsOf, sizesOf } from './reportParts';

/** Analyses a module; never throws: what is wrong with the file or a target is part of the report. */
export async function analyseModule(request: AnalyseRequest): Promise<ModuleReport> {
  const read = await readStable(request.path);
  return 'kind' in read ? emptyReport(request.path, read) : analyseFile(read, request);
}

/** Analyses a module that was read already; never throws. */
export async function analyseFile(read: ModuleFile, request: AnalyseRequest): Promise<ModuleReport> {
  const opened: OpenedTarget[] = [];
  const missingTargets: { path: string; reason: string }[] = [];
  for (const choice of request.targets) {
    try {
      opened.push({ choice, facts: await openChoice(choice) });
    } catch (error) {
      missingTargets.push({ path: choice.path, reason: reasonOf(error) });
    }
  }
  const results: TargetResult[] = [];
  for (const target of opened) {
    results.push(await simulate(read, target, request));
    // Between targets others get their turn: a newer request may already be waiting.
    await breathe();
  }
  const name = results[0]?.result.module.name ?? moduleNameOfPath(request.path);
  const locator = await openLocator(request.path, read.bytes, name);
  await breathe();
  const sections = readSections(read.bytes);
  const exports = sections ? exportsIn(read.bytes, sections) : [];
  const facts = opened.map(target => target.facts);
  return {
    ...emptyReport(request.path, null),
    name,
    results: results.map(result => ({ ...result, result: locateResult(locator, result.result) })),
    missingTargets,
    hints: locator.hints(),
    symbols: [
      ...importsOf(locator.located?.object ?? null, sections, results, facts, names => locator.uses(names)),
      ...exportsOf(exports, facts, name => locator.exported(name)),
    ],
    exports,
    parameters: parametersOf(results, locator),
    initLocation: locator.init(),
    sources: locator.sources,
    staleSources: locator.staleSources,
  };
}

interface OpenedTarget {
  readonly choice: TargetChoice;
  readonly facts: KernelFacts;
}

/** The bytes of a module that nobody wrote to while they were read. */
export async function readStable(path: string): Promise<ModuleFile | AnalyseFailure> {
  try {
    const before = stampOf(path);
    const { bytes, compression } = await readModule(path);
    if (stampOf(path) !== before) return { kind: 'changed', reason: 'the file was rewritten while it was read' };
    return { path, bytes, compression: compression === 'none' ? null : compression };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}

function stampOf(path: string): string {
  const stat = statIfThere(path);
  return stat ? stampOfStat(stat) : '';
}

/** Identity of a file's contents: changes with every write. */
export function stampOfStat({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function simulate(
  file: ModuleFile,
  { choice, facts }: OpenedTarget,
  request: AnalyseRequest,
): Promise<TargetResult> {
  const system = await bootFor(request, facts);
  const result = system.insmod(file, request.args);
  return { target: choice, release: facts.release, result, sizes: sizesOf(result) };
}

function parametersOf(results: readonly TargetResult[], locator: Locator): ParameterReport[] {
  return (results[0]?.result.params ?? []).map(param => ({ ...param, location: locator.parameter(param.name) }));
}
