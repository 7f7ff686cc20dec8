// One module on one kernel, as a cell of the matrix says it.
import { factsOf } from '../../findings/all';
import { dependencyMissing } from '../../findings/dependencyMissing';
import { missingNamespaceImport } from '../../findings/missingNamespaceImport';
import { noVermagic } from '../../findings/noVermagic';
import { symbolVersion } from '../../findings/symbolVersion';
import { thisModuleSize } from '../../findings/thisModuleSize';
import type { Finding } from '../../findings/types';
import { unknownSymbol } from '../../findings/unknownSymbol';
import { vermagic } from '../../findings/vermagic';
import type { LoadResult, NextResult } from '../types';
import type { compareSymbols } from './sourceComparison';
import type { MatrixCell, SourceComparison } from './types';

export function cellOf(result: LoadResult, next: NextResult | null): MatrixCell {
  const { verdict, errno, errnoName, findings, needs = [], essential = [] } = result;
  const first =
    errno === 0 && verdict !== 'refused' ? undefined : findings.find(({ severity }) => severity === 'error');
  return {
    verdict,
    errno,
    errnoName,
    check: first?.code ?? null,
    reason: first?.message ?? (verdict === 'unchecked' ? (essential[0] ?? null) : null),
    needs: needs.map(({ name }) => name),
    findings,
    next: next?.findings ?? [],
  };
}

/** What a build for the kernel settles by itself. */
const OF_THE_BUILD: ReadonlySet<string> = new Set([vermagic.id, noVermagic.id, symbolVersion.id, thisModuleSize.id]);

/** What is said of symbols one by one, and here in lists. */
const isOfSymbols = (finding: Finding): boolean =>
  (factsOf(unknownSymbol, finding) ??
    factsOf(missingNamespaceImport, finding) ??
    factsOf(dependencyMissing, finding)) !== null;

/** The cell with what a build for its kernel would leave. */
export function withSource(cell: MatrixCell, symbols: ReturnType<typeof compareSymbols>): MatrixCell {
  const errors = [...cell.findings, ...cell.next].filter(({ severity }) => severity === 'error');
  const codes = [...new Set(errors.filter(finding => !isOfSymbols(finding)).map(({ code }) => code))];
  const otherwise = codes.filter(code => !OF_THE_BUILD.has(code));
  const source: SourceComparison = {
    fits: otherwise.length === 0 && Object.values(symbols).every(list => list.length === 0),
    settledByBuild: codes.filter(code => OF_THE_BUILD.has(code)),
    otherwise,
    ...symbols,
  };
  return { ...cell, source };
}
