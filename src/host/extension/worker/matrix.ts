// Modules against kernels, for the editor.
import { openObject } from '../../../formats/ko/objectFile';
import { reasonOf, type Note } from '../../../findings/notes';
import type { SourceLocation } from '../../../findings/types';
import { cellOf } from '../../../report/matrix/cellOf';
import type { MatrixCell } from '../../../report/matrix/types';
import type { AnalyseRequest, TargetChoice } from '../../../protocol/analysis';
import type { MatrixAnswer } from '../../../protocol/worker';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { locateFindings } from '../../places/locate';
import { readModule } from '../../node/decompress';
import { withNeeds } from '../../node/needs/withNeeds';
import { openChoice, prepareFor } from '../../node/openChoice';

/** Every request has the same targets. A kernel that cannot be used has no column. */
export async function matrixOf(requests: readonly AnalyseRequest[]): Promise<MatrixAnswer> {
  const unusable: { path: string; reason: Note }[] = [];
  const kernels: { release: string; arch: string; target: string; choice: TargetChoice }[] = [];
  for (const choice of requests[0]?.targets ?? []) {
    try {
      const { release, arch } = await openChoice(choice);
      kernels.push({ release, arch, target: choice.path, choice });
    } catch (error) {
      unusable.push({ path: choice.path, reason: reasonOf(error) });
    }
  }
  const rows = [];
  const places = [];
  for (const request of requests) {
    try {
      const row = await rowOf(
        request,
        kernels.map(({ choice }) => choice),
      );
      rows.push({ name: moduleNameOfPath(request.path), path: request.path, cells: row.cells });
      places.push(row.places);
    } catch (error) {
      unusable.push({ path: request.path, reason: reasonOf(error) });
    }
  }
  const shown = kernels.map(({ release, arch, target }) => ({ release, arch, target }));
  return { matrix: { schema: 1, kernels: shown, modules: rows }, places, unusable };
}

interface Row {
  readonly cells: MatrixCell[];
  readonly places: (SourceLocation | null)[];
}

async function rowOf(request: AnalyseRequest, choices: readonly TargetChoice[]): Promise<Row> {
  const { bytes } = await readModule(request.path);
  const file = { path: request.path, bytes };
  const object = openObject(bytes);
  const row: Row = { cells: [], places: [] };
  for (const choice of choices) {
    const { system, ...needs } = await prepareFor(request, choice, object);
    const result = system.insmod(file, request.args);
    const cell = cellOf({ ...withNeeds(result, needs), needs: needs.loaded }, system.next(file, result));
    row.cells.push(cell);
    const first = cell.findings.find(({ code }) => code === cell.check);
    const [located] = first ? await locateFindings({ module: result.module, findings: [first] }, bytes) : [];
    row.places.push(located?.locations[0] ?? null);
  }
  return row;
}
