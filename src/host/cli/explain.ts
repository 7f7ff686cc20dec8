// insmod-lens explain: what a pasted log means, and whether the simulation of the module says the same.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { explainLog, type LogExplanation } from '../../explain/explainLog';
import { isOfTool, type Explained, type ExplainedTool } from '../../explain/explained';
import type { CauseId } from '../../explain/causes';
import type { Advice } from '../../explain/causes/types';
import { compareWithLog, type Comparison } from '../../explain/compareWithLog';
import type { LoadResult } from '../../index';
import { errnoName } from '../../linux/errno';
import { inModule } from '../node/check/baseline';
import { InputError, inputError } from '../node/files';
import { hasElfMagic } from '../../formats/elf/header';
import { documentationUrl } from '../../protocol/documentation';
import { findNamed, modulesOf } from './namedModules';
import { complain, out } from './output';
import { printable } from './printable';
import { shownPath } from './shownPath';
import { printUnchecked, writeJson } from './printResult';
import { addTargetOptions, bootSystem, openTargets, type TargetOptions } from './targetOptions';
import { readModule } from '../node/decompress';

interface ExplainOptions extends TargetOptions {
  readonly module?: string;
  readonly format: 'text' | 'json' | 'sarif';
}

/**
 * Adds the command `explain`. It reads a kernel log, or what a tool printed, from a file or from standard input. The exit
 * status is 0 when the log was read, whatever it says, and 2 when it could not be.
 */
export function registerExplain(program: Command): void {
  addTargetOptions(
    program
      .command('explain')
      .description('explain a kernel log: the cause of a refused module and what helps')
      .argument('[file]', 'the log; - or none reads standard input, as in dmesg | insmod-lens explain', '-'),
  )
    .option(
      '--module <file>',
      'simulate this module and say whether the log is reproduced; without it, a module that the log names is looked for below the working directory',
    )
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json', 'sarif']).default('text'))
    .action(explain);
}

async function explain(file: string, options: ExplainOptions): Promise<void> {
  const explained = explainLog(file === '-' ? await readStandardInput() : readLog(file));
  const simulations = await simulationsOf(explained, options);
  if (options.format === 'json') writeJson({ schema: 1, ...explained, simulations: simulations.map(forJson) });
  else if (options.format === 'sarif') await sarif(explained, simulations);
  else {
    printExplanation(explained);
    for (const simulation of simulations) printSimulation(simulation);
  }
}

/** Of the module that was given, else of one that the log names and that lies below the working directory. */
async function simulationsOf(explained: LogExplanation, options: ExplainOptions): Promise<readonly Simulation[]> {
  if (options.module !== undefined) return simulate(options.module, explained, options);
  const found = findNamed('.', modulesOf(explained));
  if (found === null) return [];
  try {
    return await simulate(found, explained, options);
  } catch (error) {
    // The module was not named by the user, so a file that cannot be simulated is no error.
    complain(`${found}: not simulated: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** A terminal waits without a word otherwise. */
function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) complain('paste the log, then press Enter and Ctrl-D');
  return text(process.stdin);
}

/** A pipe, too, which a shell makes of another command's output. */
function readLog(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    // Only the line itself has spaces and a colon.
    if (file.includes(': ') && file.split(' ').length > 2)
      throw new InputError(file, 'no such file (a line goes to standard input, not to an argument)');
    throw inputError(file, error);
  }
  if (hasElfMagic(bytes))
    throw new InputError(file, `is no log but an ELF file: insmod-lens insmod --explain ${file} simulates a module`);
  return bytes.toString('utf8');
}

interface Simulation {
  readonly path: string;
  /** With the places of its findings in the source. */
  readonly result: LoadResult;
  readonly comparison: Comparison;
}

async function simulate(path: string, explained: LogExplanation, options: ExplainOptions): Promise<Simulation[]> {
  const file = await readModule(path);
  const results: LoadResult[] = [];
  for (const target of await openTargets(options, path)) results.push((await bootSystem(target, options)).insmod(file));
  const { locateResults } = await import('../places/locate');
  const located = await locateResults(path, file.bytes, results, shownPath, complain);
  return located.map(result => ({ path, result, comparison: compareWithLog(explained, result) }));
}

function forJson({ path, result, comparison }: Simulation): object {
  const { module, kernel, verdict, errno, errnoName: name, log, insmod, findings } = result;
  return {
    module: { ...module, path },
    kernel,
    verdict,
    errno,
    errnoName: name,
    insmod,
    log,
    findings,
    ...comparison,
  };
}

/** What a simulation found has a place in the source or is about the module file; lines of a log alone have none. */
async function sarif(explained: LogExplanation, simulations: readonly Simulation[]): Promise<void> {
  const { printSarif } = await import('./printSarif');
  if (simulations.length === 0 && explained.main !== null)
    complain('SARIF has places in source files: name the module with --module to have them');
  printSarif(
    simulations.map(({ path, result: { kernel, module, findings } }) => ({
      kernel,
      unreadable: [],
      findings: findings.map(finding => inModule(finding, module.name, path)),
    })),
  );
}

const print = (line = ''): void => out(`${printable(line)}\n`);

function printExplanation(explained: LogExplanation): void {
  const { main, entries, tools, failed, omittedLines, unknown, unknownLines } = explained;
  const told = new Set<CauseId>();
  if (main === null) print('No line of this log is known.');
  else {
    print(
      failed ? `Cause${main.module === null ? '' : ` (${main.module})`}:` : 'No line says that a module was refused.',
    );
    printOne(main);
    if (main.cause !== null) told.add(main.cause);
  }
  const others = [...entries, ...tools].filter(one => one !== main && one.effect !== 'note');
  const notes = entries.filter(one => one !== main && one.effect === 'note');
  if (others.length > 0) print('The rest:');
  for (const other of others) {
    if (failed && other.effect === 'objection') printLines(other);
    else if (isOfTool(other) && other.cause === null && failed && entries.some(({ effect }) => effect === 'refused'))
      printLines(other);
    else if (other.cause !== null && told.has(other.cause) && other.advice !== null) printAgain(other, other.advice);
    else printOne(other);
    if (other.cause !== null) told.add(other.cause);
  }
  if (omittedLines > 0) print(`  ... and ${omittedLines} more lines with the same causes`);
  if (notes.length > 0) print('Notes that refuse nothing:');
  for (const note of notes) printLines(note);
  if (unknownLines === 0) return;
  print(`Not known (${unknownLines} ${unknownLines === 1 ? 'line' : 'lines'}):`);
  for (const line of unknown.slice(0, MOST_SHOWN)) print(`  ${line}`);
}

/** Lines of one kind that are shown. */
const MOST_SHOWN = 10;
/** Pages on one errno that are shown with their address. */
const MOST_PAGES = 3;

function printLines(one: Explained | ExplainedTool): void {
  const { lines } = one;
  for (const line of lines.slice(0, MOST_SHOWN)) print(`  ${line}`);
  if (lines.length > MOST_SHOWN) print(`  ... and ${lines.length - MOST_SHOWN} more lines like these`);
}

/** Of a cause that was told of another module: what differs. */
function printAgain(one: Explained | ExplainedTool, { command }: Advice): void {
  printLines(one);
  print(`  ${command === null ? 'As above.' : `As above. Run: ${command}`}`);
}

function printOne(one: Explained | ExplainedTool): void {
  printLines(one);
  if (isOfTool(one) && one.errno !== null) print(`  errno ${one.errno} (${errnoName(one.errno) ?? one.errno})`);
  const { advice } = one;
  const explanation = isOfTool(one) || one.effect === 'objection' || one.effect === 'note' ? null : one.explanation;
  const why = explanation ?? advice?.why;
  if (why !== undefined) print(`  ${why}`);
  if (advice !== null && advice.command !== null) print(`  First run: ${advice.command}`);
  if (advice !== null && advice.apart !== null) print(`  ${advice.apart}`);
  const codes = isOfTool(one) ? one.causes : one.codes;
  if (one.effect === 'note') return;
  for (const code of codes.slice(0, MOST_PAGES)) print(`  See ${documentationUrl(code)}`);
  // The commonest come first; an errno has up to seventeen.
  if (codes.length > MOST_PAGES) print(`  Rarer: ${codes.slice(MOST_PAGES).join(', ')}`);
}

/** What only the simulation knows of the first refusal, and the line of C or of the Makefile that it comes from. */
function printPlace({ findings }: LoadResult): void {
  const refusal = findings.find(({ severity }) => severity === 'error');
  if (refusal) print(`  ${refusal.explanation}`);
  const first = findings.find(({ severity, locations }) => severity === 'error' && locations.length > 0);
  const place = first?.locations[0];
  if (place) print(`  In your source: ${place.file}:${place.line}:${place.column}`);
}

function printSimulation({ path, result, comparison: { outcome, missing, more } }: Simulation): void {
  // It may have been found by its name alone.
  print(`Simulated file: ${shownPath(path)}`);
  const { module, kernel, log, insmod } = result;
  const what = `${module.name} on ${kernel.release}`;
  if (outcome === 'nothing-to-compare') {
    print(`Simulated ${what}. The kernel would print:`);
    for (const { text: line } of log) print(`  ${line}`);
    if (insmod !== null) print(`  ${insmod}`);
    if (log.length === 0 && insmod === null) print('  (nothing)');
    printPlace(result);
    return;
  }
  if (outcome === 'reproduced') {
    print(`Reproduced: the simulation of ${what} prints ${more.length === 0 ? 'the same' : 'these lines, and more'}.`);
    for (const line of more.slice(0, MOST_SHOWN)) print(`  simulated: ${line}`);
    if (more.length > MOST_SHOWN) print(`  ... and ${more.length - MOST_SHOWN} more lines`);
    printPlace(result);
    return;
  }
  print(`Differs: your log is from another build, another kernel or another state than ${what}.`);
  for (const line of missing.slice(0, MOST_SHOWN)) print(`  only in your log: ${line}`);
  for (const { text: line } of log.slice(0, MOST_SHOWN)) print(`  simulated: ${line}`);
  if (insmod !== null) print(`  simulated: ${insmod}`);
  printUnchecked(result);
}
