// Modules of one tree, checked as `check` does, against the library: each module on a machine of its own, after what it needs.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ColumnBuilder } from '../../src/graph/tree/columns';
import { Examiner, type Verdict } from '../../src/graph/tree/examine';
import { dependenciesOf, linkTree, type TreeLinks } from '../../src/graph/tree/linkTree';
import type { LoadTask } from '../../src/host/node/check/job';
import { Loader } from '../../src/host/node/check/loading';
import { verifyPkcs7 } from '../../src/host/node/lazyPkcs7';
import { System } from '../../src/index';
import { BootedKernel } from '../../src/linux/kernel/module/bootedKernel';
import type { Kernel } from '../../src/linux/kernel/module/types';
import { toResult } from '../../src/report/result';
import type { KernelFacts } from '../../src/target/types';
import { reported } from './examined';

/** How many modules were answered in which way. */
export interface GroupCounts {
  /** Bound to modules of the group, and taken without asking the loader. */
  linked: number;
  passes: number;
  answered: number;
  /** The loader was asked, with what it knew of the dependencies. */
  asked: number;
}

export class GroupChecker {
  readonly counts: GroupCounts = { linked: 0, passes: 0, answered: 0, asked: 0 };
  private readonly kernel: Kernel;
  private readonly examiner: Examiner;
  private readonly loader: Loader;
  private groups = 0;

  /** @param directory for the files of modules that the loader is asked about; removed and made as needed */
  constructor(
    private readonly facts: KernelFacts,
    private readonly directory: string,
  ) {
    this.kernel = new BootedKernel(facts);
    this.examiner = new Examiner(this.kernel, verifyPkcs7, { cmdline: '', relocations: true });
    this.loader = new Loader([facts], '');
  }

  /** Where the two answers differ, a line for each module. */
  async compare(files: readonly Uint8Array[]): Promise<string[]> {
    // The loader knows files by their paths: every group has its own.
    const number = this.groups++;
    const paths = files.map((_, i) => path.join(this.directory, `${number}-${i}.ko`));
    const builder = new ColumnBuilder(this.kernel.names);
    const answers = files.map((bytes, i) => this.examine(bytes, i, paths[i] ?? '', builder));
    const links = linkTree([builder.columns()], files.length, this.kernel.features);
    // Files are there only for the loader of `check`.
    const isAsked = answers.some((answer, i) => answer === null && links.passes[i] !== 1);
    if (isAsked) mkdirSync(this.directory, { recursive: true });
    try {
      if (isAsked) for (const [i, bytes] of files.entries()) writeFileSync(paths[i] ?? '', bytes);
      const wrong: string[] = [];
      for (const [i, answer] of answers.entries()) {
        const expected = this.loaded(files, paths, dependenciesOf(links.needs, i), i);
        const got = answer ?? (links.passes[i] === 1 ? null : await this.asked(links, paths, i));
        if (answer !== null) this.counts.answered++;
        else if (got !== null) this.counts.asked++;
        else if (links.needs.of(i).length > 0) this.counts.linked++;
        else this.counts.passes++;
        if (got === null ? !expected.isQuiet : got !== expected.text)
          wrong.push(`m${i}: ${got ?? 'passes'} is not ${expected.text}`);
      }
      return wrong;
    } finally {
      if (isAsked) for (const file of paths) rmSync(file, { force: true });
    }
  }

  /** The answer where it is final already. */
  private examine(bytes: Uint8Array, number: number, file: string, builder: ColumnBuilder): string | null {
    const verdict: Verdict = this.examiner.examine(bytes);
    if (verdict.kind === 'passes') {
      builder.add(number, verdict.examined, true);
      return null;
    }
    builder.add(number, this.examiner.needsOf(verdict, bytes, file), false);
    return verdict.kind === 'open' ? null : reported(toResult(verdict.load, verdict.outcome, file));
  }

  /** As check asks the loader: dependencies are taken from the machines on which they were loaded. */
  private async asked({ needs, clashes }: TreeLinks, paths: readonly string[], module: number): Promise<string> {
    const order = dependenciesOf(needs, module);
    const dependencies = order.map(needed => ({
      path: paths[needed] ?? '',
      needs: Array.from(needs.of(needed)).flatMap(other => (order.includes(other) ? order.indexOf(other) : [])),
    }));
    const apart = order.some(needed => clashes[needed] === 1);
    const task: LoadTask = { target: 0, module, path: paths[module] ?? '', dependencies, listed: [], apart };
    return reported(await this.loader.load(task));
  }

  private loaded(
    files: readonly Uint8Array[],
    paths: readonly string[],
    dependencies: readonly number[],
    module: number,
  ): { readonly text: string; readonly isQuiet: boolean } {
    const system = new System(this.facts);
    const load = (i: number) => system.insmod({ path: paths[i] ?? '', bytes: files[i] ?? new Uint8Array() });
    for (const needed of dependencies) load(needed);
    const result = load(module);
    const said = result.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
    return { text: reported(result), isQuiet: result.errno === 0 && said.length === 0 };
  }
}
