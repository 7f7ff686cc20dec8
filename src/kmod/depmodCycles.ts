// Modules that need each other: depmod sorts nothing then, and says which they are (tools/depmod.c).
import type { ModuleIndex } from '../graph/types';

/** A module on the way from the one the search started at. */
interface Vertex {
  readonly parent: Vertex | null;
  readonly module: ModuleIndex;
}

/**
 * depmod_report_cycles(): a search from each module that could not be sorted, in which a module is gone into every time
 * it is reached; those reported are not started from again.
 *
 * @param unsorted modules that still have users, in order
 * @returns what depmod says, without `depmod: ERROR: `
 */
export function describeCycles(
  names: readonly string[],
  direct: readonly (readonly ModuleIndex[])[],
  unsorted: readonly ModuleIndex[],
): string[] {
  const lines: string[] = [];
  const inLoop = new Set<ModuleIndex>();
  const visited = new Uint8Array(names.length);
  const roots = [...unsorted];
  let steps = 0;
  for (let root = roots.shift(); root !== undefined; root = roots.shift()) {
    const stack: Vertex[] = [{ parent: null, module: root }];
    for (let vertex = stack.pop(); vertex && steps < MOST_STEPS; vertex = stack.pop()) {
      steps++;
      const { module } = vertex;
      if (visited[module] === 1 && module === root) {
        lines.push(describeOne(vertex, names, roots, inLoop));
        continue;
      }
      visited[module] = 1;
      const needs = direct[module] ?? [];
      if (needs.length === 0) removeData(roots, module);
      // A way that has come round without meeting the root would be followed for ever.
      else if (!isOnItsWay(vertex)) for (const need of needs) stack.push({ parent: vertex, module: need });
    }
  }
  return [...lines, `Found ${inLoop.size} modules in dependency cycles!`];
}

/** Loops within loops have more ways through them than anyone can wait for; kmod's own search need not end either. */
const MOST_STEPS = 1 << 18;

function isOnItsWay({ parent, module }: Vertex): boolean {
  for (let at = parent; at; at = at.parent) if (at.module === module) return true;
  return false;
}

/** depmod_report_one_cycle() */
function describeOne(last: Vertex, names: readonly string[], roots: ModuleIndex[], inLoop: Set<ModuleIndex>): string {
  const way: ModuleIndex[] = [];
  for (let at = last.parent; at; at = at.parent) way.unshift(at.module);
  for (const module of way) {
    inLoop.add(module);
    removeData(roots, module);
  }
  return `Cycle detected: ${[...way, last.module].map(module => names[module] ?? '').join(' -> ')}`;
}

/** kmod_list_remove_data() (libkmod/libkmod-list.c): the ring then begins behind what was removed. */
function removeData(ring: ModuleIndex[], module: ModuleIndex): void {
  const at = ring.indexOf(module);
  if (at >= 0) ring.push(...ring.splice(0, at + 1).slice(0, -1));
}
