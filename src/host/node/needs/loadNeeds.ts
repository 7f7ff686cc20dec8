// What a module needs, loaded before it, as modprobe would.
import { inputError } from '../files';
import type { ObjectFile } from '../../../formats/ko/objectFile';
import type { LeftBehind } from '../../../linux/kernel/module/machine';
import { ENOENT, errnoName } from '../../../linux/errno';
import type { LoadResult, System } from '../../../index';
import type { NeedResult } from '../../../report/types';
import type { KernelFacts } from '../../../target/types';
import { readModule } from '../decompress';
import { faceOf, Faces, type ModuleFace } from './faces';
import { Providers, type Provider } from './providers';

export interface NeedsInput {
  readonly path: string;
  readonly object: ObjectFile;
  readonly facts: KernelFacts;
  /** The kernel's own modules, or null. */
  readonly modules: string | null;
  /** Kernel command line of `system`. */
  readonly cmdline: string;
  /** Modules that were built here, which may be what the module needs. */
  readonly known: readonly string[];
}

export interface Needs {
  /** In the order of loading. */
  readonly loaded: readonly NeedResult[];
  /** Modules that its depends= names and that are nowhere. */
  readonly absent: readonly string[];
  /** By symbol of the module, what should provide it. */
  readonly providers: ReadonlyMap<string, Provider>;
}

/** Where nothing was looked for. */
export const NO_NEEDS: Needs = { loaded: [], absent: [], providers: new Map() };

/** A dependency as it was loaded with only what it needs itself. */
interface Dependency {
  readonly id: number;
  readonly left: LeftBehind;
  readonly report: NeedResult;
  /** What was loaded before it, in order. */
  readonly after: readonly Dependency[];
}

/** A module on its way to be loaded, with the number of the import to ask about next. */
interface Pending {
  readonly face: ModuleFace;
  readonly kind: Provider['kind'];
  next: number;
  readonly uses: Set<Dependency>;
}

/** Remembers what dependencies left behind for the next module that needs them. */
export class NeedsLoader {
  private readonly faces = new Faces();
  private readonly shared = new WeakMap<KernelFacts, Map<string, Dependency>>();
  private ids = 0;

  /** Loads onto `system` what the module needs and is not loaded. Never throws for what modules hold. */
  async load(system: System, input: NeedsInput): Promise<Needs> {
    const providers = new Providers(this.faces, input.facts, input.modules, input.known);
    const face = faceOf(input.path, input.object);
    const done = new Map<string, Dependency>();
    const seen = new Set([face.name, ...system.modules.map(({ name }) => name)]);
    const path: Pending[] = [{ face, kind: 'built', next: 0, uses: new Set() }];
    const owners = new Map<string, Provider>();
    let isShort = false;
    // What was loaded before has a part in what comes of a dependency, which then is nobody else's.
    const isFresh = system.modules.length === 0;
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const wanted = top.face.imports[top.next++];
      if (!wanted) {
        path.pop();
        if (path.length === 0) continue;
        const dependency = await this.loadOne(system, top, input, isFresh);
        done.set(top.face.name, dependency);
        path.at(-1)?.uses.add(dependency);
        continue;
      }
      const exporter = system.exporterOf(wanted.name);
      const known = exporter === null ? undefined : done.get(exporter);
      if (known) top.uses.add(known);
      if (exporter !== null) continue;
      const provider = await providers.find(wanted.name, top.face);
      if (provider && path.length === 1) owners.set(wanted.name, provider);
      if (!provider) isShort ||= !wanted.weak && path.length === 1;
      // Seen and without the symbol: it was refused, is on its way, or lost the symbol.
      if (!provider || seen.has(provider.name)) continue;
      seen.add(provider.name);
      if (provider.kind !== 'listed') path.push({ face: provider.face, kind: provider.kind, next: 0, uses: new Set() });
      else {
        const dependency = this.remember(input, ['listed', provider.name], () => ({
          left: system.listed(provider.name, provider.rows),
          report: { ...FINE, name: provider.name, path: null, origin: 'listed' },
          after: [],
        }));
        system.adopt(dependency.left);
        done.set(provider.name, dependency);
        top.uses.add(dependency);
      }
    }
    const there = new Set([...done.keys(), ...system.modules.map(({ name }) => name)]);
    const absent = isShort ? face.depends.filter(name => !there.has(name.replaceAll('-', '_'))) : [];
    return { loaded: Array.from(done.values(), ({ report }) => report), absent, providers: owners };
  }

  private async loadOne(
    system: System,
    { face, kind, uses }: Pending,
    input: NeedsInput,
    isFresh: boolean,
  ): Promise<Dependency> {
    const after = [...new Set([...uses].flatMap(use => [...use.after, use]))];
    const key = [input.cmdline, face.path, face.stamp, ...after.map(({ id }) => id)];
    const file = await readFile(face.path);
    if ('reason' in file) {
      const left = { module: null, name: face.name, taints: 0, printed: new Set<string>() };
      const report = { ...FINE, name: face.name, path: face.path, origin: kind };
      const refused = { ...report, errno: ENOENT, errnoName: errnoName(ENOENT), line: file.reason };
      return { id: this.ids++, left, report: refused, after };
    }
    const reportOf = ({ errno, errnoName, module, log }: LoadResult): NeedResult => {
      const line = errno === 0 ? null : (log.at(-1)?.text ?? null);
      return { name: module.name, path: face.path, origin: kind, errno, errnoName, line };
    };
    const dependency = isFresh
      ? this.remember(input, key, () => {
          const { result, left } = system.insmodApart(
            file,
            after.map(each => each.left),
          );
          return { left, after, report: reportOf(result) };
        })
      : null;
    // What is left of the reserve depends on the others, and only the loader may say so.
    if (dependency && system.adopt(dependency.left)) return dependency;
    const report = reportOf(system.insmod(file));
    return { id: this.ids++, left: { module: null, name: report.name, taints: 0, printed: new Set() }, after, report };
  }

  private remember(
    { facts }: NeedsInput,
    key: readonly (string | number)[],
    load: () => Omit<Dependency, 'id'>,
  ): Dependency {
    const shared = this.shared.get(facts) ?? new Map<string, Dependency>();
    this.shared.set(facts, shared);
    const text = JSON.stringify(key);
    let known = shared.get(text);
    if (known) return known;
    if (shared.size >= MOST_SHARED) shared.clear();
    shared.set(text, (known = { id: this.ids++, ...load() }));
    return known;
  }
}

/** Dependencies kept for a kernel; a few hundred modules share far fewer. */
const MOST_SHARED = 1000;

const FINE = { errno: 0, errnoName: null, line: null } as const;

async function readFile(path: string) {
  try {
    return await readModule(path);
  } catch (error) {
    return { reason: inputError(path, error).message };
  }
}
