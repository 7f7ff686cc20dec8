// From a report to what an editor shows: the same finding on several kernels once, consequences with their cause, and a
// place for everything.
import { describe, factsOf, reportedOf, textsOf, told } from '../../../findings/all';
import { dependencyMissing } from '../../../findings/dependencyMissing';
import { dependencyRefused } from '../../../findings/dependencyRefused';
import { exportClash } from '../../../findings/exportClash';
import { symbolVersion } from '../../../findings/symbolVersion';
import type { Finding, Fix, Severity, SourceLocation } from '../../../findings/types';
import { unknownSymbol } from '../../../findings/unknownSymbol';
import { hexCrc } from '../../../formats/bytes/hex';
import type { TargetResult } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';
import { SNAPSHOT_NAME } from '../../../target/snapshot';
import { exportPlace, providersOf } from './providers';
import { t } from './l10n';

export interface ShownFinding {
  readonly code: string;
  readonly severity: Severity;
  /** The kernel's lines, or a sentence of ours. */
  readonly message: string;
  readonly explanation: string;
  readonly symbol: string | null;
  readonly fixes: readonly Fix[];
  /** The place is that of the finding itself, and not one that stands for the module. */
  readonly located: boolean;
  /** Null for the module file itself. */
  readonly place: SourceLocation | null;
  /** Other places it is about. */
  readonly uses: readonly SourceLocation[];
  /** Evidence, one line for each file it comes from. */
  readonly evidence: readonly Evidence[];
  /** Kernels it holds for; empty when it does not depend on a kernel. */
  readonly releases: readonly string[];
  /** The other kernels the module was held against: those that load it, and those that refuse it for another reason. */
  readonly loadedBy: readonly string[];
  readonly otherwiseRefusedBy: readonly string[];
  /** No kernel says so yet: it would come next, behind what refuses the module as a whole. */
  readonly comesNext: boolean;
  /** The position is that of the last build. */
  readonly stale: boolean;
}

export interface Evidence {
  readonly file: string;
  readonly text: string;
  /** Where the exporter says so: its EXPORT_SYMBOL, or its row in Module.symvers; null where there is nothing to open. */
  readonly place: SourceLocation | null;
}

/**
 * Every finding of a report, in the order the first kernel reports them, hints last.
 *
 * @param workspace reports of all modules, of which two may export the same symbol
 */
export function shownFindings(report: EditorReport, workspace: readonly EditorReport[] = []): ShownFinding[] {
  const merged = new Map<string, Merged>();
  for (const result of report.results) {
    for (const { finding, lines } of withConsequences(result.result.findings)) {
      const key = keyOf(finding);
      const known = merged.get(key);
      if (!known) merged.set(key, { finding, lines, results: [result], severity: finding.severity, comesNext: false });
      else {
        if (known.results.at(-1) !== result) known.results.push(result);
        if (rank(finding.severity) < rank(known.severity)) known.severity = finding.severity;
      }
    }
  }
  for (const result of report.results)
    for (const { finding, lines } of withConsequences(result.result.next ?? [])) {
      const known = merged.get(keyOf(finding));
      if (!known)
        merged.set(keyOf(finding), { finding, lines, results: [result], severity: 'information', comesNext: true });
      else if (known.results.at(-1) !== result) known.results.push(result);
    }
  const hints = [...clashesOf(report, workspace), ...report.hints].map(finding => ({
    finding,
    lines: [finding.message],
    results: [],
    severity: finding.severity,
    comesNext: false,
  }));
  return [...merged.values(), ...hints].map(entry => shown(report, entry, workspace));
}

interface Merged {
  readonly finding: Finding;
  readonly lines: readonly string[];
  readonly results: TargetResult[];
  severity: Severity;
  readonly comesNext: boolean;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const rank = (severity: Severity): number => ORDER.indexOf(severity);

/** Worst first; otherwise in the kernel's order. */
export function bySeverity(findings: readonly ShownFinding[]): ShownFinding[] {
  return [...findings].sort((a, b) => rank(a.severity) - rank(b.severity));
}

function keyOf({ code, message, symbol, locations }: Finding): string {
  const first = locations[0];
  return JSON.stringify([code, message, symbol, first?.file, first?.line, first?.column]);
}

/**
 * "Unknown symbol S (err -22)" follows from the line before it that says what is wrong with S, or from a dependency that
 * is not to be had: one finding with several lines.
 */
function withConsequences(findings: readonly Finding[]): { finding: Finding; lines: string[] }[] {
  const entries: { finding: Finding; lines: string[] }[] = [];
  for (const finding of findings) {
    const symbol = factsOf(unknownSymbol, finding)?.symbol;
    const cause = symbol === undefined ? undefined : entries.find(entry => explains(entry.finding, symbol));
    if (cause) cause.lines.push(finding.message);
    else entries.push({ finding, lines: [finding.message] });
  }
  return entries;
}

/** Whether a finding says why the kernel does not know a symbol. */
function explains(finding: Finding, symbol: string): boolean {
  const dependency = factsOf(dependencyRefused, finding) ?? factsOf(dependencyMissing, finding);
  if (dependency) return dependency.symbols.includes(symbol);
  return finding.symbol === symbol && finding.severity === 'error' && factsOf(unknownSymbol, finding) === null;
}

/** Exports that another module built here has as well, unless it is another build of this one. */
function clashesOf(report: EditorReport, workspace: readonly EditorReport[]): Finding[] {
  const kernels = kernelsOf(report);
  return report.exports.flatMap(({ name: symbol }) => {
    const others = providersOf(workspace, symbol).filter(
      other => other.name !== report.name && [...kernelsOf(other)].some(release => kernels.has(release)),
    );
    return others.map(other => {
      const finding = describe(
        { definition: exportClash, facts: { module: report.name, symbol, other: other.name } },
        '',
      );
      const place = report.symbols.find(({ name, role }) => role === 'export' && name === symbol);
      return { ...finding, locations: place?.locations ?? [] };
    });
  });
}

/** Kernels that would load the module: a build for another one is in nobody's way. */
const kernelsOf = ({ results }: EditorReport): ReadonlySet<string> =>
  new Set(results.flatMap(({ result, release }) => (result.verdict === 'refused' ? [] : release)));

function shown(
  report: EditorReport,
  { finding, lines, results, severity, comesNext }: Merged,
  workspace: readonly EditorReport[],
): ShownFinding {
  const reported = reportedOf(finding);
  const texts = textsOf(finding, t);
  const [first, ...uses] = finding.locations;
  const place = first ?? anchorOf(report);
  const holds = results.map(result => result.release);
  const others = results.length === 0 ? [] : report.results.filter(({ release }) => !holds.includes(release));
  return {
    code: finding.code,
    severity,
    message: [texts.message, ...lines.slice(1)].join('\n'),
    explanation: texts.explanation,
    fixes: reported ? told(reported.definition.fixes, reported.facts) : [],
    symbol: finding.symbol ?? null,
    located: first !== undefined,
    place,
    uses,
    evidence: evidenceOf(report, finding, results, workspace),
    releases: [...new Set(holds)],
    loadedBy: others.filter(({ result }) => result.verdict === 'loads').map(({ release }) => release),
    otherwiseRefusedBy: others.filter(({ result }) => result.verdict === 'refused').map(({ release }) => release),
    comesNext,
    stale: place !== null && report.staleSources.includes(place.file),
  };
}

function anchorOf({ anchors, initLocation }: EditorReport): SourceLocation | null {
  const top = anchors.firstSource === null ? null : { file: anchors.firstSource, line: 1, column: 1 };
  return anchors.license ?? initLocation ?? anchors.init ?? top ?? anchors.makefile;
}

/** The module and the kernels, each with the CRC it holds when the finding is about a symbol. */
function evidenceOf(
  report: EditorReport,
  finding: Finding,
  results: readonly TargetResult[],
  workspace: readonly EditorReport[],
): Evidence[] {
  const symbol = report.symbols.find(({ name, role }) => name === finding.symbol && role === 'import');
  // module_layout is no import: its two CRCs are facts of the finding only.
  const version = symbol ? null : factsOf(symbolVersion, finding);
  const wanted = hexCrc(version ? version.wanted && Number(version.wanted) : null);
  const provided = hexCrc(version?.found ?? null);
  const crc = symbol?.crc ?? wanted;
  const evidence: Evidence[] = [
    {
      file: report.path,
      place: null,
      text: crc
        ? t('module {0}: built with {1} {2}', report.name, finding.symbol ?? '', crc)
        : t('module {0}', report.name),
    },
  ];
  for (const { target, release } of results) {
    const there = symbol?.targets.find(candidate => candidate.release === release);
    const found =
      provided !== null
        ? t('target {0}: has {1} {2}', release, finding.symbol ?? '', provided)
        : there?.owner
          ? t('target {0}: {1} provides {2}', release, there.owner, `${symbol?.name ?? ''} ${there.crc ?? ''}`.trim())
          : symbol
            ? t('target {0}: does not export {1}', release, symbol.name)
            : t('target {0}', release);
    const file = SNAPSHOT_NAME.test(target.path) ? target.path : `${target.path}/Module.symvers`;
    evidence.push({ file, text: found, place: there ? exportPlace(there, finding.symbol ?? '', workspace) : null });
  }
  return evidence;
}

/** "Refused by A. Loads on B." for several kernels; just the kernel for one. */
export function kernelsLine({ severity, releases, loadedBy, otherwiseRefusedBy, comesNext }: ShownFinding): string {
  if (releases.length === 0) return '';
  const holds = releases.join(', ');
  if (comesNext) return t('Would come next on {0}, which refuses the module before it gets there.', holds);
  const parts = [severity === 'error' ? t('Refused by {0}.', holds) : t('On {0}.', holds)];
  if (loadedBy.length > 0)
    parts.push(severity === 'error' ? t('Loads on {0}.', loadedBy.join(', ')) : t('Not on {0}.', loadedBy.join(', ')));
  if (otherwiseRefusedBy.length > 0) parts.push(t('Refused for another reason by {0}.', otherwiseRefusedBy.join(', ')));
  return parts.join(' ');
}
