// What each target says of a symbol, whether or not a module uses it.
import { openTarget } from '../../index';
import type { SymbolInTarget } from '../../protocol/analysis';
import type { WorkerMethods } from '../../protocol/worker';
import { targetsFor } from './withTargets';

export async function lookupSymbol({
  name,
  targets,
  modulePath,
}: WorkerMethods['lookupSymbol']['params']): Promise<SymbolInTarget[]> {
  const found: SymbolInTarget[] = [];
  for (const target of targetsFor(targets, modulePath)) {
    try {
      const facts = await openTarget(target.path, target.modules ? { modules: target.modules } : {});
      const index = facts.exports.findName(name);
      const row = index < 0 ? null : facts.exports.row(index);
      found.push({
        release: facts.release,
        owner: row?.owner ?? null,
        crc: row && facts.config['MODVERSIONS'] ? `0x${row.crc.toString(16).padStart(8, '0')}` : null,
        type: row?.type || null,
        namespace: row?.namespace ?? null,
        namespaceImported: false,
        status: null,
      });
    } catch {
      // A target that cannot be opened is told of elsewhere; a hover has nothing to say of it.
    }
  }
  return found;
}
