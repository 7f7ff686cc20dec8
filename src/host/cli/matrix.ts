// insmod-lens matrix: modules against kernels, the first failing check in each cell.
import nodePath from 'node:path';
import { Option, type Command } from 'commander';
import { openTarget, type KernelFacts } from '../../index';
import { openObject } from '../../formats/ko/objectFile';
import { cellOf, withSource } from '../../report/matrix/cellOf';
import { compareSymbols } from '../../report/matrix/sourceComparison';
import type { Matrix, MatrixCell, MatrixRow } from '../../report/matrix/types';
import type { TargetChoice } from '../../protocol/analysis';
import { inModule } from '../node/check/baseline';
import { withNeeds } from '../node/needs/withNeeds';
import { Dependencies } from './dependencies';
import { exitStatus, leaveWith } from './exitStatus';
import { kernelNames } from './kernelNames';
import { printMarkdown, printMatrix } from './printMatrix';
import { printNotChecked, writeJson } from './printResult';
import { shownPath } from './shownPath';
import { addTargetOptions, bootSystem, targetChoices, tellUnjudged, type TargetOptions } from './targetOptions';
import { readModule } from '../node/decompress';
import { requireFile } from '../node/files';

interface MatrixOptions extends TargetOptions {
  readonly source?: boolean;
  readonly refused?: boolean;
  readonly format: 'text' | 'json' | 'sarif' | 'markdown';
}

export function registerMatrix(program: Command): void {
  addTargetOptions(
    program
      .command('matrix')
      .description('show which modules would load on which kernels, and the first check that fails elsewhere')
      .argument('<module...>', 'built modules (.ko, .ko.xz, .ko.zst, .ko.gz)'),
  )
    .option(
      '--source',
      'ask whether the source fits: compare all symbols with each kernel, and leave out what a build for it settles',
    )
    .option('--refused', 'show only modules that a kernel refuses')
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json', 'sarif', 'markdown']).default('text'),
    )
    .action(matrix);
}

interface OpenKernel {
  readonly choice: TargetChoice;
  readonly facts: KernelFacts;
}

async function matrix(paths: readonly string[], options: MatrixOptions): Promise<void> {
  // Fetching kernels takes long, so wrong paths are reported first.
  for (const path of paths) requireFile(path);
  const choices = new Map<string, TargetChoice>();
  for (const path of paths) for (const choice of targetChoices(options, path)) choices.set(choice.path, choice);
  const kernels: OpenKernel[] = [];
  for (const choice of choices.values()) {
    const { path, modules } = choice;
    kernels.push({ choice, facts: await openTarget(path, modules === undefined ? {} : { modules }) });
  }
  tellUnjudged(kernels.map(({ facts }) => facts));
  const asked = kernels.map(({ choice, facts: { release, arch } }) => ({ release, arch, target: choice.path }));
  const names = kernelNames(asked);
  const rows: MatrixRow[] = [];
  const said = new Set<string>();
  for (const path of paths) rows.push(await rowOf(path, kernels, names, options, said));
  const whole: Matrix = {
    schema: 1,
    kernels: asked,
    modules: options.refused === true ? rows.filter(({ cells }) => !cells.every(isGood)) : rows,
  };
  await print(whole, options.format);
  leaveWith(exitStatus(rows.flatMap(({ cells }) => cells.map(answerOf))));
}

/** @param said notes that were printed already: each is printed once for a kernel, not again for every module */
async function rowOf(
  path: string,
  kernels: readonly OpenKernel[],
  names: readonly string[],
  options: MatrixOptions,
  said: Set<string>,
): Promise<MatrixRow> {
  const file = await readModule(path);
  const object = openObject(file.bytes);
  const cells: MatrixCell[] = [];
  let name = nodePath.basename(path).replace(/\.ko(?:\.\w+)?$/, '');
  for (const [i, { choice, facts }] of kernels.entries()) {
    const system = await bootSystem(facts, options);
    const needs = await new Dependencies(file, facts, choice, options).loadOnto(system);
    // Before it is loaded itself: its own exports are none that it could import.
    const symbols = options.source === true && object ? compareSymbols(object, system) : null;
    const result = system.insmod(file);
    const whole = needs ? { ...withNeeds(result, needs), needs: needs.loaded } : result;
    if (options.format === 'text') printNotChecked(whole, ` on ${names[i] ?? facts.release}`, said);
    const cell = cellOf(whole, system.next(file, result));
    cells.push(symbols ? withSource(cell, symbols) : cell);
    if (result.module.name !== '') ({ name } = result.module);
  }
  return { name, path: shownPath(path), cells };
}

/** With --source, a module that a build would mend counts as one that loads. */
function answerOf({ verdict, errno, source }: MatrixCell): Pick<MatrixCell, 'verdict' | 'errno'> {
  if (!source) return { verdict, errno };
  return source.fits ? { verdict: 'loads', errno: 0 } : { verdict: 'refused', errno };
}

const isGood = (cell: MatrixCell): boolean => exitStatus([answerOf(cell)]) === 0;

async function print(matrix: Matrix, format: MatrixOptions['format']): Promise<void> {
  if (format === 'json') writeJson(matrix);
  else if (format === 'markdown') printMarkdown(matrix);
  else if (format === 'sarif') await printFindings(matrix);
  else printMatrix(matrix);
}

async function printFindings({ kernels, modules }: Matrix): Promise<void> {
  const { printSarif } = await import('./printSarif');
  printSarif(
    kernels.map((kernel, i) => ({
      kernel,
      unreadable: [],
      findings: modules.flatMap(({ name, path, cells }) =>
        (cells[i]?.findings ?? []).map(finding => inModule(finding, name, path)),
      ),
    })),
  );
}
