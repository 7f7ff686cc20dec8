// One module against several kernels, with everything an editor shows about it. Runs in a worker.
import type { Stats } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { statIfThere } from './files';
import { modinfoValues } from '../core/ko/modinfo';
import { readExports, type ModuleExport } from '../core/ko/exports';
import { readImports } from '../core/ko/imports';
import { readSections, type SectionTable } from '../core/elf/sectionByName';
import type { KernelFacts } from '../core/kernel/types';
import { ENDS, type LoadResult } from '../core/report/types';
import type { ModuleFile } from '../index';
import type {
  AnalyseFailure,
  AnalyseRequest,
  ExportReport,
  LayoutSizes,
  ModuleReport,
  ParameterReport,
  SymbolInTarget,
  SymbolReport,
  TargetChoice,
  TargetResult,
} from '../protocol/analysis';
import { readModule } from './decompress';
import { locateResult, type Locator } from './locate';
import { openLocatorParsing } from './locateParsing';
import { bootFor, openChoice } from './openChoice';
import { hexCrc, moduleNameOfPath } from '../core/report/result';

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
  const locator = await openLocatorParsing(request.path, read.bytes, name);
  await breathe();
  const sections = readSections(read.bytes);
  const exports = (sections ? readExports(read.bytes, sections) : []).map(exportReport);
  return {
    ...emptyReport(request.path, null),
    name,
    results: results.map(result => ({ ...result, result: locateResult(locator, result.result) })),
    missingTargets,
    hints: locator.hints(),
    symbols: [...importsOf(sections, results, opened, locator), ...exportsOf(exports, opened, locator)],
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

/** What is said of a module that could not be analysed: the reason, and nothing else. */
export function emptyReport(path: string, failure: ModuleReport['failure']): ModuleReport {
  return {
    path,
    name: moduleNameOfPath(path),
    failure,
    results: [],
    missingTargets: [],
    hints: [],
    symbols: [],
    exports: [],
    parameters: [],
    initLocation: null,
    sources: [],
    staleSources: [],
  };
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

const TEXT = /^MOD_(?:INIT_)?TEXT$/;
const RODATA = /^MOD_(?:INIT_)?RO/;

/** Sizes by use; before memory was split by type, by where the sections of a region lie. */
function sizesOf(result: LoadResult): LayoutSizes {
  const { regions, coresize, initsize } = result.layout;
  const sum = (form: RegExp): number =>
    regions.filter(r => form.test(r.name) && !r.name.includes('INIT_')).reduce((total, r) => total + r.size, 0);
  const core = regions.find(region => region.name === 'core');
  if (!core) {
    const [coreText, coreRo] = [sum(TEXT), sum(RODATA)];
    return { coreText, coreRo, coreRw: coresize - coreText - coreRo, core: coresize, init: initsize };
  }
  const { text, readOnly } = core[ENDS] ?? { text: 0, readOnly: 0 };
  return { coreText: text, coreRo: readOnly - text, coreRw: coresize - readOnly, core: coresize, init: initsize };
}

function parametersOf(results: readonly TargetResult[], locator: Locator): ParameterReport[] {
  return (results[0]?.result.params ?? []).map(param => ({ ...param, location: locator.parameter(param.name) }));
}

/** Imports by what the simulations found, and the CRC every target has for them. */
function importsOf(
  sections: SectionTable | null,
  results: readonly TargetResult[],
  opened: readonly OpenedTarget[],
  locator: Locator,
): SymbolReport[] {
  const modinfo = sections?.find('.modinfo')?.bytes ?? new Uint8Array(0);
  const imported = new Set(modinfoValues(modinfo, 'import_ns'));
  const names = new Map<string, string | null>();
  // The file says what it imports even where no target got as far as looking.
  for (const [name, crc] of locator.located ? readImports(locator.located.object) : []) names.set(name, hexCrc(crc));
  for (const { result } of results) for (const { name, wanted } of result.symbols) names.set(name, wanted);
  const locations = locator.uses(names.keys());
  return [...names].map(([name, crc]) => ({
    name,
    role: 'import',
    crc,
    targets: opened.map(({ facts }, i) => inTarget(name, facts, imported, results[i]?.result)),
    locations: locations.get(name) ?? [],
  }));
}

/** Exports of the module itself; the targets say who else exports the name. */
function exportsOf(
  exports: readonly ExportReport[],
  opened: readonly OpenedTarget[],
  locator: Locator,
): SymbolReport[] {
  return exports.map(({ name, crc }) => ({
    name,
    role: 'export',
    crc,
    targets: opened.map(({ facts }) => inTarget(name, facts, new Set(), undefined)),
    locations: locator.exported(name),
  }));
}

function exportReport({ name, gplOnly, namespace, crc }: ModuleExport): ExportReport {
  const type = gplOnly ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL';
  return { name, type, namespace, crc: hexCrc(crc) };
}

/** What a target says of a symbol, and, if the module was simulated on it, what became of it. */
export function inTarget(
  name: string,
  facts: KernelFacts,
  imported: ReadonlySet<string>,
  result: LoadResult | undefined,
): SymbolInTarget {
  const symbol = result?.symbols.find(candidate => candidate.name === name);
  const index = facts.exports.findName(name);
  const row = index < 0 ? null : facts.exports.row(index);
  const namespace = row?.namespace ?? symbol?.namespace ?? null;
  return {
    release: facts.release,
    owner: row?.owner ?? symbol?.owner ?? null,
    crc: row && facts.config['MODVERSIONS'] ? hexCrc(row.crc) : null,
    type: row?.type || null,
    namespace,
    namespaceImported: namespace === null || namespace === '' || imported.has(namespace),
    status: symbol?.status ?? null,
  };
}
