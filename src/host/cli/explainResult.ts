// Below the kernel's words, on request: why the kernel says them, and what helps.
import { english } from '../../findings/words';
import { explainLog } from '../../explain/explainLog';
import type { Explained, ExplainedTool } from '../../explain/explained';
import type { Finding } from '../../findings/types';
import type { LoadResult } from '../../index';
import { groupBy } from '../../formats/groupBy';
import { factsOf } from '../../findings/all';
import { notLoadable } from '../../findings/notLoadable';
import { symbolVersion } from '../../findings/symbolVersion';
import { NOT_EXPORTED } from '../../findings/unknownSymbol';
import { documentationUrl } from '../../protocol/documentation';
import type { Missed } from './dependencies';
import { out } from './output';
import { printable } from './printable';
import { shownPath } from './shownPath';
import { matters } from './silentFindings';

/**
 * Each finding of a result with its cause and, for what refuses the module, the command that helps; findings of one code
 * once. A module that passes with nothing to report gets one line.
 *
 * @param missed what would have been loaded first, where symbols are missing
 */
export function printExplanations(result: LoadResult, missed: Missed | null): void {
  const lines = [...result.log.map(({ text }) => text), ...(result.insmod === null ? [] : [result.insmod])];
  const { entries, tools } = explainLog(lines.join('\n'), english);
  const findings = result.findings.filter(matters);
  if (findings.length === 0) print('Nothing to explain: the kernel would accept the module and report no fault.');
  const builtFile = ({ code, symbol = '' }: Finding): string | null =>
    code === NOT_EXPORTED ? (missed?.builtWith(symbol) ?? null) : null;
  const causes = groupBy(findings, finding => `${causeOf(finding)}\0${builtFile(finding) ?? ''}`);
  for (const [finding, ...others] of causes.values()) {
    if (!finding) continue;
    print('');
    print(`${finding.code}: ${finding.message.split('\n')[0] ?? ''}`);
    print(`  ${finding.explanation}`);
    const same = names(finding, others);
    if (same !== null) print(`  The same holds of ${same}.`);
    for (const line of adviceOn(finding, builtFile(finding), entries, tools)) print(`  ${line}`);
  }
}

const print = (line: string): void => out(`${printable(line)}\n`);

/** Findings of one code whose explanations differ in a symbol alone have one cause. */
const causeOf = ({ code, explanation, symbol }: Finding): string =>
  `${code}\0${symbol === undefined ? explanation : explanation.replaceAll(symbol, '')}`;

/** The symbols of other findings with the cause of the first; null where there are none. */
function names({ symbol }: Finding, others: readonly Finding[]): string | null {
  const symbols = new Set(others.map(finding => finding.symbol ?? finding.message));
  if (symbol !== undefined) symbols.delete(symbol);
  if (symbols.size === 0) return null;
  const more = symbols.size - MOST_NAMES;
  return [...symbols].slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const MOST_NAMES = 12;

/** Name of the kernel itself among exporters. */
const VMLINUX = 'vmlinux';

/** @param built file of a module that was built here and exports the symbol of the finding */
function adviceOn(
  finding: Finding,
  built: string | null,
  entries: readonly Explained[],
  tools: readonly ExplainedTool[],
): readonly string[] {
  const page = `See ${documentationUrl(finding.code)}`;
  if (finding.severity !== 'error') return [page];
  // What a log leaves open is known here: who exports the symbol.
  if (built !== null)
    return [
      `First run: sudo insmod ${shownPath(built)}`,
      'This module was built here and exports it. Then insert yours, or install both, run depmod -a and use modprobe.',
      page,
    ];
  // What the line of the kernel is about is then a matter of chance: fields at other places, in another order of bytes.
  if (factsOf(notLoadable, finding)?.foreign)
    return [
      'When cross-compiling, set ARCH and CROSS_COMPILE to those of the target; otherwise build on a machine like it.',
      page,
    ];
  const version = factsOf(symbolVersion, finding);
  if (version && version.owner !== VMLINUX)
    return [
      `Rebuild ${version.module} with KBUILD_EXTRA_SYMBOLS set to the Module.symvers of this build of ${version.owner}, or load the build of ${version.owner} that it was compiled against.`,
      page,
    ];
  if (finding.code === NOT_EXPORTED)
    return [
      'An option of this kernel is off, or the interface is no longer exported. Use a version of the driver made for this kernel.',
      page,
    ];
  const entry =
    entries.find(({ codes }) => codes.includes(finding.code)) ?? (entries.length === 0 ? tools[0] : undefined);
  const { command = null, apart = null } = entry?.advice ?? {};
  return [...(command === null ? [] : [`First run: ${command}`]), ...(apart === null ? [] : [apart]), page];
}
