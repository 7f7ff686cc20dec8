// Rows of a kernel's Module.symvers by the module that exports them.
import type { ExportIndex } from '../../../target/exportTable';
import type { KernelFacts } from '../../../target/types';

const rowsByOwner = new WeakMap<KernelFacts, ReadonlyMap<string, readonly ExportIndex[]>>();

/** @param owner path without suffix, as Module.symvers has it */
export function rowsOf(facts: KernelFacts, owner: string): readonly ExportIndex[] {
  let known = rowsByOwner.get(facts);
  if (!known) {
    const rows = new Map<string, ExportIndex[]>();
    for (let row = 0; row < facts.exports.size; row++) {
      if (facts.exports.isVmlinux(row)) continue;
      const name = facts.exports.owner(row);
      const others = rows.get(name);
      if (others) others.push(row);
      else rows.set(name, [row]);
    }
    rowsByOwner.set(facts, (known = rows));
  }
  return known.get(owner) ?? [];
}
