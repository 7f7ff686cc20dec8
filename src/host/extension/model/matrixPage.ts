// Modules against kernels, as their page shows them.
import { textsOf } from '../../../findings/all';
import type { MatrixPage, MatrixPageCell } from '../../../protocol/pages';
import type { MatrixAnswer } from '../../../protocol/worker';
import type { MatrixCell } from '../../../report/matrix/types';
import { say, t } from './l10n';

/** @param shown how the workspace names a file */
export function matrixPageOf({ matrix, unusable }: MatrixAnswer, shown: (path: string) => string): MatrixPage {
  return {
    kind: 'matrix',
    kernels: matrix.kernels.map(({ release, arch, target }) => ({ release, arch, target: shown(target) })),
    rows: matrix.modules.map(({ name, path, cells }) => ({ name, path: shown(path), cells: cells.map(cellOf) })),
    unusable: unusable.map(({ reason }) => say(reason)),
  };
}

function cellOf({ verdict, errno, errnoName, check, reason, findings }: MatrixCell): MatrixPageCell {
  const first = findings.find(({ code }) => code === check);
  return {
    verdict,
    errnoName: errnoName ?? (errno === 0 ? null : `${errno}`),
    check,
    reason: first ? textsOf(first, t).message : reason,
  };
}
