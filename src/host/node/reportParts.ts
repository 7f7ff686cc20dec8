// Parts of a report that need no files: made of the bytes of a module, what simulations found, and kernels.
import type { SectionTable } from '../../formats/elf/sectionByName';
import type { SourceLocation } from '../../findings/types';
import type { KernelFacts } from '../../target/types';
import { readExports, type ModuleExport } from '../../formats/ko/exports';
import { readImports } from '../../formats/ko/imports';
import { modinfoValues } from '../../formats/ko/modinfo';
import type { ObjectFile } from '../../formats/ko/objectFile';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import { hexCrc } from '../../formats/bytes/hex';
import { ENDS, type LoadResult } from '../../report/types';
import type {
  ExportReport,
  LayoutSizes,
  ModuleReport,
  SymbolInTarget,
  SymbolReport,
  TargetResult,
} from '../../protocol/analysis';

/** Places in the source, by name. */
type Places = ReadonlyMap<string, readonly SourceLocation[]>;

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

const TEXT = /^MOD_(?:INIT_)?TEXT$/;
const RODATA = /^MOD_(?:INIT_)?RO/;

/** Sizes by use; before memory was split by type, by where the sections of a region lie. */
export function sizesOf(result: LoadResult): LayoutSizes {
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
export function importsOf(
  object: ObjectFile | null,
  sections: SectionTable | null,
  results: readonly TargetResult[],
  facts: readonly KernelFacts[],
  uses: (names: Iterable<string>) => Places,
): SymbolReport[] {
  const modinfo = sections?.find('.modinfo')?.bytes ?? new Uint8Array(0);
  const imported = new Set(modinfoValues(modinfo, 'import_ns'));
  const names = new Map<string, string | null>();
  // The file says what it imports even where no target got as far as looking.
  for (const [name, crc] of object ? readImports(object) : []) names.set(name, hexCrc(crc));
  for (const { result } of results) for (const { name, wanted } of result.symbols) names.set(name, wanted);
  const locations = uses(names.keys());
  return [...names].map(([name, crc]) => ({
    name,
    role: 'import',
    crc,
    targets: facts.map((each, i) => inTarget(name, each, imported, results[i]?.result)),
    locations: locations.get(name) ?? [],
  }));
}

/** Exports of the module itself; the targets say who else exports the name. */
export function exportsOf(
  exports: readonly ExportReport[],
  facts: readonly KernelFacts[],
  exported: (name: string) => readonly SourceLocation[],
): SymbolReport[] {
  return exports.map(({ name, crc }) => ({
    name,
    role: 'export',
    crc,
    targets: facts.map(each => inTarget(name, each, new Set(), undefined)),
    locations: exported(name),
  }));
}

/** What a module exports, as it is reported. */
export function exportsIn(bytes: Uint8Array, sections: SectionTable): ExportReport[] {
  return readExports(bytes, sections).map(exportReport);
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
