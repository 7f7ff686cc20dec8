// Modules that need each other, in rings: none of them can be the first to be loaded.
import type { Lists } from '../../formats/ko/lists';
import type { ModuleNumber } from './columns';

/** Strongly connected components of more than one module (Tarjan's algorithm, without recursion). */
export function findCycles(needs: Lists, count: number): ModuleNumber[][] {
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const next = new Int32Array(count);
  const stack: number[] = [];
  const path: number[] = [];
  const cycles: ModuleNumber[][] = [];
  let visited = 0;
  const enter = (module: number): void => {
    order[module] = low[module] = visited++;
    onStack[module] = 1;
    stack.push(module);
    path.push(module);
  };
  const lower = (module: number, value: number): void => {
    if (value < (low[module] ?? 0)) low[module] = value;
  };
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    enter(root);
    for (let module = path.at(-1); module !== undefined; module = path.at(-1)) {
      const at = next[module] ?? 0;
      next[module] = at + 1;
      const needed = needs.of(module)[at];
      if (needed !== undefined) {
        if (order[needed] === -1) enter(needed);
        else if (onStack[needed]) lower(module, order[needed] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent, low[module] ?? 0);
      if (low[module] !== order[module]) continue;
      const ring = stack.splice(stack.lastIndexOf(module));
      for (const member of ring) onStack[member] = 0;
      if (ring.length > 1) cycles.push(ring.sort((a, b) => a - b));
    }
  }
  return cycles;
}
