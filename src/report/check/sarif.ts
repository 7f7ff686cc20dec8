// SARIF 2.1.0, the form in which code hosting sites and CI systems take findings.
import type { Log, Location, ReportingDescriptor, Result, Run } from 'sarif';
import type { Severity } from '../../findings/types';
import type { CheckFinding, CheckReport } from './types';

export interface SarifTool {
  readonly version: string;
  readonly informationUri: string;
  /** Page that explains a code. */
  readonly helpUri: (code: string) => string;
}

/** The part of a report that SARIF has a place for. */
export type SarifReport = Pick<CheckReport, 'kernel' | 'findings' | 'unreadable'>;

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** A run for each kernel. Paths stay relative, so that they mean the same on every machine. */
export function toSarif(reports: readonly SarifReport[], tool: SarifTool): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: reports.map(report => runOf(report, tool)),
  };
}

function runOf({ kernel, findings, unreadable }: SarifReport, tool: SarifTool): Run {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    tool: {
      driver: {
        name: 'Insmod Lens',
        version: tool.version,
        informationUri: tool.informationUri,
        rules: codes.map(code => ruleOf(code, findings, tool)),
      },
    },
    automationDetails: { id: `insmod-lens/${kernel.release}/` },
    invocations: [
      {
        executionSuccessful: unreadable.length === 0,
        toolExecutionNotifications: unreadable.map(text => ({ level: 'error', message: { text } })),
      },
    ],
    results: findings.map(finding => resultOf(finding, codes, kernel.release)),
  };
}

function ruleOf(id: string, findings: readonly CheckFinding[], { helpUri }: SarifTool): ReportingDescriptor {
  const example = findings.find(({ code }) => code === id);
  return {
    id,
    name: id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    // The same in every report, whatever was found in it.
    shortDescription: { text: `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}` },
    helpUri: helpUri(id),
    defaultConfiguration: { level: LEVELS[example?.severity ?? 'error'] },
  };
}

function resultOf(finding: CheckFinding, codes: readonly string[], release: string): Result {
  return {
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: LEVELS[finding.severity],
    message: { text: `${finding.message}\n${finding.explanation}` },
    locations: locationsOf(finding),
    partialFingerprints: { 'insmodLens/v1': finding.fingerprint },
    properties: { kernel: release, module: finding.module, stage: finding.stage },
  };
}

/** The line of C where it is known, else the module file. */
function locationsOf({ locations, path }: CheckFinding): Location[] {
  if (locations.length === 0) return [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }];
  return locations.map(({ file, line, column }) => ({
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
    },
  }));
}

/** Path as a relative URI reference, or as a file URI when it is absolute. */
function uriOf(path: string): string {
  // A byte of a name that is not UTF-8 is a lone surrogate, U+DC80 to U+DCFF.
  const escaped = path
    .split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
    .map((part, i) =>
      i % 2 === 1
        ? `%${(part.charCodeAt(0) & 0xff).toString(16).toUpperCase()}`
        : part.split('/').map(encodeURIComponent).join('/'),
    )
    .join('');
  return path.startsWith('/') ? `file://${escaped}` : escaped;
}
