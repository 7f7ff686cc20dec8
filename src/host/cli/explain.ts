// insmod-lens explain: what a pasted log means, and whether the simulation of the module says the same.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { explainLog, type LogExplanation } from '../../explain/explainLog';
import { isOfTool, type Explained, type ExplainedTool } from '../../explain/explained';
import { compareWithLog, type Comparison } from '../../explain/compareWithLog';
import type { LoadResult } from '../../index';
import { errnoName } from '../../linux/errno';
import { inputError } from '../node/files';
import { complain, out } from './output';
import { printable } from './printable';
import { writeJson } from './printResult';
import { addTargetOptions, bootSystem, openTargets, readModuleFile, type TargetOptions } from './targetOptions';

interface ExplainOptions extends TargetOptions {
  readonly module?: string;
  readonly format: 'text' | 'json';
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
    .option('--module <file>', 'simulate this module and say whether the log is reproduced')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(explain);
}

async function explain(file: string, options: ExplainOptions): Promise<void> {
  const explained = explainLog(file === '-' ? await text(process.stdin) : readLog(file));
  const simulations = options.module === undefined ? [] : await simulate(options.module, explained, options);
  if (options.format === 'json') writeJson({ ...explained, simulations: simulations.map(forJson) });
  else {
    printExplanation(explained);
    for (const simulation of simulations) printSimulation(simulation);
  }
}

/** A pipe, too, which a shell makes of another command's output. */
function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw inputError(file, error);
  }
}

interface Simulation {
  readonly result: LoadResult;
  readonly comparison: Comparison;
}

async function simulate(path: string, explained: LogExplanation, options: ExplainOptions): Promise<Simulation[]> {
  const file = await readModuleFile(path);
  const simulations: Simulation[] = [];
  for (const target of await openTargets(options, path)) {
    const result = (await bootSystem(target, options)).insmod(file);
    simulations.push({ result, comparison: compareWithLog(explained, result) });
  }
  return simulations;
}

function forJson({ result, comparison }: Simulation): object {
  const { kernel, verdict, errno, errnoName: name, log, insmod } = result;
  return { kernel, verdict, errno, errnoName: name, log, insmod, ...comparison };
}

const print = (line = ''): void => out(`${printable(line)}\n`);

function printExplanation(explained: LogExplanation): void {
  const { main, entries, tools, failed, unknown, unknownLines } = explained;
  if (main === null) print('No line of this log is known.');
  else {
    print(
      failed ? `Cause${main.module === null ? '' : ` (${main.module})`}:` : 'No line says that a module was refused.',
    );
    printOne(main);
  }
  const others = [...entries, ...tools].filter(one => one !== main && one.effect !== 'note');
  const notes = entries.filter(one => one !== main && one.effect === 'note');
  if (others.length > 0) print('The rest:');
  for (const other of others) {
    if (failed && other.effect === 'objection') printLines(other);
    else if (isOfTool(other) && other.cause === null && failed && entries.some(({ effect }) => effect === 'refused'))
      printLines(other);
    else printOne(other);
  }
  if (notes.length > 0) print('Notes that refuse nothing:');
  for (const note of notes) printLines(note);
  if (unknownLines === 0) return;
  print(`Not known (${unknownLines} lines):`);
  for (const line of unknown.slice(0, MOST_SHOWN)) print(`  ${line}`);
}

/** Lines of one kind that are shown. */
const MOST_SHOWN = 10;

function printLines(one: Explained | ExplainedTool): void {
  const { lines } = one;
  for (const line of lines.slice(0, MOST_SHOWN)) print(`  ${line}`);
  if (lines.length > MOST_SHOWN) print(`  ... and ${lines.length - MOST_SHOWN} more lines like these`);
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
  if (codes.length > 0 && one.effect !== 'note') print(`  See: ${codes.join(', ')}`);
}

function printSimulation({ result, comparison: { outcome, missing } }: Simulation): void {
  const { module, kernel, log, insmod } = result;
  const what = `${module.name} on ${kernel.release}`;
  if (outcome === 'nothing-to-compare') {
    print(`Simulated ${what}. The kernel would print:`);
    for (const { text: line } of log) print(`  ${line}`);
    if (insmod !== null) print(`  ${insmod}`);
    return;
  }
  if (outcome === 'reproduced') {
    print(`Reproduced: the simulation of ${what} prints the same.`);
    return;
  }
  print(`Differs: your log is from another build, another kernel or another state than ${what}.`);
  for (const line of missing.slice(0, MOST_SHOWN)) print(`  only in your log: ${line}`);
  for (const { text: line } of log.slice(0, MOST_SHOWN)) print(`  simulated: ${line}`);
  if (insmod !== null) print(`  simulated: ${insmod}`);
  if (result.verdict === 'unchecked') complain(`${module.name}: not everything essential could be checked`);
}
