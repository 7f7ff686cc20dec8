// The report of a check for people: what is refused and why, then one line for each kernel.
import pc from 'picocolors';
import { groupBy } from '../../formats/groupBy';
import type { CheckBoot, CheckedModule, CheckFinding, CheckReport } from '../../report/check/types';
import { differenceText, frameText } from './printBoot';
import { colour } from './printResult';
import { printable } from './printable';
import { complain, out } from './output';

/** @param names what each kernel is called: see kernelNames() */
export function printCheck(reports: readonly CheckReport[], names: readonly string[]): void {
  for (const [i, report] of reports.entries()) {
    const name = names[i] ?? report.kernel.release;
    const next = report.bootsNext === true ? ', which boots next' : '';
    if (reports.length > 1 || next !== '') say(colour(pc.bold, `== ${printable(name)}${next}`));
    printModules(report);
    printOthers(report);
    printSummary(report);
    if (report.boot) printBooted(report.boot);
    const where = reports.length > 1 ? ` on ${name}` : '';
    for (const reason of report.unreadable) complain(reason);
    for (const { reason, modules } of report.notChecked)
      complain(`not checked${where} in ${count(modules, 'module')}: ${reason}`);
  }
}

function printModules({ modules, findings }: CheckReport): void {
  const byPath = groupBy(findings, ({ path }) => path);
  for (const module of modules) {
    const own = byPath.get(module.path) ?? [];
    // A refusal is said even where nothing is known of why.
    if (own.length === 0 && (module.verdict !== 'refused' || module.known === true)) continue;
    say(titleOf(module));
    const shown = new Map<string, number>();
    for (const finding of own) {
      const before = shown.get(finding.code) ?? 0;
      shown.set(finding.code, before + 1);
      if (before < SHOWN) say(lineOf(finding));
    }
    for (const [code, times] of shown) if (times > SHOWN) say(`  and ${times - SHOWN} more [${code}]`);
    for (const needed of module.refusedDependencies) say(`  it needs ${printable(needed)}, which is refused itself`);
    for (const file of module.namedBy ?? []) say(`  ${printable(file)} asks for it`);
    if (module.dkms !== undefined) say(`  built by DKMS from ${printable(module.dkms)}`);
  }
}

/** Findings of one kind in one module; a provider that is missing can bring hundreds. */
const SHOWN = 5;

/** What is not about a module but about a file beside it. No kernel says it, so the reason and what helps stand below. */
function printOthers({ modules, findings }: CheckReport): void {
  const own = new Set(modules.map(({ path }) => path));
  for (const finding of findings.filter(({ path }) => !own.has(path))) {
    say(lineOf(finding).trimStart());
    say(`  ${printable(finding.explanation)}`);
  }
}

function lineOf({ severity, locations: [place], message, code }: CheckFinding): string {
  const paint = PAINTS[severity];
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
  return `  ${printable(where)}${colour(paint, printable(message))} [${code}]`;
}

const PAINTS = { error: pc.red, warning: pc.yellow, information: pc.cyan, hint: pc.cyan } as const;

function titleOf({ path, verdict, errnoName }: CheckedModule): string {
  const words = { loads: 'would load', unchecked: 'unchecked', refused: `would be refused (${errnoName ?? 'error'})` };
  const what = words[verdict];
  return `${colour(pc.bold, printable(path))}: ${what}`;
}

function printSummary({ kernel, modules, findings, known, bootsNext }: CheckReport): void {
  const refused = modules.filter(({ verdict }) => verdict === 'refused').length;
  const unchecked = modules.filter(({ verdict }) => verdict === 'unchecked').length;
  const parts = [
    `${printable(kernel.release)}: ${count(modules.length, 'module')}`,
    `${modules.length - refused - unchecked} would load`,
    ...(unchecked > 0 ? [`${unchecked} unchecked`] : []),
    `${refused} would be refused`,
    count(findings.length, 'finding'),
    ...(known > 0 ? [`${known} known from the baseline`] : []),
  ];
  say(parts.join(', '));
  if (bootsNext === true && refused > 0)
    say(`After the next reboot ${refused === 1 ? 'this module' : `these ${refused} modules`} will not load.`);
}

/** Modules about which simulation and real kernel differ, then how many there were. */
function printBooted({ disagreements, modules, boots, facts, verdicts }: CheckBoot): void {
  for (const { path, summary, frames, facts: differing } of disagreements) {
    say(`${colour(pc.bold, printable(path))}: ${printable(summary)}`);
    for (const frame of frames) say(`    ${frameText(frame)}`);
    for (const each of differing.slice(0, SHOWN)) say(`  ${differenceText(each)}`);
    if (differing.length > SHOWN) say(`  and ${differing.length - SHOWN} more`);
  }
  const answers = Object.entries(verdicts).filter(([, number]) => number > 0);
  const parts = [
    `on the real kernel: ${count(modules, 'module')} in ${count(boots, 'boot')}`,
    ...answers.map(([verdict, number]) => `${number} ${VERDICTS[verdict as keyof typeof VERDICTS]}`),
    `${count(facts, 'fact')} compared`,
    disagreements.length === 0
      ? 'simulation and kernel agree'
      : `${count(disagreements.length, 'module')} with differences`,
  ];
  say(parts.join(', '));
}

const VERDICTS = {
  loads: 'loaded',
  'init-failed': 'with an init that failed',
  refused: 'refused',
  crashed: 'crashed it',
  hung: 'hung it',
  unanswered: 'not answered',
} as const;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const say = (line: string): void => out(line + '\n');
