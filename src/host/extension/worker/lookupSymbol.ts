// What each target says of a symbol, whether or not a module uses it.
import { inTarget } from '../../services/inTarget';
import { openChoice, symversOf } from '../../node/openChoice';
import type { SymbolInTarget } from '../../../protocol/analysis';
import type { WorkerMethods } from '../../../protocol/worker';
import { targetsFor } from './withTargets';

export async function lookupSymbol({
  name,
  targets,
  modulePath,
}: WorkerMethods['lookupSymbol']['params']): Promise<SymbolInTarget[]> {
  const found: SymbolInTarget[] = [];
  for (const target of targetsFor(targets, modulePath)) {
    try {
      const facts = await openChoice(target);
      found.push({ ...inTarget(name, { facts, symvers: symversOf(target) }, new Set()), namespaceImported: false });
    } catch {
      // A target that cannot be opened is told of elsewhere; a hover has nothing to say of it.
    }
  }
  return found;
}
