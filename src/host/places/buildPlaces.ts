// Puts what a build prints on lines of the sources: modpost and objtool name modules and objects, make names targets.
import path from 'node:path';
import type { SourceLocation } from '../../findings/types';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { BuildMessage, BuildSubject } from '../../protocol/build';
import { readTextIfReadable, statIfThere } from '../node/files';
import { SourceLibrary } from './library';
import { INIT, macroPlaces } from './macros';
import { ReadableFiles } from './readableFiles';
import { sourcesOfBuild } from './sourceFiles';
import { loadTreeSitter } from './treeSitter';

/** Where each message of a build belongs, in a file that is there; null where there is none. `directory` is absolute. */
export async function placesOfBuild(
  directory: string,
  messages: readonly BuildMessage[],
): Promise<(SourceLocation | null)[]> {
  const build = new BuildPlaces(directory);
  const places: (SourceLocation | null)[] = [];
  for (const message of messages) places.push(await build.place(message));
  return places;
}

class BuildPlaces {
  private readonly files: ReadableFiles;
  private readonly libraries = new Map<string, SourceLibrary | null>();
  private order: readonly string[] | null = null;
  private readonly lines = new Map<string, readonly string[]>();

  constructor(private readonly directory: string) {
    this.files = new ReadableFiles(directory);
  }

  async place({ candidates, line, column, message, subject }: BuildMessage): Promise<SourceLocation | null> {
    if (line !== null) {
      const file = candidates.find(candidate => statIfThere(candidate)?.isFile());
      return file === undefined
        ? null
        : { file, line, column: column === null ? 1 : this.column(file, line, column, message) };
    }
    if (subject?.kind === 'rule') return this.ofRule(subject.target);
    for (const candidate of [...candidates, ...this.ordered(candidates)]) {
      const library = await this.library(candidate);
      if (library) return placeIn(library, subject);
    }
    return this.ofRule(path.basename(candidates.at(-1) ?? ''));
  }

  /**
   * GCC counts columns as a terminal shows them, a tab as far as the next multiple of eight (-fdiagnostics-column-unit),
   * and clang counts bytes. It is clang's where the name that the message quotes stands there, or nothing where GCC's would be.
   */
  private column(file: string, line: number, column: number, message: string): number {
    let lines = this.lines.get(file);
    if (!lines) this.lines.set(file, (lines = readTextIfReadable(file)?.split('\n') ?? []));
    const text = lines[line - 1] ?? '';
    const quoted = /['‘]([A-Za-z_]\w*)['’]/.exec(message)?.[1];
    if (quoted !== undefined && text.startsWith(quoted, column - 1)) return column;
    let shown = 1;
    let at = 0;
    while (at < text.length && shown < column) shown += text[at++] === '\t' ? 8 - ((shown - 1) % 8) : 1;
    return shown === column && /\S/.test(text[at] ?? '') ? at + 1 : column;
  }

  /** Modules of that name anywhere in the build: some messages name no directory. */
  private ordered(candidates: readonly string[]): string[] {
    this.order ??= (readTextIfReadable(path.join(this.directory, 'modules.order')) ?? '')
      .split('\n')
      .map(module => path.resolve(this.directory, module.replace(/\.k?o$/, '')));
    const names = new Set(candidates.map(candidate => path.basename(candidate)));
    return this.order.filter(module => names.has(path.basename(module)));
  }

  /** The sources of a module or object; null when there is none of that name. */
  private async library(file: string): Promise<SourceLibrary | null> {
    let library = this.libraries.get(file);
    if (library === undefined) {
      const sources = sourcesOfBuild(`${file}.ko`, moduleNameOfPath(`${file}.ko`), this.files);
      library = sources.length > 0 ? new SourceLibrary(sources, this.files, await loadTreeSitter()) : null;
      this.libraries.set(file, library);
    }
    return library;
  }

  /** The line of the Makefile or Kbuild that lists a target; the first of the file when none does. */
  private ofRule(target: string): SourceLocation | null {
    const name = path.basename(target).replace(/\.\w+$/, '');
    const files = ['Kbuild', 'Makefile', 'makefile'].map(base => path.join(this.directory, base));
    for (const file of files) {
      const lines = readTextIfReadable(file)?.split('\n') ?? [];
      const index = lines.findIndex(line => !line.startsWith('#') && wordsOf(line).includes(name));
      if (index >= 0) return { file, line: index + 1, column: (lines[index]?.indexOf(name) ?? 0) + 1 };
    }
    const file = files.find(candidate => statIfThere(candidate)?.isFile());
    return file === undefined ? null : { file, line: 1, column: 1 };
  }
}

const wordsOf = (line: string): string[] => line.split(/[\s=:]+/).map(word => word.replace(/\.o$|-(?:y|m|objs)$/, ''));

/** In the sources of one module, the first that holds what a message is about. */
function placeIn(library: SourceLibrary, subject: BuildSubject | null): SourceLocation | null {
  const [first] = library.sources;
  const start = first === undefined ? null : { file: first, line: 1, column: 1 };
  const [init] = macroPlaces(library, INIT);
  switch (subject?.kind) {
    case 'use':
      return useOf(library, subject.symbol) ?? init ?? start;
    case 'function': {
      const [found] = library.defined(subject.symbol.split('.', 1).join());
      if (!found) return start;
      const { line, column } = found.definition.name;
      return { file: found.file, line, column };
    }
    default:
      return init ?? start;
  }
}

/** A use inside a function or object: the declaration that stands above it is not what modpost means. */
function useOf(library: SourceLibrary, symbol: string): SourceLocation | null {
  const named = [[symbol], library.macrosLeadingTo(symbol), library.headerNamesLeadingTo(symbol)];
  for (const names of named)
    for (const { file, source } of library.all())
      for (const name of names)
        for (const { body, end } of source.definitions) {
          const [use] = source.uses(name, body, end);
          if (use) return { file, line: use.line, column: use.column };
        }
  return null;
}
