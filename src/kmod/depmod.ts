// depmod(8): what depends on what among the modules of a tree, in kmod's order and words (tools/depmod.c).
import { moduleNameOfPath } from '../formats/ko/moduleName';
import type { ExportTable } from '../target/exportTable';
import { ENOENT, strerror } from '../linux/errno';
import { describeCycles } from './depmodCycles';
import { linkModules } from './depmodLinks';
import type { DepmodModule } from './depmodModule';
import { sortModules } from './depmodOrder';
import type { SymbolNames } from '../formats/ko/symbolNames';
import type { ModuleIndex } from '../graph/types';

export interface DepmodInput {
  /** Where the ids of names in `modules` come from. */
  readonly names: SymbolNames;
  /** Each name once, in any order. */
  readonly modules: readonly DepmodModule[];
  /** Text of modules.order, a byte string; null when there is none. */
  readonly order: string | null;
  /** The modules directory as warnings name it: absolute, without a slash at its end. */
  readonly directory: string;
  /** Module.symvers of the kernel to check symbols against, as -e -E does; null for no such check. */
  readonly symvers: ExportTable | null;
}

export interface DepmodTree {
  readonly names: SymbolNames;
  /** In the order of the output. */
  readonly modules: readonly DepmodModule[];
  /** By module: everything it needs, users before what they use; the order modules.dep has. Empty in case of a cycle. */
  readonly needs: readonly (readonly ModuleIndex[])[];
  /** The module that exports a name, by its id; negative when none does. */
  readonly owners: Int32Array;
  /** What depmod prints on standard error, line by line. */
  readonly messages: readonly string[];
  /** Modules need each other: depmod prints nothing and exits with 1. */
  readonly hasCycle: boolean;
}

/** Orders modules and finds what each needs. Never throws. */
export function depmod({ names, modules, order, directory, symvers }: DepmodInput): DepmodTree {
  const sorted = sortModules(modules, order);
  const fullPath = ({ path }: DepmodModule): string => `${directory}/${path}`;
  const { direct, owners, warnings } = linkModules({ names, modules: sorted, symvers, fullPath });
  const rank = topologicalRank(direct);
  const unsorted = [...rank.keys()].filter(m => rank[m] === UNSORTED);
  const cycles =
    unsorted.length === 0
      ? []
      : describeCycles(
          sorted.map(({ path }) => moduleNameOfPath(path)),
          direct,
          unsorted,
        );
  const unreadable = sorted.flatMap(module =>
    module.problem === null ? [] : `failed to load symbols from ${fullPath(module)}: ${module.problem}`,
  );
  return {
    names,
    modules: sorted,
    needs: cycles.length > 0 ? [] : direct.map(needs => allNeeds(needs, direct, rank)),
    owners,
    messages: [
      ...(order === null ? [`depmod: WARNING: could not open modules.order at ${directory}: ${strerror(ENOENT)}`] : []),
      ...unreadable.map(text => `depmod: ERROR: ${text}`),
      ...warnings.map(text => `depmod: WARNING: ${text}`),
      ...cycles.map(text => `depmod: ERROR: ${text}`),
    ],
    hasCycle: cycles.length > 0,
  };
}

const UNSORTED = -1;

/**
 * depmod_calculate_dependencies(): modules nobody uses first, and of several that are ready the one that became so last.
 */
function topologicalRank(direct: readonly (readonly ModuleIndex[])[]): Int32Array {
  const users = new Int32Array(direct.length);
  for (const needs of direct) for (const need of needs) users[need] = (users[need] ?? 0) + 1;
  const ready = [...users.keys()].filter(m => users[m] === 0);
  const rank = new Int32Array(direct.length).fill(UNSORTED);
  let next = 0;
  for (let m = ready.pop(); m !== undefined; m = ready.pop()) {
    rank[m] = next++;
    for (const need of direct[m] ?? []) {
      users[need] = (users[need] ?? 0) - 1;
      if (users[need] === 0) ready.push(need);
    }
  }
  return rank;
}

/** mod_get_all_sorted_dependencies() */
function allNeeds(
  needs: readonly ModuleIndex[],
  direct: readonly (readonly ModuleIndex[])[],
  rank: Int32Array,
): ModuleIndex[] {
  const all = new Set(needs);
  // A set that grows while it is gone through is gone through to its new end.
  for (const need of all) for (const further of direct[need] ?? []) all.add(further);
  return [...all].sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
}
