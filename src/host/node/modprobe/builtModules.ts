// Files of modules by name, where no modules.dep lists them.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { MODULE_FILE, moduleNameOfPath } from '../../../formats/ko/moduleName';

/** Near ones first, then those of the workspace, then those of a modules directory without indexes. */
export class BuiltModules {
  private byName: ReadonlyMap<string, string> | null = null;

  /** @param unlisted a modules directory that has to be gone through, or null */
  constructor(
    private readonly near: readonly string[],
    private readonly known: readonly string[],
    private readonly unlisted: string | null,
  ) {}

  /** Dashes and underscores are the same. */
  find(name: string): string | null {
    this.byName ??= this.read();
    return this.byName.get(name.replaceAll('-', '_')) ?? null;
  }

  private read(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const add = (file: string): void => {
      const name = moduleNameOfPath(file);
      if (!found.has(name)) found.set(name, file);
    };
    for (const file of this.near) for (const each of [file, ...list(path.dirname(file), false)]) add(each);
    for (const file of this.known) add(file);
    if (this.unlisted !== null) for (const file of list(this.unlisted, true)) add(file);
    return found;
  }
}

function list(directory: string, recursive: boolean): string[] {
  try {
    return readdirSync(directory, { recursive, encoding: 'utf8' })
      .filter(name => MODULE_FILE.test(name))
      .map(name => path.join(directory, name));
  } catch {
    return [];
  }
}
