// Below the kernel's words, on request: why the kernel says them, and what helps.
import { english } from '../../findings/words';
import { explainLog } from '../../explain/explainLog';
import type { Explained, ExplainedTool } from '../../explain/explained';
import type { Finding } from '../../findings/types';
import type { LoadResult } from '../../index';
import { out } from './output';
import { printable } from './printable';
import { matters } from './silentFindings';

/**
 * Each finding of a result with its cause and, for what refuses the module, the command that helps; findings of one code
 * once. A module that passes with nothing to report gets one line.
 */
export function printExplanations(result: LoadResult): void {
  const lines = [...result.log.map(({ text }) => text), ...(result.insmod === null ? [] : [result.insmod])];
  const { entries, tools } = explainLog(lines.join('\n'), english);
  const told = new Set<string>();
  const findings = result.findings.filter(matters);
  if (findings.length === 0) print('Nothing to explain: the kernel would accept the module and report no fault.');
  for (const finding of findings) {
    if (told.has(finding.code)) continue;
    told.add(finding.code);
    print('');
    print(`${finding.code}: ${finding.message.split('\n')[0] ?? ''}`);
    print(`  ${finding.explanation}`);
    const same = findings.filter(({ code }) => code === finding.code);
    if (same.length > 1) print(`  So do ${same.length - 1} more: ${names(same)}`);
    for (const line of adviceOn(finding, entries, tools)) print(`  ${line}`);
  }
}

const print = (line: string): void => out(`${printable(line)}\n`);

/** Symbols after the first, so that a person sees which. */
function names(findings: readonly Finding[]): string {
  const symbols = [...new Set(findings.slice(1).map(({ symbol, message }) => symbol ?? message))];
  return symbols.slice(0, MOST_NAMES).join(', ') + (symbols.length > MOST_NAMES ? ', ...' : '');
}

const MOST_NAMES = 12;

function adviceOn(finding: Finding, entries: readonly Explained[], tools: readonly ExplainedTool[]): readonly string[] {
  if (finding.severity !== 'error') return [`See doc/findings/${finding.code}.md.`];
  const entry =
    entries.find(({ codes }) => codes.includes(finding.code)) ?? (entries.length === 0 ? tools[0] : undefined);
  const { command = null, apart = null } = entry?.advice ?? {};
  return [
    ...(command === null ? [] : [`First run: ${command}`]),
    ...(apart === null ? [] : [apart]),
    `See doc/findings/${finding.code}.md.`,
  ];
}
