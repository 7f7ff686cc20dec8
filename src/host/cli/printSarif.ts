// Findings as SARIF 2.1.0 on standard output.
import { toSarif, type SarifReport } from '../../report/check/sarif';
import { documentationUrl, HOMEPAGE } from '../../protocol/documentation';
import { writeJson } from './printResult';

export function printSarif(reports: readonly SarifReport[]): void {
  writeJson(toSarif(reports, { version: __VERSION__, informationUri: HOMEPAGE, helpUri: documentationUrl }));
}

declare const __VERSION__: string;
