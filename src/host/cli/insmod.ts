// insmod-lens insmod: one module against one or more kernels.
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LoadResult } from '../../index';
import type { NextResult } from '../../report/types';
import { inModule } from '../node/check/baseline';
import type { InsmodToolName } from '../../kmod/insmodTools';
import { bytesOfText, forceFlags, type ForceOptions } from './arguments';
import { complain } from './output';
import { exitStatus, leaveWith } from './exitStatus';
import { kernelNames } from './kernelNames';
import { printJson, printText } from './printResult';
import { withNeeds } from '../node/needs/withNeeds';
import { chooseTool, insmodAs, toolOption, withLine } from './insmodTool';
import { shownPath } from './shownPath';
import { Dependencies, type Missed } from './dependencies';
import { addTargetOptions, bootSystem, openTargets, targetChoices, type TargetOptions } from './targetOptions';
import { note } from '../../findings/notes';
import { readModule } from '../node/decompress';
import { InputError, isDirectory } from '../node/files';

interface InsmodOptions extends TargetOptions, Omit<ForceOptions, 'force'> {
  readonly withDependencies?: boolean;
  readonly syscall?: 'finit_module' | 'init_module';
  readonly tool?: InsmodToolName;
  readonly initResult: number;
  readonly format: 'text' | 'json' | 'sarif';
  readonly explain?: boolean;
}

export function registerInsmod(program: Command): void {
  addTargetOptions(
    program
      .command('insmod')
      .description('simulate loading a module: prints what dmesg and insmod would')
      .argument('<module.ko>', 'the built module (.ko, .ko.xz, .ko.zst, .ko.gz)')
      .argument('[param=value...]', 'module parameters, as given to insmod'),
  )
    .option(
      '--with-dependencies',
      "load the module's dependencies first, from its directory and from the kernel's own modules",
    )
    .option('--force-vermagic', 'ignore vermagic, as modprobe --force-vermagic')
    .option('--force-modversion', 'ignore symbol versions, as modprobe --force-modversion')
    .addOption(
      new Option('--syscall <name>', 'system call to load with (default: what the tool calls)').choices([
        'finit_module',
        'init_module',
      ]),
    )
    .addOption(toolOption())
    .option('--init-result <number>', "what the module's init is assumed to return", parseInitResult, 0)
    .option('--explain', 'add the cause and what helps below the words of the kernel')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json', 'sarif']).default('text'))
    .action(insmod);
}

function parseInitResult(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}

/**
 * Findings with their places in the source, and what the file tells whatever the kernel. Text shows none, so only JSON and
 * SARIF pay for reading debug information.
 */
async function located(
  results: readonly LoadResult[],
  next: readonly (NextResult | null)[],
  path: string,
  bytes: Uint8Array,
): Promise<readonly LoadResult[]> {
  const { locateResults } = await import('../places/locate');
  return locateResults(path, bytes, results, shownPath, complain, next);
}

async function sarif(results: readonly LoadResult[], path: string): Promise<void> {
  const { printSarif } = await import('./printSarif');
  printSarif(
    results.map(({ kernel, module, findings, next = [] }) => ({
      kernel,
      unreadable: [],
      // What only follows another refusal is a note beside it.
      findings: [...findings, ...next.map(finding => ({ ...finding, severity: 'information' as const }))].map(finding =>
        inModule(finding, module.name, path),
      ),
    })),
  );
}

async function insmod(path: string, params: readonly string[], options: InsmodOptions): Promise<void> {
  if (isDirectory(path)) throw new InputError(path, note('directory-for-check'));
  const file = await readModule(path);
  const results: LoadResult[] = [];
  const next: (NextResult | null)[] = [];
  const misses: (Missed | null)[] = [];
  const choices = targetChoices(options, path);
  const tool = chooseTool(options.tool, options.kernel ?? []);
  const args = bytesOfText(tool.joinArguments(params));
  for (const [i, target] of (await openTargets(options, path)).entries()) {
    const system = await bootSystem(target, options);
    const dependencies = new Dependencies(file, target, choices[i] ?? { path: '' }, options);
    const needs = options.withDependencies ? await dependencies.loadOnto(system) : null;
    const settings = {
      flags: forceFlags(options),
      initResult: options.initResult,
      ...(options.syscall ? { syscall: options.syscall } : {}),
    };
    const result = options.syscall
      ? withLine(tool, system.insmod(file, args, settings))
      : insmodAs(tool, system, target, file, args, settings);
    next.push(system.next(file, result, args, settings));
    results.push(needs ? { ...withNeeds(result, needs), needs: needs.loaded } : result);
    if (options.format !== 'text') continue;
    const missed = needs ? null : await dependencies.missedBy(result);
    dependencies.tell(needs, missed);
    misses.push(missed);
  }
  if (options.format === 'json') printJson(await located(results, next, path, file.bytes));
  else if (options.format === 'sarif') await sarif(await located(results, next, path, file.bytes), path);
  else {
    // Explanations are a tenth of the program.
    const explained = options.explain ? await import('./explainResult') : null;
    const names = kernelNames(
      results.map(({ kernel: { release } }, i) => ({ release, target: choices[i]?.path ?? '' })),
    );
    printText(results, names, explained && ((result, i) => explained.printExplanations(result, misses[i] ?? null)));
    tellNext(names, next);
    hint(results, options);
  }
  leaveWith(exitStatus(results));
}

/** On a terminal only: a program that reads the log gets the log alone. */
function hint(results: readonly LoadResult[], { explain = false }: InsmodOptions): void {
  if (explain || !process.stdout.isTTY || !results.some(({ verdict }) => verdict === 'refused')) return;
  complain('--explain adds the cause and what helps');
}

/** Lines of one kernel that are shown of what would come next. */
const MOST_NEXT = 5;

/** On standard error, since no kernel says it: what else is wrong with a module that is refused as a whole. */
function tellNext(names: readonly string[], next: readonly (NextResult | null)[]): void {
  for (const [i, name] of names.entries()) {
    const findings = next[i]?.findings ?? [];
    const where = names.length > 1 ? ` on ${name}` : '';
    for (const { message } of findings.slice(0, MOST_NEXT)) complain(`would come next${where}: ${message}`);
    if (findings.length > MOST_NEXT)
      complain(`would come next${where}: ${findings.length - MOST_NEXT} more (--format json)`);
  }
}
