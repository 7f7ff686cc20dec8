// The source files of a module on this machine: where debug information or kbuild's own files say they are.
import path from 'node:path';
import type { SourceLocation } from '../../findings/types';
import { MODULE_FILE } from '../../formats/ko/moduleName';
import type { DebugFile } from '../../formats/dwarf/dwarf';
import type { ReadableFiles } from './readableFiles';

/** Finds files that debug information names, which may have been written on another machine or with mapped paths. */
export class SourcePaths {
  private readonly known = new Map<string, string | null>();

  private readonly own = new Set<string>();

  constructor(
    private readonly moduleDir: string,
    private readonly files: ReadableFiles,
  ) {}

  /** Says that a file is one of the module's sources: what lies beside it is the module's own, too. */
  addSource(file: string): void {
    this.own.add(path.dirname(file));
  }

  /** The absolute path of a file, or null when it is not there. */
  resolve(file: DebugFile): string | null {
    const key = `${file.compDir}\0${file.path}`;
    let found = this.known.get(key);
    if (found === undefined) this.known.set(key, (found = this.search(file)));
    return found;
  }

  /** Whether a file belongs to the module and not to the kernel's headers: it lies with the module's sources. */
  isOwn(file: string): boolean {
    return file.startsWith(this.moduleDir + path.sep) || this.own.has(path.dirname(file));
  }

  private search({ path: name, compDir }: DebugFile): string | null {
    if (name === '') return null;
    if (path.isAbsolute(name)) return this.files.isFile(name) ? path.normalize(name) : this.byTail(name);
    const inCompDir = path.join(compDir, name);
    if (compDir !== '' && path.isAbsolute(compDir) && this.files.isFile(inCompDir)) return inCompDir;
    // -ffile-prefix-map makes paths relative to a directory that debug information does not name.
    for (let dir = this.moduleDir; ; dir = path.dirname(dir)) {
      const candidate = path.join(dir, name);
      if (this.files.isFile(candidate)) return candidate;
      if (path.dirname(dir) === dir) return this.byTail(name);
    }
  }

  /** Built elsewhere: the longest end of the path that exists in the module's directory. */
  private byTail(name: string): string | null {
    const parts = name.split(/[\\/]/).filter(part => part !== '' && part !== '.');
    for (let from = Math.max(1, parts.length - 4); from < parts.length; from++) {
      const candidate = path.join(this.moduleDir, ...parts.slice(from));
      if (this.files.isFile(candidate)) return candidate;
    }
    return null;
  }
}

/** Source files of a module without debug information: from .mod and .cmd files, the Kbuild lists, or its name. */
export function sourcesOfBuild(modulePath: string, name: string, files: ReadableFiles): string[] {
  const dir = path.dirname(modulePath);
  const names = namesOf(modulePath, name);
  const objects = objectsOf(dir, names, files) ?? names.map(each => `${each}.o`);
  const found = objects.flatMap(object => {
    const source = sourceFromCmd(dir, object, files) ?? path.join(dir, object.replace(/\.o$/, '.c'));
    return files.isFile(source) ? [source] : [];
  });
  return [...new Set(found)];
}

/** Headers and sources an object was built from, as its .cmd file lists them; those that are there. */
export function dependenciesOf(source: string, files: ReadableFiles): string[] {
  const text = files.readText(path.join(path.dirname(source), `.${path.basename(source).replace(/\.c$/, '.o')}.cmd`));
  const list = /^deps_\S+ := (.*)$/m.exec(text?.replaceAll('\\\n', ' ') ?? '')?.[1] ?? '';
  const base = /-C (\S+)/.exec(text ?? '')?.[1] ?? path.dirname(source);
  return list.split(/\s+/).flatMap(name => {
    if (!name.endsWith('.h')) return [];
    const file = path.resolve(base, name);
    return files.isFile(file) ? [file] : [];
  });
}

/** The file that says what the module is built from, with the line that names it. */
export function buildFileOf(modulePath: string, name: string, files: ReadableFiles): SourceLocation | null {
  for (const base of ['Kbuild', 'Makefile', 'makefile']) {
    const file = path.join(path.dirname(modulePath), base);
    const text = files.readText(file);
    if (text === null) continue;
    const line = text.split('\n').findIndex(row => /^\s*obj-/.test(row) && row.replaceAll('-', '_').includes(name));
    // A file that does not name the module is no place to point at.
    if (line >= 0) return { file, line: line + 1, column: 1 };
  }
  return null;
}

/** What the module may be called where it is built: as its file, as the kernel calls it, and with dashes. */
function namesOf(modulePath: string, name: string): string[] {
  const base = path.basename(modulePath).replace(MODULE_FILE, '');
  return [...new Set([base, name, name.replaceAll('_', '-')])];
}

function objectsOf(dir: string, names: readonly string[], files: ReadableFiles): string[] | null {
  for (const candidate of names) {
    // kbuild writes the objects of foo.ko into foo.mod.
    const list = files.readText(path.join(dir, `${candidate}.mod`));
    if (list !== null) {
      const objects = list.split(/\s+/).filter(word => word.endsWith('.o'));
      return objects.map(object => (path.isAbsolute(object) ? path.relative(dir, object) : object));
    }
  }
  for (const base of ['Kbuild', 'Makefile', 'makefile']) {
    const text = files.readText(path.join(dir, base))?.replaceAll('\\\n', ' ');
    if (text === undefined) continue;
    const objects = names.flatMap(candidate => listed(text, candidate));
    if (objects.length > 0) return objects;
  }
  return null;
}

/** `foo-y := a.o b.o`, `foo-objs += c.o`, and lists behind an option: `foo-$(CONFIG_X) += d.o`. */
function listed(text: string, name: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/^[ \t]*([\w.-]+)-(?:y|m|objs|\$\([^)\n]*\))[ \t]*[:+]?=([^\n#]*)/gm))
    if (match[1] === name) found.push(...(match[2] ?? '').split(/\s+/).filter(word => word.endsWith('.o')));
  return found;
}

/** `source_DIR/a.o := DIR/a.c` in .a.o.cmd. */
function sourceFromCmd(dir: string, object: string, files: ReadableFiles): string | null {
  const text = files.readText(path.join(dir, path.dirname(object), `.${path.basename(object)}.cmd`));
  const source = /^source_\S+ := (\S+)$/m.exec(text ?? '')?.[1];
  if (source === undefined) return null;
  const file = path.isAbsolute(source) ? source : path.join(dir, path.dirname(object), path.basename(source));
  return files.isFile(file) ? file : null;
}
