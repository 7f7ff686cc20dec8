// What a module file shows to other modules: its exports, what it imports, and the kernel it was built for.
import { STB_WEAK } from '../../../formats/elf/constants';
import type { ModuleExport } from '../../../formats/ko/exports';
import { eachUndefined } from '../../../formats/ko/imports';
import { getModinfo } from '../../../formats/ko/modinfo';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { openObject, type ObjectFile } from '../../../formats/ko/objectFile';
import { readModule } from '../decompress';
import { InputError, stampOfStat, statIfThere } from '../files';

export interface ModuleFace {
  readonly path: string;
  readonly name: string;
  /** Changes with every write. */
  readonly stamp: string;
  readonly exports: readonly ModuleExport[];
  readonly imports: readonly Import[];
  /** Names in depends= of .modinfo. */
  readonly depends: readonly string[];
  /** Release in its vermagic; '' without one. */
  readonly release: string;
}

export interface Import {
  readonly name: string;
  readonly weak: boolean;
}

/** Faces by exported symbol. */
export type Exporters = ReadonlyMap<string, readonly ModuleFace[]>;

/** Reads faces, each again only when its file changed. */
export class Faces {
  private readonly known = new Map<string, { readonly stamp: string; readonly face: ModuleFace | null }>();
  /** Of the list of files that was asked about last: modules of a workspace are analyzed one after the other. */
  private exporters: { readonly faces: readonly (ModuleFace | null)[]; readonly bySymbol: Exporters } | null = null;

  /** Null for a file that cannot be read, which exports nothing. */
  async of(path: string): Promise<ModuleFace | null> {
    const stat = statIfThere(path);
    const stamp = stat ? stampOfStat(stat) : '';
    const known = this.known.get(path);
    if (known?.stamp === stamp) return known.face;
    const face = stat ? await read(path, stamp) : null;
    this.known.set(path, { stamp, face });
    return face;
  }

  /** Who of these files exports what. */
  async exportersOf(files: readonly string[]): Promise<Exporters> {
    const faces: (ModuleFace | null)[] = [];
    for (const file of files) faces.push(await this.of(file));
    const last = this.exporters;
    const isSame = last?.faces.length === faces.length && faces.every((face, i) => face === last.faces[i]);
    if (last && isSame) return last.bySymbol;
    const bySymbol = new Map<string, ModuleFace[]>();
    for (const face of faces)
      for (const { name } of face?.exports ?? []) {
        const others = bySymbol.get(name);
        if (face && others) others.push(face);
        else if (face) bySymbol.set(name, [face]);
      }
    this.exporters = { faces, bySymbol };
    return bySymbol;
  }
}

async function read(path: string, stamp: string): Promise<ModuleFace | null> {
  try {
    const { bytes } = await readModule(path);
    const object = openObject(bytes);
    return object && faceOf(path, object, stamp);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The face of a module that was read already. */
export function faceOf(path: string, object: ObjectFile, stamp = ''): ModuleFace {
  const modinfo = object.sections.find('.modinfo')?.bytes ?? new Uint8Array(0);
  const imports: Import[] = [];
  eachUndefined(object.symbols, index => {
    imports.push({ name: object.symbols.name(index), weak: object.symbols.bind(index) === STB_WEAK });
  });
  return {
    path,
    name: getModinfo(modinfo, 'name')?.replaceAll('-', '_') ?? moduleNameOfPath(path),
    stamp,
    exports: object.exports(),
    imports,
    depends: (getModinfo(modinfo, 'depends') ?? '').split(',').filter(name => name !== ''),
    release: (getModinfo(modinfo, 'vermagic') ?? '').split(' ', 1)[0] ?? '',
  };
}
