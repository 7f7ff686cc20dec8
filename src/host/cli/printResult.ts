// Results on a terminal: the kernel log, then insmod's own line; or JSON.
import pc from 'picocolors';
import { initPositive } from '../../findings/initPositive';
import type { Finding } from '../../findings/types';
import type { LoadResult, LogLine } from '../../index';
import { printable } from './printable';
import { complain, err, out } from './output';
import { tellSilent, tellUnbuilt } from './silentFindings';

/** A single object for a single target, an array for several. */
export function printJson(results: readonly LoadResult[]): void {
  printObjects(results);
}

/** Objects of any kind, by the same rule. */
export function printObjects(objects: readonly object[]): void {
  writeJson(objects.length === 1 ? objects[0] : objects);
}

/** JSON that is safe for a terminal. */
export function writeJson(value: unknown): void {
  const json = JSON.stringify(value, null, 2);
  // JSON itself escapes only the first of the two ranges of control characters.
  const escaped = json.replace(/[\x7f-\x9f]/g, char => `\\u00${char.charCodeAt(0).toString(16)}`);
  out(escaped + '\n');
}

/**
 * Prints the log and insmod's line of each target to standard output, and calls `explain` after each. What no kernel says and
 * what could not be checked goes to standard error.
 *
 * @param names what each kernel is called: see kernelNames()
 */
export function printText(
  results: readonly LoadResult[],
  names: readonly string[],
  explain: ((result: LoadResult, index: number) => void) | null = null,
): void {
  for (const [i, result] of results.entries()) {
    const name = names[i] ?? result.kernel.release;
    // A person wants the answer first; a program that reads the log gets the log alone.
    if (process.stdout.isTTY) out(verdictLine(result, name) + '\n');
    else if (results.length > 1) out(`== ${printable(name)}\n`);
    printLog(result.log, result.findings);
    if (result.insmod !== null) out(colour(pc.red, printable(result.insmod)) + '\n');
    const where = results.length > 1 ? ` on ${name}` : '';
    if (explain) explain(result, i);
    else tellSilent(result, where);
    if (i === 0) tellUnbuilt(result);
    printNotChecked(result, where);
    printUnchecked(result);
  }
}

/** "✓ hello would load on 6.1.0-50-amd64 (taints OE)". */
export function verdictLine(
  { verdict, errno, errnoName, module, taints, depends, stages }: LoadResult,
  kernel: string,
): string {
  const where = `on ${printable(kernel)}`;
  const name = printable(module.name);
  const after = depends.length > 0 ? ` after ${printable(depends.join(', '))}` : '';
  if (verdict === 'refused') return colour(pc.red, `✗ ${name} would be refused ${where} (${errnoName ?? errno})`);
  if (verdict === 'unchecked') return colour(pc.yellow, `? ${name}: unchecked ${where}`);
  if (errno !== 0)
    return colour(pc.yellow, `✓ ${name} would load${after} ${where}, and init returns ${errnoName ?? errno}`);
  const suffix = `${taints === '' ? '' : ` (taints ${taints})`}${isSignatureOpen(stages) ? ', signature unchecked' : ''}`;
  return colour(pc.green, `✓ ${name} would load${after} ${where}${suffix}`);
}

/** Whether the signature counts as good without having been verified: what else is said would sound certain. */
function isSignatureOpen(stages: LoadResult['stages']): boolean {
  return stages.some(({ name, outcome }) => name === 'module_sig_check' && outcome === 'not-checked');
}

/** Where the terminal would otherwise show nothing, which is how a module that loads looks. */
export function printUnchecked({ verdict, module, essential = [] }: LoadResult): void {
  if (verdict !== 'unchecked') return;
  complain(
    `${module.name}: nothing refuses the module, but this had to be checked and could not: ${essential.join('; ')}`,
  );
}

/** What a result leaves open, on standard error, with ` on RELEASE` where there are several; not what is in `said`. */
export function printNotChecked({ stages }: LoadResult, where = '', said = new Set<string>()): void {
  for (const { name, outcome, notes } of stages) {
    if (outcome !== 'not-checked') continue;
    for (const note of notes) {
      const line = printable(`insmod-lens: not checked${where}: ${name}: ${note}`);
      if (!said.has(line)) err(line + '\n');
      said.add(line);
    }
  }
}

/** The log as dmesg shows it: the newline inside a message, which the kernel keeps as \\x0a, begins a line again. */
export function printLog(log: readonly LogLine[], findings: readonly Finding[] = []): void {
  // A newline in a string of the module stays escaped: what follows it would be a line, and to a CI system a command.
  const isSplit = findings.some(({ code }) => MULTILINE.has(code));
  for (const { level, text } of log)
    for (const line of isSplit ? text.split(/\\x0a(?=[a-z])/) : [text])
      out(colour(levelColour(level), printable(line)) + '\n');
}

/** Findings whose text has a newline in the kernel itself. */
const MULTILINE: ReadonlySet<string> = new Set([initPositive.id]);

type Colour = (text: string) => string;

/** As dmesg colours: errors red, warnings yellow. */
function levelColour(level: number): Colour {
  if (level <= 3) return pc.red;
  return level === 4 ? pc.yellow : text => text;
}

/** Coloured on a terminal only. */
export function colour(paint: Colour, text: string): string {
  return process.stdout.isTTY ? paint(text) : text;
}
