// From a report to what an editor shows: the same finding on several kernels once, consequences with their cause, and a
// place for everything.
import type { Finding, Severity, SourceLocation } from '../../core/findings/types';
import type { TargetResult } from '../../protocol/analysis';
import type { EditorReport } from '../../protocol/worker';

export interface ShownFinding {
  readonly code: string;
  readonly severity: Severity;
  /** The kernel's lines, or a sentence of ours. */
  readonly message: string;
  readonly explanation: string;
  readonly symbol: string | null;
  /** Null for the module file itself. */
  readonly place: SourceLocation | null;
  /** Other places it is about. */
  readonly uses: readonly SourceLocation[];
  /** Evidence, one line for each file it comes from. */
  readonly evidence: readonly Evidence[];
  /** Kernels it holds for; empty when it does not depend on a kernel. */
  readonly releases: readonly string[];
  /** The other kernels the module was held against. */
  readonly otherReleases: readonly string[];
  /** The position is that of the last build. */
  readonly stale: boolean;
}

export interface Evidence {
  readonly file: string;
  readonly text: string;
}

/** Every finding of a report, in the order the first kernel reports them, hints last. */
export function shownFindings(report: EditorReport): ShownFinding[] {
  const merged = new Map<string, Merged>();
  for (const result of report.results) {
    for (const { finding, lines } of withConsequences(result.result.findings)) {
      const key = keyOf(finding);
      const known = merged.get(key);
      if (!known) merged.set(key, { finding, lines, results: [result], severity: finding.severity });
      else {
        if (known.results.at(-1) !== result) known.results.push(result);
        if (rank(finding.severity) < rank(known.severity)) known.severity = finding.severity;
      }
    }
  }
  const hints = report.hints.map(finding => ({
    finding,
    lines: [finding.message],
    results: [],
    severity: finding.severity,
  }));
  return [...merged.values(), ...hints].map(entry => shown(report, entry));
}

interface Merged {
  readonly finding: Finding;
  readonly lines: readonly string[];
  readonly results: TargetResult[];
  severity: Severity;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const rank = (severity: Severity): number => ORDER.indexOf(severity);

function keyOf({ code, message, symbol, locations }: Finding): string {
  const first = locations[0];
  return JSON.stringify([code, message, symbol, first?.file, first?.line, first?.column]);
}

/**
 * "Unknown symbol S (err -22)" follows from the line before it that says what is wrong with S: one finding, two lines.
 */
function withConsequences(findings: readonly Finding[]): { finding: Finding; lines: string[] }[] {
  const entries: { finding: Finding; lines: string[] }[] = [];
  for (const finding of findings) {
    const cause =
      finding.code === 'unknown-symbol' && finding.symbol !== undefined
        ? entries.find(entry => entry.finding.symbol === finding.symbol && entry.finding.severity === 'error')
        : undefined;
    if (cause) cause.lines.push(finding.message);
    else entries.push({ finding, lines: [finding.message] });
  }
  return entries;
}

function shown(report: EditorReport, { finding, lines, results, severity }: Merged): ShownFinding {
  const [first, ...uses] = finding.locations;
  const place = first ?? anchorOf(report);
  const holds = results.map(result => result.release);
  return {
    code: finding.code,
    severity,
    message: lines.join('\n'),
    explanation: finding.explanation,
    symbol: finding.symbol ?? null,
    place,
    uses,
    evidence: evidenceOf(report, finding, results),
    releases: [...new Set(holds)],
    otherReleases: report.results
      .map(result => result.release)
      .filter(release => results.length > 0 && !holds.includes(release)),
    stale: place !== null && report.staleSources.includes(place.file),
  };
}

function anchorOf({ anchors, initLocation }: EditorReport): SourceLocation | null {
  const top = anchors.firstSource === null ? null : { file: anchors.firstSource, line: 1, column: 1 };
  return anchors.license ?? initLocation ?? anchors.init ?? top ?? anchors.makefile;
}

/** The module and the kernels, each with the CRC it holds when the finding is about a symbol. */
function evidenceOf(report: EditorReport, finding: Finding, results: readonly TargetResult[]): Evidence[] {
  const symbol = report.symbols.find(({ name, role }) => name === finding.symbol && role === 'import');
  const built = symbol?.crc ? `: built with ${symbol.name} ${symbol.crc}` : '';
  const evidence: Evidence[] = [{ file: report.path, text: `module ${report.name}${built}` }];
  for (const { target, release } of results) {
    const there = symbol?.targets.find(candidate => candidate.release === release);
    const found = there?.owner
      ? `: ${there.owner} provides ${symbol?.name ?? ''}${there.crc ? ` ${there.crc}` : ''}`
      : '';
    const file = /\.json(?:\.gz|\.br)?$/.test(target.path) ? target.path : `${target.path}/Module.symvers`;
    evidence.push({ file, text: `target ${release}${symbol ? found || `: does not export ${symbol.name}` : ''}` });
  }
  return evidence;
}

/** "Refused by A. Not on B." for several kernels; just the kernel for one. */
export function kernelsLine({ severity, releases, otherReleases }: ShownFinding): string {
  if (releases.length === 0) return '';
  const holds = `${severity === 'error' ? 'Refused by' : 'On'} ${releases.join(', ')}.`;
  return otherReleases.length > 0 ? `${holds} Not on ${otherReleases.join(', ')}.` : holds;
}
