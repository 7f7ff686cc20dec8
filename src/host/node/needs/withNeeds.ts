// What is told of a module whose dependencies are not to be had: one finding for each of them, not one for each symbol.
import { describe, factsOf } from '../../../findings/all';
import { dependencyMissing } from '../../../findings/dependencyMissing';
import { dependencyRefused } from '../../../findings/dependencyRefused';
import type { Finding, FindingDefinition } from '../../../findings/types';
import { unknownSymbol } from '../../../findings/unknownSymbol';
import type { LoadResult } from '../../../report/types';
import type { Needs } from './loadNeeds';

/** Where the kernel misses the symbols. */
function report<Facts>(definition: FindingDefinition<Facts>, facts: Facts): Finding {
  return describe({ definition, facts }, 'simplify_symbols');
}

/** The result with these findings before those of the kernel, which stay. */
export function withNeeds(result: LoadResult, { loaded, absent, providers }: Needs): LoadResult {
  const missing = result.findings.flatMap(finding => {
    const facts = factsOf(unknownSymbol, finding);
    return facts?.status === 'missing' ? facts.symbol : [];
  });
  const found: Finding[] = [];
  const module = result.module.name;
  for (const { name: provider, errno, errnoName, line } of loaded) {
    const symbols = errno === 0 ? [] : missing.filter(symbol => providers.get(symbol)?.name === provider);
    if (symbols.length === 0) continue;
    const facts = { module, provider, errnoName: errnoName ?? `errno ${errno}`, line, symbols };
    found.push(report(dependencyRefused, facts));
  }
  const nobodys = missing.filter(symbol => !providers.has(symbol));
  if (absent.length > 0 && nobodys.length > 0) {
    const facts = { module, providers: absent, symbols: nobodys };
    found.push(report(dependencyMissing, facts));
  }
  return found.length === 0 ? result : { ...result, findings: [...found, ...result.findings] };
}
