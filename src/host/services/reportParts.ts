// What an editor shows of a module, made of its bytes, what simulations found, and kernels. Needs no files.
import { reasonOf, type Note } from '../../findings/notes';
import type { Finding, SourceLocation } from '../../findings/types';
import { hexCrc } from '../../formats/bytes/hex';
import type { ModuleExport } from '../../formats/ko/exports';
import { readImports } from '../../formats/ko/imports';
import { modinfoValues } from '../../formats/ko/modinfo';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { ObjectFile } from '../../formats/ko/objectFile';
import type {
  Anchors,
  ExportReport,
  LayoutSizes,
  ModuleReport,
  SymbolReport,
  TargetChoice,
  TargetResult,
} from '../../protocol/analysis';
import type { EditorReport } from '../../protocol/worker';
import { inTarget, symbolsByName, type BuiltExport } from './inTarget';
import { ENDS, type LoadResult, type NextResult } from '../../report/types';
import type { KernelFacts } from '../../target/types';

/** Where things of a module stand in its source. */
export interface Places {
  readonly sources: readonly string[];
  /** Those that are newer than the module. */
  readonly staleSources: readonly string[];
  /** A source as it is now; null when it cannot be read. */
  text(file: string): string | null;
  /** Every use of imported symbols. */
  uses(names: Iterable<string>): ReadonlyMap<string, readonly SourceLocation[]>;
  /** The EXPORT_SYMBOL line. */
  exported(name: string): readonly SourceLocation[];
  /** The module_param line. */
  parameter(name: string): SourceLocation | null;
  /** The module_init line. */
  init(): SourceLocation | null;
  anchors(): Anchors;
  finding(finding: Finding): readonly SourceLocation[];
  /** What the file says of itself, located. */
  hints(): readonly Finding[];
}

const NO_NEEDS: ReportedNeeds = { loaded: [], absent: [], built: new Map() };
const NO_ANCHORS: Anchors = { license: null, init: null, makefile: null, firstSource: null };

/** For a host that sees no sources. */
export const NOWHERE: Places = {
  sources: [],
  staleSources: [],
  text: () => null,
  uses: () => new Map(),
  exported: () => [],
  parameter: () => null,
  init: () => null,
  anchors: () => NO_ANCHORS,
  finding: () => [],
  hints: () => [],
};

/** A target of a request that could be opened. */
export interface OpenTarget {
  readonly choice: TargetChoice;
  readonly facts: KernelFacts;
  /** Its Module.symvers, where it has one. */
  readonly symvers?: string | null;
}

export interface OpenTargets {
  readonly opened: readonly OpenTarget[];
  readonly missingTargets: ModuleReport['missingTargets'];
}

/** Opens every target that can be opened. */
export async function openEach(
  choices: readonly TargetChoice[],
  open: (choice: TargetChoice) => Promise<KernelFacts>,
  symversOf: (choice: TargetChoice) => string | null = () => null,
): Promise<OpenTargets> {
  const opened: OpenTarget[] = [];
  const missingTargets: { path: string; reason: Note }[] = [];
  for (const choice of choices) {
    try {
      opened.push({ choice, facts: await open(choice), symvers: symversOf(choice) });
    } catch (error) {
      missingTargets.push({ path: choice.path, reason: reasonOf(error) });
    }
  }
  return { opened, missingTargets };
}

export interface Simulated extends OpenTargets {
  readonly path: string;
  readonly object: ObjectFile | null;
  /** By opened target. */
  readonly results: readonly LoadResult[];
  /** By opened target; none where nothing was loaded before. */
  readonly needs?: readonly ReportedNeeds[];
  /** By opened target, what would come next. */
  readonly next?: readonly (NextResult | null)[];
}

/** What was loaded first on a target. */
export interface ReportedNeeds {
  readonly loaded: TargetResult['needs'];
  readonly absent: readonly string[];
  /** By imported symbol, the module built here that exports it. */
  readonly built: ReadonlyMap<string, BuiltExport>;
}

export function reportOf(
  { path, object, opened, missingTargets, results, needs, next }: Simulated,
  places: Places,
): ModuleReport {
  const exports = object?.exports().map(exportReport) ?? [];
  const targets = opened.map(({ choice }, i) => ({ choice, result: results[i], ...(needs?.[i] ?? NO_NEEDS) }));
  const report: ModuleReport = {
    ...emptyReport(path, null),
    name: nameOf(path, results),
    results: targets.flatMap(({ choice: target, result, loaded, absent }, i) => {
      if (!result) return [];
      const located = withNext(places, locateResult(places, result), next?.[i]);
      return [
        { target, release: result.kernel.release, result: located, sizes: sizesOf(result), needs: loaded, absent },
      ];
    }),
    missingTargets,
    hints: places.hints(),
    symbols: [
      ...importsOf(
        object,
        { opened, results: results.map((result, i) => withSymbols(result, next?.[i])), needs: needs ?? [] },
        names => places.uses(names),
      ),
      ...exportsOf(exports, opened, name => places.exported(name)),
    ],
    exports,
    parameters: (results[0]?.params ?? []).map(param => ({ ...param, location: places.parameter(param.name) })),
    anchors: places.anchors(),
    initLocation: places.init(),
    sources: places.sources,
    staleSources: places.staleSources,
  };
  return { ...report, texts: textsOf(report, places) };
}

/** Characters of texts that go with a report. */
const MOST_TEXT = 2 ** 23;

function textsOf(
  { results, hints, symbols, parameters, anchors, initLocation, sources }: ModuleReport,
  places: Places,
) {
  const located = [...results.flatMap(({ result }) => result.findings), ...hints, ...symbols];
  const all = [...located.flatMap(({ locations }) => locations), ...parameters.map(({ location }) => location)];
  const files = new Set([...all, anchors.license, anchors.init, initLocation].flatMap(place => place?.file ?? []));
  const texts: Record<string, string> = {};
  let left = MOST_TEXT;
  for (const file of [...sources, ...files]) {
    const text = files.has(file) && !(file in texts) ? places.text(file) : null;
    if (text === null || text.length > left) continue;
    texts[file] = text;
    left -= text.length;
  }
  return texts;
}

/** As the first kernel calls the module, else by its file. */
export function nameOf(path: string, results: readonly LoadResult[]): string {
  return results[0]?.module.name ?? moduleNameOfPath(path);
}

/** The result with the places of its findings; `shown` turns absolute paths into those to show. */
export function locateResult(
  places: Places,
  result: LoadResult,
  shown: (file: string) => string = file => file,
): LoadResult {
  return { ...result, findings: locateAll(places, result.findings, shown) };
}

/** A result with what would come next, located. */
export function withNext(
  places: Places,
  result: LoadResult,
  next: NextResult | null | undefined,
  shown: (file: string) => string = file => file,
): LoadResult {
  return next && next.findings.length > 0 ? { ...result, next: locateAll(places, next.findings, shown) } : result;
}

/** With the symbols of the load that went on, where the kernel did not come to them. */
const withSymbols = (result: LoadResult, next: NextResult | null | undefined): LoadResult =>
  next && result.symbols.length === 0 ? { ...result, symbols: next.symbols } : result;

/** Findings with their places. */
export function locateAll(
  places: Places,
  findings: readonly Finding[],
  shown: (file: string) => string = file => file,
): Finding[] {
  const symbols = findings.flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol]));
  // All at once: looking for one takes as long as looking for all.
  places.uses(new Set(symbols));
  const locate = (finding: Finding): SourceLocation[] =>
    places.finding(finding).map(place => ({ ...place, file: shown(place.file) }));
  return findings.map(finding => ({ ...finding, locations: locate(finding) }));
}

/** A report as an editor has it before anything around the module was looked at. */
export function editorReport(report: ModuleReport, stamp: string): EditorReport {
  return {
    ...report,
    parametersDeclaredOnly: report.parameters.length === 0,
    stamp,
    traits: [],
  };
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
    anchors: NO_ANCHORS,
    initLocation: null,
    sources: [],
    staleSources: [],
    texts: {},
  };
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

/** Imports by what the simulations found, and the CRC every target has for them. */
function importsOf(
  object: ObjectFile | null,
  { opened, results, needs }: Required<Pick<Simulated, 'opened' | 'results' | 'needs'>>,
  uses: Places['uses'],
): SymbolReport[] {
  const modinfo = object?.sections.find('.modinfo')?.bytes ?? new Uint8Array(0);
  const imported = new Set(modinfoValues(modinfo, 'import_ns'));
  const names = new Map<string, string | null>();
  // The file says what it imports even where no target got as far as looking.
  for (const [name, crc] of object ? readImports(object) : []) names.set(name, hexCrc(crc));
  for (const { symbols } of results) for (const { name, wanted } of symbols) names.set(name, wanted);
  const locations = uses(names.keys());
  const by = results.map(symbolsByName);
  return [...names].map(([name, crc]) => ({
    name,
    role: 'import',
    crc,
    targets: opened.map((target, i) => inTarget(name, target, imported, by[i]?.get(name), needs[i]?.built.get(name))),
    locations: locations.get(name) ?? [],
  }));
}

/** Exports of the module itself; the targets say who else exports the name. */
function exportsOf(
  exports: readonly ExportReport[],
  opened: readonly OpenTarget[],
  exported: (name: string) => readonly SourceLocation[],
): SymbolReport[] {
  return exports.map(({ name, crc }) => ({
    name,
    role: 'export',
    crc,
    targets: opened.map(target => inTarget(name, target, NONE)),
    locations: exported(name),
  }));
}

const NONE: ReadonlySet<string> = new Set();

function exportReport({ name, type, namespace, crc }: ModuleExport): ExportReport {
  return { name, type, namespace, crc: hexCrc(crc) };
}
