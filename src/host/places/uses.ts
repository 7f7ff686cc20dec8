// Where in the source a module uses a symbol: by debug information, or by what the sources themselves say.
import path from 'node:path';
import { SHF_EXECINSTR, STB_LOCAL, STT_FILE } from '../../formats/elf/constants';
import type { CSource, Definition } from '../../formats/c/source';
import type { Declaration, DebugLine, Dwarf } from '../../formats/dwarf/dwarf';
import type { Place } from '../../formats/elf/relocations';
import type { SourceLocation } from '../../findings/types';
import type { Container, ObjectFile } from '../../formats/ko/objectFile';
import { ADDED_BY_COMPILER } from '../../formats/ko/addedByCompiler';
import type { Reference } from '../../formats/ko/references';
import type { DefinedIn, SourceLibrary } from './library';
import { markUse } from './mark';
import type { SourcePaths } from './sourceFiles';

/** What locating works with. */
export interface Located {
  readonly object: ObjectFile;
  readonly dwarf: Dwarf | null;
  readonly paths: SourcePaths;
  readonly library: SourceLibrary;
  /** Places of definitions that were asked for: those of a container are by its references, of which there are many. */
  readonly defined: Map<Container, readonly SourceLocation[]>;
}

/** Places of references to one name, sorted, without repetition. */
export function locateUses(about: Located, name: string, references: readonly Reference[]): SourceLocation[] {
  const data = references.filter(reference => ADDED_BY_COMPILER.test(name) || !isCode(about.object, reference));
  const declarations = declarationsOf(about, data);
  const found = references.flatMap(reference => locateUse(about, name, reference, declarations));
  return sortedOnce(found);
}

function locateUse(
  about: Located,
  name: string,
  reference: Reference,
  declarations: ReadonlyMap<Place, Declaration>,
): readonly SourceLocation[] {
  const { container } = reference;
  if (ADDED_BY_COMPILER.test(name)) return container ? definitionPlace(about, container) : [];
  if (isCode(about.object, reference)) {
    const lines = about.dwarf?.linesAt(reference.place) ?? [];
    return lines.length > 0 ? fromLines(about, name, lines) : container ? fromSource(about, name, container) : [];
  }
  if (!container) return [];
  const declaration = declarations.get(container.place);
  return declaration ? fromDeclaration(about, name, container, declaration) : fromSource(about, name, container);
}

/** The innermost line that is the module's own: an inlined function of a kernel header is marked where it is called. */
function fromLines(about: Located, name: string, lines: readonly DebugLine[]): SourceLocation[] {
  const resolved = lines.flatMap(line => {
    const file = about.paths.resolve(line);
    return file === null ? [] : [{ file, line }];
  });
  const own = resolved.find(({ file }) => about.paths.isOwn(file)) ?? resolved.at(-1);
  if (!own) return [];
  const macros = about.library.macrosLeadingTo(name);
  return [{ file: own.file, ...markUse(about.library.get(own.file), own.line, name, macros) }];
}

function fromDeclaration(
  about: Located,
  name: string,
  container: Container,
  declaration: Declaration,
): SourceLocation[] {
  const file = about.paths.resolve(declaration);
  if (file === null) return [];
  const source = about.library.get(file);
  const definition = source
    ?.defined(baseName(container.name))
    .find(({ start, end }) => holdsLine(source, start, end, declaration.line));
  const inside = source && definition ? usesInside(about, file, source, definition, name) : [];
  if (inside.length > 0) return inside;
  return [{ file, ...markUse(source, declaration, name, about.library.macrosLeadingTo(name)) }];
}

/** Without debug information: the name inside the function or object, and what is inlined into it. */
function fromSource(about: Located, name: string, container: Container): readonly SourceLocation[] {
  const definitions = definitionsOf(about, container);
  const bodies = definitions.flatMap(item => [item, ...inlinedInto(about, item)]);
  const found = bodies.flatMap(({ file, source, definition }) => usesInside(about, file, source, definition, name));
  if (found.length > 0) return found;
  const called = bodies.flatMap(({ file, source, definition }) => callLike(file, source, definition, name));
  if (called.length > 0) return called;
  for (const user of bodies.length > 0 ? about.library.headerNamesLeadingTo(name) : []) {
    const through = bodies.flatMap(({ file, source, definition: { body, end } }) =>
      source.uses(user, body, end).map(({ line, column }) => ({ file, line, column })),
    );
    if (through.length > 0) return through;
  }
  return definitionPlace(about, container);
}

/** Definitions of a container; of the same static name in several files, the one in the file the symbol table names. */
export function definitionsOf({ object, library }: Located, container: Container): readonly DefinedIn[] {
  const all = library.defined(baseName(container.name));
  if (all.length < 2) return all;
  const from = fileOfSymbol(object, container.symbol);
  const same = all.filter(({ file }) => path.basename(file) === from);
  return same.length > 0 ? same : all;
}

/** Static functions that are called from a body and have no code of their own: the compiler put them in there. */
function inlinedInto(about: Located, from: DefinedIn): DefinedIn[] {
  const seen = new Map<Definition, DefinedIn>();
  const queue = [from];
  for (let item = queue.pop(); item; item = queue.pop()) {
    const { source, definition } = item;
    for (let at = definition.body; at < definition.end; at++) {
      const token = source.tokens[at];
      if (token?.kind !== 'word' || source.tokens[at + 1]?.text !== '(') continue;
      if (about.object.containersNamed(token.text).length > 0) continue;
      for (const inlined of staticFunctions(about, item, token.text)) {
        if (seen.has(inlined.definition) || inlined.definition === from.definition) continue;
        seen.set(inlined.definition, inlined);
        queue.push(inlined);
      }
    }
  }
  return [...seen.values()];
}

/** Of the same file, or of a header. */
function staticFunctions({ library }: Located, { file, source }: DefinedIn, name: string): DefinedIn[] {
  const here = { file, source };
  const headers = library.headers().flatMap(header => {
    const text = library.get(header);
    return text ? [{ file: header, source: text }] : [];
  });
  return [here, ...headers].flatMap(place =>
    place.source
      .defined(name)
      .filter(({ kind, isStatic }) => kind === 'function' && isStatic)
      .map(definition => ({ ...place, definition })),
  );
}

function usesInside(
  about: Located,
  file: string,
  source: CSource,
  { body, end }: Definition,
  name: string,
): SourceLocation[] {
  const direct = source.uses(name, body, end);
  const through = [...about.library.macrosLeadingTo(name)].flatMap(macro => source.uses(macro, body, end));
  return [...direct, ...through].map(({ line, column }) => ({ file, line, column }));
}

/**
 * The call through which a header brings the symbol in: kernel headers wrap __kmalloc in kmalloc, _dev_err in dev_err.
 * The longest called name that the symbol contains.
 */
function callLike(file: string, source: CSource, { body, end }: Definition, name: string): SourceLocation[] {
  let best = '';
  for (let at = body; at < end; at++) {
    const { kind, text } = source.tokens[at] ?? { kind: 'other', text: '' };
    if (kind !== 'word' || source.tokens[at + 1]?.text !== '(' || text.length < 4) continue;
    if (name.includes(text) && text.length > best.length) best = text;
  }
  if (best === '') return [];
  return source.uses(best, body, end).map(({ line, column }) => ({ file, line, column }));
}

/** Where a function or object of the module is defined. */
export function definitionPlace(about: Located, container: Container): readonly SourceLocation[] {
  let places = about.defined.get(container);
  if (!places) about.defined.set(container, (places = findDefinition(about, container)));
  return places;
}

function findDefinition(about: Located, container: Container): SourceLocation[] {
  const declaration = about.dwarf?.declarationsAt(new Set([container.place])).get(container.place);
  const file = declaration ? about.paths.resolve(declaration) : null;
  if (declaration && file !== null)
    return [{ file, ...markUse(about.library.get(file), declaration, baseName(container.name), new Set()) }];
  const defined = definitionsOf(about, container).map(({ file, definition }) => ({ file, definition }));
  return (defined.length > 0 ? defined : madeByMacro(about, container)).map(({ file, definition: { name } }) => ({
    file,
    line: name.line,
    column: name.column,
  }));
}

/** The macro call that makes an object: DEFINE_MUTEX(lock) makes `lock`, module_param(level, ...) `__param_level`. */
function madeByMacro(
  { library }: Located,
  { name }: Container,
): { readonly file: string; readonly definition: Definition }[] {
  const param = /^__param_(.+)/.exec(name)?.[1];
  return library.all().flatMap(({ file, source }) =>
    source
      .invocationsOn(param ?? name)
      .filter(definition => param === undefined || definition.name.text.includes('param'))
      .map(definition => ({ file, definition })),
  );
}

function declarationsOf({ dwarf }: Located, references: readonly Reference[]): ReadonlyMap<Place, Declaration> {
  const places = new Set(references.flatMap(({ container }) => (container ? [container.place] : [])));
  return places.size === 0 || !dwarf ? new Map() : dwarf.declarationsAt(places);
}

function isCode(object: ObjectFile, { section }: Reference): boolean {
  return ((object.sections.shdrs[section]?.sh_flags ?? 0) & SHF_EXECINSTR) !== 0;
}

/** Whether tokens from `start` to `end` begin and end around a line. */
export function holdsLine(source: CSource, start: number, end: number, line: number): boolean {
  return (source.tokens[start]?.line ?? Infinity) <= line && line <= (source.tokens[end - 1]?.line ?? 0);
}

/** The name in the source: compilers append `.0`, `.isra.0`, `.constprop.0`, `.part.0`, `.cold`. */
export function baseName(symbol: string): string {
  const dot = symbol.indexOf('.', 1);
  return dot < 0 ? symbol : symbol.slice(0, dot);
}

/** Base name of the file that the STT_FILE symbol before a local symbol names. */
function fileOfSymbol({ symbols }: ObjectFile, index: number): string | null {
  if (symbols.bind(index) !== STB_LOCAL) return null;
  for (let i = index; i > 0; i--) if (symbols.type(i) === STT_FILE) return path.basename(symbols.name(i));
  return null;
}

/** By file and position, each place once. */
export function sortedOnce(locations: readonly SourceLocation[]): SourceLocation[] {
  const byKey = new Map(locations.map(place => [`${place.file}\0${place.line}\0${place.column}`, place]));
  return [...byKey.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}
