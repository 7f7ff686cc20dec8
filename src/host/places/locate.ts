// Puts findings, symbols and parameters of a module on lines of its source.
import path from 'node:path';
import { statIfThere } from '../node/files';
import { openDwarf } from '../../formats/dwarf/dwarf';
import { placeOf } from '../../formats/elf/relocations';
import { reportedOf, told } from '../../findings/all';
import type { Finding, SourceLocation } from '../../findings/types';
import { moduleHints } from '../../linux/scripts/mod/hints';
import { openObject, type Container, type ObjectFile } from '../../formats/ko/objectFile';
import { referenceOfEntry, referencesToUndefined } from '../../formats/ko/references';
import type { LoadResult, NextResult } from '../../report/types';
import { locateAll, locateResult, withNext, type Places } from '../services/reportParts';
import { inflate } from './inflate';
import { SourceLibrary } from './library';
import { INIT, macroPlaces } from './macros';
import { ReadableFiles } from './readableFiles';
import { BuiltTexts } from './builtTexts';
import { buildFileOf, SourcePaths, sourcesOfBuild } from './sourceFiles';
import { baseName, definitionPlace, holdsLine, locateUses, sortedOnce, type Located } from './uses';
import { loadTreeSitter } from './treeSitter';

/** Answers where things of one module stand. Locations of files are absolute; what is not found has none. */
export interface Locator extends Places {
  /** The definition of a function or object; `section` tells local ones of the same name apart, '' asks for any. */
  symbol(name: string, section: string): readonly SourceLocation[];
  /** What the source defines into a section; the first few. */
  section(name: string): readonly SourceLocation[];
  /** The line of an instruction, by the name of its section; null without debug information. */
  code(section: string, offset: number): SourceLocation | null;
  /** The function or object whose definition holds a line, as the module names it. */
  symbolAt(file: string, line: number): SymbolInSection | null;
  readonly located: Located | null;
  /** Only a part of the debug information was read, as there is more than any module has. */
  readonly isPartial: () => boolean;
}

export interface SymbolInSection {
  readonly section: string;
  readonly symbol: string;
}

/** Most places that one symbol is given: nobody reads more, and printk has thousands. */
const MOST_PLACES = 200;

/** Opens a module for locating; `object` is null when it is no ELF file, `name` the module's name. Never rejects. */
export async function openLocator(modulePath: string, object: ObjectFile | null, name: string): Promise<Locator> {
  const dwarf = openDwarf(object, inflate);
  const file = path.resolve(modulePath);
  const files = new ReadableFiles(path.dirname(file));
  const paths = new SourcePaths(path.dirname(file), files);
  const compiled = (dwarf?.units ?? [])
    .filter(unit => !unit.path.endsWith('.mod.c'))
    .flatMap(unit => paths.resolve(unit) ?? []);
  const sources = [...new Set(compiled.length > 0 ? compiled : sourcesOfBuild(file, name, files))];
  for (const source of sources) paths.addSource(source);
  const texts = new BuiltTexts(file, source => files.readText(source), newerThan(file));
  const parser = sources.length > 0 ? await loadTreeSitter() : null;
  const library = new SourceLibrary(sources, files, parser, source => texts.built(source));
  const about = object && { object, dwarf, paths, library, defined: new Map<Container, readonly SourceLocation[]>() };
  // Without a source that can be read there is no line to find, whatever refers to a symbol.
  const defined = dwarf || sources.length > 0 ? about : null;
  const memo = new Map<string, readonly SourceLocation[]>();

  const uses = (names: Iterable<string>): ReadonlyMap<string, readonly SourceLocation[]> => {
    const all = [...names];
    const unknown = new Set(all.filter(symbol => !memo.has(symbol)));
    // Without a source that can be read there is no line to find, whatever refers to a symbol.
    if (about && sources.length > 0 && unknown.size > 0)
      for (const [symbol, references] of referencesToUndefined(about.object, unknown))
        memo.set(symbol, locateUses(about, symbol, references.slice(0, MOST_PLACES)));
    return new Map(all.map(symbol => [symbol, memo.get(symbol) ?? []]));
  };
  const exported = (symbol: string): readonly SourceLocation[] => {
    const found = invocation(library, /^(?:__)?EXPORT_\w*SYMBOL\w*$/, symbol);
    if (found.length > 0 || !defined) return found;
    return defined.object.containersNamed(symbol).flatMap(container => definitionPlace(defined, container));
  };
  const parameter = (param: string): SourceLocation | null => {
    const found = invocation(library, /param/, param)[0] ?? invocation(library, /param/, param.replaceAll('-', '_'))[0];
    if (found || !about) return found ?? null;
    const [container] = about.object.containersNamed(`__param_${param}`);
    return (container && definitionPlace(about, container)[0]) ?? null;
  };
  const symbol = (wanted: string, section: string): readonly SourceLocation[] => {
    const containers = about?.object.containersNamed(wanted) ?? [];
    const inside = containers.filter(container => about && sectionOfContainer(about, container) === section);
    const chosen = inside.length > 0 ? inside : containers;
    return about ? sortedOnce(chosen.flatMap(container => definitionPlace(about, container))) : [];
  };
  const init = (): SourceLocation | null => macroPlaces(library, INIT)[0] ?? null;
  const license = (): readonly SourceLocation[] => macroPlaces(library, /^MODULE_LICENSE$/);
  const buildFile = (): SourceLocation | null => buildFileOf(file, name, files);
  const build = (): readonly SourceLocation[] => {
    const found = buildFile();
    return found ? [found] : license();
  };
  const finding = (about_: Finding): readonly SourceLocation[] => {
    const reported = reportedOf(about_);
    const anchor = reported ? told(reported.definition.anchor, reported.facts) : 'build';
    const { symbol: name } = about_;
    if (typeof anchor === 'object') {
      if (anchor.kind === 'uses') {
        const places = [...uses(anchor.names).values()].flat();
        return places.length > 0 ? places : build();
      }
      if (anchor.kind === 'parameter') return listOf(parameter(anchor.name));
      if (!about) return build();
      if (anchor.kind === 'section') return inSection(about, anchor.name);
      const reference = referenceOfEntry(about.object, anchor.section, anchor.index);
      return reference ? locateUses(about, '', [reference]) : [];
    }
    switch (anchor) {
      case 'use':
      case 'export': {
        if (name === undefined) return build();
        const places = anchor === 'export' ? exported(name) : (uses([name]).get(name) ?? []);
        return places.length > 0 ? places : exported(name);
      }
      case 'init':
        return listOf(init());
      case 'license':
        return license();
      case 'build':
        return build();
      case 'nowhere':
      case 'given':
        return [];
    }
  };
  const hints = (): readonly Finding[] =>
    (about ? moduleHints(about.object, name) : []).map(({ finding: hint, references, containers }) => {
      const used = about ? locateUses(about, baseName(hint.symbol ?? ''), references) : [];
      const defined = about ? sortedOnce(containers.flatMap(container => definitionPlace(about, container))) : [];
      const places = [...used, ...defined];
      return { ...hint, locations: references.length + containers.length > 0 ? places : finding(hint) };
    });
  const present = (place: SourceLocation): SourceLocation => texts.present(place);
  const one = (place: SourceLocation | null): SourceLocation | null => place && present(place);
  return {
    sources,
    staleSources: [...sources, ...library.headers()].filter(newerThan(file)),
    text: source => texts.now(source),
    uses: names => new Map(Array.from(uses(names), ([name, places]) => [name, places.map(present)])),
    exported: name_ => exported(name_).map(present),
    parameter: param => one(parameter(param)),
    symbol: (wanted, section) => symbol(wanted, section).map(present),
    section: wanted => (about ? inSection(about, wanted).map(present) : []),
    code: (section, offset) => one(about ? lineOfCode(about, section, offset) : null),
    symbolAt: (source, line) => (about ? definedAt(about, source, line) : null),
    init: () => one(init()),
    anchors: () => ({
      license: one(license()[0] ?? null),
      init: one(init()),
      makefile: buildFile(),
      firstSource: sources[0] ?? null,
    }),
    finding: about_ => finding(about_).map(present),
    hints: () => hints().map(hint => ({ ...hint, locations: hint.locations.map(present) })),
    located: about,
    isPartial: () => dwarf?.isPartial ?? false,
  };
}

/**
 * Results of one module with the places of their findings; `shown` turns absolute paths into those to show, `say` is told
 * what was left out. `next` has, for each result, what would come next.
 */
export async function locateResults(
  modulePath: string,
  bytes: Uint8Array,
  results: readonly LoadResult[],
  shown: (file: string) => string = file => file,
  say: (line: string) => void = () => undefined,
  next?: readonly (NextResult | null)[],
): Promise<LoadResult[]> {
  const locator = await openLocator(modulePath, openObject(bytes), results[0]?.module.name ?? '');
  if (locator.isPartial()) say(`${modulePath}: only the first part of its debug information was read`);
  const hints = locator.hints().map(hint => ({
    ...hint,
    locations: hint.locations.map(place => ({ ...place, file: shown(place.file) })),
  }));
  return results.map((result, i) => {
    const located = withNext(locator, locateResult(locator, result, shown), next?.[i], shown);
    return hints.length === 0 ? located : { ...located, findings: [...located.findings, ...hints] };
  });
}

/** As {@link locateResults}, of the findings of one result. */
export async function locateFindings(
  { module, findings }: Pick<LoadResult, 'module' | 'findings'>,
  bytes: Uint8Array,
): Promise<Finding[]> {
  return locateAll(await openLocator(module.path, openObject(bytes), module.name), findings);
}

const listOf = (place: SourceLocation | null): readonly SourceLocation[] => (place ? [place] : []);

/** Calls of a macro whose first argument is `name`; the argument is marked. */
function invocation(library: SourceLibrary, macro: RegExp, name: string): readonly SourceLocation[] {
  return library.all().flatMap(({ file, source }) =>
    source.invocationsOn(name).flatMap(call => {
      const argument = macro.test(call.name.text) ? source.argument(call) : null;
      return argument ? [{ file, line: argument.line, column: argument.column }] : [];
    }),
  );
}

/** What the source defines into a section; the first few. */
function inSection(about: Located, name: string): readonly SourceLocation[] {
  const section = about.object.sectionNames.indexOf(name);
  const inside = about.object
    .containers()
    .filter(({ symbol }) => about.object.symbols.section(symbol) === section)
    .slice(0, 5);
  return sortedOnce(inside.flatMap(container => definitionPlace(about, container)));
}

function lineOfCode({ object, dwarf, paths }: Located, section: string, offset: number): SourceLocation | null {
  const index = object.sectionNames.indexOf(section);
  const line = index < 0 ? null : dwarf?.lineAt(placeOf(index, offset));
  const file = line && paths.resolve(line);
  return file ? { file, line: line.line, column: Math.max(1, line.column) } : null;
}

/** Of nested definitions the innermost that the module has a symbol for. */
function definedAt(about: Located, file: string, line: number): SymbolInSection | null {
  const source = about.library.get(file);
  if (!source) return null;
  const names = source.definitions
    .filter(({ start, end }) => holdsLine(source, start, end, line))
    .sort((a, b) => b.start - a.start)
    .map(({ name }) => name.text);
  // Compilers append to names: `probe.cold` is code of `probe`, and is taken only where `probe` itself is not there.
  for (const suffixed of [false, true])
    for (const name of names) {
      const found = about.object
        .containers()
        .find(container => container.name === name || (suffixed && baseName(container.name) === name));
      if (found) return { section: sectionOfContainer(about, found), symbol: found.name };
    }
  return null;
}

function sectionOfContainer({ object }: Located, { symbol }: Container): string {
  return object.sectionNames[object.symbols.section(symbol)] ?? '';
}

/** Whether a file was written after another. */
function newerThan(modulePath: string): (file: string) => boolean {
  const built = statIfThere(modulePath)?.mtimeMs ?? Infinity;
  return file => (statIfThere(file)?.mtimeMs ?? 0) > built;
}
