// What a module needs, for the insmod command: loaded first where that is asked for, and named where it is not.
import { unknownSymbol } from '../../findings/unknownSymbol';
import { factsOf } from '../../findings/all';
import { openObject } from '../../formats/ko/objectFile';
import type { KernelFacts, LoadResult, ModuleFile, System } from '../../index';
import type { TargetChoice } from '../../protocol/analysis';
import type { NeedResult } from '../../report/types';
import type { Needs } from '../node/needs/loadNeeds';
import { bootSystem, type TargetOptions } from './targetOptions';
import { complain } from './output';

export interface Missed {
  readonly names: readonly string[];
  /** File of the module built with this one that exports a symbol; null for one that no such module exports. */
  builtWith(symbol: string): string | null;
}

export class Dependencies {
  constructor(
    private readonly file: ModuleFile,
    private readonly facts: KernelFacts,
    private readonly target: TargetChoice,
    private readonly options: TargetOptions,
  ) {}

  /** Null for a file that is no module. */
  async loadOnto(system: System): Promise<Needs | null> {
    const object = openObject(this.file.bytes);
    if (!object) return null;
    const { loadNeedsOf, modulesDirectory } = await import('../node/openChoice');
    const modules = modulesDirectory(this.target);
    const kernel = { facts: this.facts, modules, cmdline: this.options.cmdline ?? '' };
    return loadNeedsOf(system, { path: this.file.path, object }, kernel);
  }

  /** What would have been loaded first, for a result that misses symbols; null where it misses none. */
  async missedBy(result: LoadResult): Promise<Missed | null> {
    if (!result.findings.some(finding => factsOf(unknownSymbol, finding)?.status === 'missing')) return null;
    const system = await bootSystem(this.facts, this.options);
    const loaded = (await this.loadOnto(system))?.loaded ?? [];
    return {
      names: loaded.map(({ name }) => name),
      builtWith: symbol => {
        const exporter = system.exporterOf(symbol);
        return loaded.find(({ name, origin }) => name === exporter && origin === 'built')?.path ?? null;
      },
    };
  }

  /**
   * On standard error: what was loaded first, or what was not and how it would be.
   *
   * @param missed as missedBy() says, where nothing was loaded first
   */
  tell(needs: Needs | null, missed: Missed | null): void {
    if (needs) {
      const loaded = needs.loaded.filter(({ errno }) => errno === 0);
      if (loaded.length > 0) complain(`loaded first: ${loaded.map(named).join(', ')}`);
      for (const { name, errnoName, line, errno } of needs.loaded)
        if (errno !== 0)
          complain(`needs ${name}, which would be refused itself (${errnoName}): ${line ?? 'without a line'}`);
    } else {
      const names = missed?.names ?? [];
      if (names.length > 0)
        complain(`not loaded first: ${names.join(', ')} (--with-dependencies loads what a module needs)`);
    }
  }
}

const named = ({ name, origin }: NeedResult): string =>
  origin === 'listed' ? `${name} (known from Module.symvers only)` : name;
