// The C files of one module, each read and split once.
import path from 'node:path';
import { CSource, type Definition, type ParseC } from '../../formats/c/source';
import type { Macro } from '../../formats/c/tokens';
import type { ReadableFiles } from './readableFiles';
import { dependenciesOf } from './sourceFiles';

/** More files than that belong to no module. */
const MOST_FILES = 2000;

/** Sources read last, by their text: from one build to the next few change. In characters at the most. */
const recent = new Map<string, CSource>();
const MOST_RECENT = 2 ** 21;
let recentCharacters = 0;

function sourceOf(text: string, parse: ParseC | null): CSource {
  if (!parse) return new CSource(text, () => []);
  const known = recent.get(text);
  if (known) return known;
  const source = new CSource(text, parse);
  recent.set(text, source);
  recentCharacters += text.length;
  for (const oldest of recent.keys()) {
    if (recentCharacters <= MOST_RECENT) break;
    recent.delete(oldest);
    recentCharacters -= oldest.length;
  }
  return source;
}

export interface SourceFile {
  readonly file: string;
  readonly source: CSource;
}

/** A definition, and where it stands. */
export interface DefinedIn extends SourceFile {
  readonly definition: Definition;
}

export class SourceLibrary {
  private readonly files = new Map<string, CSource | null>();
  private macroTable: ReadonlyMap<string, Macro> | null = null;
  private usersOfWord: ReadonlyMap<string, readonly string[]> | null = null;
  private kernelHeaderTexts: readonly { readonly file: string; readonly text: string }[] | null = null;
  /** Words that may still be looked for in all headers: each costs milliseconds. */
  private searches = 150;
  private headerList: readonly string[] | null = null;
  private fileList: readonly SourceFile[] | null = null;
  private readonly definedNames = new Map<string, readonly DefinedIn[]>();

  /**
   * @param sources the .c files of the module, absolute
   * @param parse finds definitions; null where no source is there to have any
   */
  constructor(
    readonly sources: readonly string[],
    private readonly readable: ReadableFiles,
    private readonly parse: ParseC | null,
    private readonly textOf: (file: string) => string | null = file => readable.readText(file),
  ) {}

  /** A file by absolute path; null when it cannot be read. */
  get(file: string): CSource | null {
    let source = this.files.get(file);
    if (source === undefined) {
      const text = this.textOf(file);
      this.files.set(file, (source = text === null ? null : sourceOf(text, this.parse)));
    }
    return source;
  }

  /** Every .c file, then every header of the module's own, that can be read. */
  all(): readonly SourceFile[] {
    return (this.fileList ??= [...this.sources, ...this.headers()].flatMap(file => {
      const source = this.get(file);
      return source ? [{ file, source }] : [];
    }));
  }

  /** Functions and objects of that name, in the order of {@link SourceLibrary.all}. */
  defined(name: string): readonly DefinedIn[] {
    let found = this.definedNames.get(name);
    if (!found) {
      found = this.all().flatMap(({ file, source }) =>
        source.defined(name).map(definition => ({ file, source, definition })),
      );
      this.definedNames.set(name, found);
    }
    return found;
  }

  /** Headers that the sources include in quotes, beside them, and those these include. */
  headers(): readonly string[] {
    if (this.headerList) return this.headerList;
    const found = new Set<string>();
    const queue = [...this.sources];
    for (let file = queue.shift(); file !== undefined && found.size < MOST_FILES; file = queue.shift()) {
      for (const name of this.get(file)?.includes ?? []) {
        const header = path.join(path.dirname(file), name);
        if (found.has(header) || this.sources.includes(header) || !this.readable.isFile(header)) continue;
        found.add(header);
        queue.push(header);
      }
    }
    return (this.headerList = [...found]);
  }

  /** Macros of the module's own files by name. */
  macros(): ReadonlyMap<string, Macro> {
    if (this.macroTable) return this.macroTable;
    const macros = new Map<string, Macro>();
    for (const { source } of this.all()) for (const [name, macro] of source.macros) macros.set(name, macro);
    return (this.macroTable = macros);
  }

  /** Macros that, directly or through others, put `name` into the text. */
  macrosLeadingTo(name: string): ReadonlySet<string> {
    const leading = new Set<string>();
    const queue = [name];
    for (let word = queue.pop(); word !== undefined; word = queue.pop())
      for (const macro of this.macroUsers().get(word) ?? [])
        if (!leading.has(macro) && macro !== name) {
          leading.add(macro);
          queue.push(macro);
        }
    return leading;
  }

  /** Names of macros by the words in their bodies. */
  private macroUsers(): ReadonlyMap<string, readonly string[]> {
    if (this.usersOfWord) return this.usersOfWord;
    const users = new Map<string, string[]>();
    for (const [macro, { body }] of this.macros())
      for (const { kind, text } of body) {
        if (kind !== 'word') continue;
        const list = users.get(text);
        if (list) list.push(macro);
        else users.set(text, [macro]);
      }
    return (this.usersOfWord = users);
  }

  /**
   * Macros and inline functions of the kernel's headers that, directly or through others, use `name`; nearest first.
   * Reads the headers the objects were built from, so it is asked only when nothing nearer explains a use.
   */
  headerNamesLeadingTo(name: string): ReadonlySet<string> {
    const leading = new Set<string>();
    const queue = [name];
    for (let word = queue.shift(); word !== undefined && this.searches > 0; word = queue.shift()) {
      this.searches--;
      for (const { file, text } of this.kernelHeaders()) {
        if (!text.includes(word)) continue;
        for (const user of usersIn(this.get(file), word))
          if (user !== name && !leading.has(user)) {
            leading.add(user);
            queue.push(user);
          }
      }
    }
    return leading;
  }

  private kernelHeaders(): readonly { readonly file: string; readonly text: string }[] {
    if (this.kernelHeaderTexts) return this.kernelHeaderTexts;
    const own = new Set(this.headers());
    const files = new Set(
      this.sources.flatMap(source => dependenciesOf(source, this.readable)).filter(file => !own.has(file)),
    );
    return (this.kernelHeaderTexts = [...files].flatMap(file => {
      const text = this.readable.readText(file);
      return text === null ? [] : [{ file, text }];
    }));
  }
}

/** Names of macros and inline functions in a header whose bodies hold a word. */
function usersIn(source: CSource | null, word: string): string[] {
  if (!source) return [];
  const macros = [...source.macros.values()].filter(({ body }) => body.some(token => token.text === word));
  // Most headers have the word in a macro or a prototype only, and need no parsing.
  const functions =
    source.uses(word).length === 0
      ? []
      : source.definitions.filter(
          ({ kind, body, end }) => kind === 'function' && source.uses(word, body, end).length > 0,
        );
  return [...macros, ...functions].map(({ name }) => name.text);
}
