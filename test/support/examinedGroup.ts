// Modules of one tree, checked as `check` does, against the library: each module on a machine of its own, after what it needs.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { ColumnBuilder } from '../../src/graph/tree/columns';
import { Examiner, type Verdict } from '../../src/graph/tree/examine';
import { dependenciesOf, linkTree, type TreeLinks } from '../../src/graph/tree/linkTree';
import type { LoadTask } from '../../src/host/node/check/job';
import { newUnpackBudget } from '../../src/host/node/check/unpackBudget';
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

/** What the library says of a module. */
interface Loaded {
  readonly text: string;
  /** It loads, and there is no error and no warning. */
  readonly isQuiet: boolean;
}

export class GroupChecker {
  readonly counts: GroupCounts = { linked: 0, passes: 0, answered: 0, asked: 0 };
  private readonly kernel: Kernel;
  private readonly examiner: Examiner;
  private readonly loader: Loader;
  /** What the library said before, by the bytes of the module and those of what it needs. */
  private readonly known = new Map<string, Loaded>();
  private groups = 0;

  /** @param directory for the files of modules that the loader is asked about; made as needed */
  constructor(
    private readonly facts: KernelFacts,
    private readonly directory: string,
  ) {
    this.kernel = new BootedKernel(facts);
    this.examiner = new Examiner(this.kernel, verifyPkcs7, { cmdline: '', relocations: true });
    this.loader = new Loader([facts], '', newUnpackBudget());
  }

  /** Where the two answers differ, a line for each module. */
  async compare(files: readonly Uint8Array[]): Promise<string[]> {
    // The loader knows files by their paths: every group has its own.
    const paths = files.map((_, i) => `${spelled(this.directory, this.groups)}/m${i}.ko`);
    this.groups++;
    const builder = new ColumnBuilder(this.kernel.names);
    const answers = files.map((bytes, i) => this.examine(bytes, i, paths[i] ?? '', builder));
    const links = linkTree([builder.columns()], files.length, this.kernel.features);
    // Files are there only for the loader of `check`.
    const isAsked = answers.some((answer, i) => answer === null && links.passes[i] !== 1);
    if (isAsked) {
      mkdirSync(this.directory, { recursive: true });
      for (const [i, bytes] of files.entries()) writeFileSync(paths[i] ?? '', bytes);
    }
    const digests = files.map(bytes => createHash('sha1').update(bytes).digest('base64'));
    const wrong: string[] = [];
    for (const [i, answer] of answers.entries()) {
      const order = dependenciesOf(links.needs, i) ?? [];
      const key = [...order, i].map(each => `${each} ${digests[each]}`).join();
      const expected = this.known.get(key) ?? this.loaded(files, paths, order, i);
      this.known.set(key, expected);
      const got = answer ?? (links.passes[i] === 1 ? null : await this.asked(links, paths, i));
      if (answer !== null) this.counts.answered++;
      else if (got !== null) this.counts.asked++;
      else if (order.length > 0) this.counts.linked++;
      else this.counts.passes++;
      if (got === null ? !expected.isQuiet : got !== expected.text)
        wrong.push(`m${i}: ${got ?? 'passes'} is not ${expected.text}`);
    }
    return wrong;
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
    const order = dependenciesOf(needs, module) ?? [];
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
  ): Loaded {
    const system = new System(this.facts);
    const load = (i: number) => system.insmod({ path: paths[i] ?? '', bytes: files[i] ?? new Uint8Array() });
    for (const needed of dependencies) load(needed);
    const result = load(module);
    const said = result.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
    return { text: reported(result), isQuiet: result.errno === 0 && said.length === 0 };
  }
}

/** A directory by another of its names each time: every binary digit of the number is a `/.` or a `/`. */
function spelled(directory: string, number: number): string {
  return directory + [...number.toString(2)].map(digit => (digit === '1' ? '/.' : '/')).join('');
}
