// Reports and results for tests, with the parts that matter to each.
import { findingOf } from '../../../src/findings/all';
import type { Finding } from '../../../src/findings/types';
import type { LoadResult } from '../../../src/report/types';
import { emptyReport } from '../../../src/host/services/reportParts';
import type { TargetResult } from '../../../src/protocol/analysis';
import type { EditorReport } from '../../../src/protocol/worker';

/** With the facts of a sample, unless they are given. */
export function finding(parts: Partial<Finding> & { readonly code: string }): Finding {
  const { symbol } = parts;
  const facts = { ...(findingOf(parts.code)?.facts as unknown as object), ...(symbol === undefined ? {} : { symbol }) };
  return {
    severity: 'error',
    stage: 'simplify_symbols',
    message: parts.code,
    explanation: '',
    facts,
    locations: [],
    ...parts,
  };
}

export function loadResult(parts: Partial<LoadResult> = {}): LoadResult {
  return {
    schema: 1,
    module: { name: 'm', path: 'm.ko' },
    kernel: { release: '6.1', arch: 'x86_64' },
    verdict: 'loads',
    errno: 0,
    errnoName: null,
    insmod: null,
    log: [],
    taints: '',
    stages: [],
    layout: { regions: [], coresize: 0, initsize: 0 },
    params: [],
    depends: [],
    symbols: [],
    findings: [],
    ...parts,
  };
}

/** A refusal when one of the findings is an error. */
export function onKernel(release: string, findings: readonly Finding[] = []): TargetResult {
  const refused = findings.some(({ severity }) => severity === 'error');
  return {
    target: { path: `/kernels/${release}` },
    release,
    result: loadResult({
      findings,
      verdict: refused ? 'refused' : 'loads',
      errno: refused ? 22 : 0,
      errnoName: refused ? 'EINVAL' : null,
    }),
    sizes: { core: 12288, coreText: 4096, coreRo: 4096, coreRw: 4096, init: 8192 },
    needs: [],
    absent: [],
  };
}

export function editorReport(parts: Partial<EditorReport> = {}): EditorReport {
  return {
    ...emptyReport('/p/m.ko', null),
    stamp: '1',
    anchors: { license: null, init: null, makefile: null, firstSource: null },
    parametersDeclaredOnly: false,
    traits: [],
    ...parts,
  };
}
