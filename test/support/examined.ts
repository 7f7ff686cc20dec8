// A module tried by itself against the same module loaded: where the trial gives an answer, it has to be the loader's.
import { Examiner } from '../../src/graph/tree/examine';
import { ColumnBuilder } from '../../src/graph/tree/columns';
import { linkTree } from '../../src/graph/tree/linkTree';
import { verifyPkcs7 } from '../../src/host/node/lazyPkcs7';
import { System, type LoadResult } from '../../src/index';
import { BootedKernel } from '../../src/linux/kernel/module/bootedKernel';
import type { Kernel } from '../../src/linux/kernel/module/types';
import { toResult } from '../../src/report/result';
import type { KernelFacts } from '../../src/target/types';

export type Agreement =
  /** Nothing was decided. */
  'open' | 'passes' | 'answered' | { readonly wrong: string };

/** Tries modules one after the other with the same tables, as a check does, and loads each for comparison. */
export class ExaminedKernel {
  private readonly kernel: Kernel;
  private readonly examiner: Examiner;

  constructor(private readonly facts: KernelFacts) {
    this.kernel = new BootedKernel(facts);
    this.examiner = new Examiner(this.kernel, verifyPkcs7, { cmdline: '', relocations: true });
  }

  compare(path: string, bytes: Uint8Array): Agreement {
    const verdict = this.examiner.examine(bytes);
    if (verdict.kind === 'open') return 'open';
    if (verdict.kind === 'answered') {
      const expected = reported(new System(this.facts).insmod({ path, bytes }));
      const got = reported(toResult(verdict.load, verdict.outcome, path));
      return got === expected ? 'answered' : { wrong: `${path}: ${got} is not ${expected}` };
    }
    const builder = new ColumnBuilder(this.kernel.names);
    builder.add(0, verdict.examined, true);
    const { passes } = linkTree([builder.columns()], 1, this.kernel.features);
    if (passes[0] !== 1) return 'open';
    const result = new System(this.facts).insmod({ path, bytes });
    const said = result.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
    const same = result.errno === 0 && said.length === 0 && result.module.name === verdict.examined.name;
    return same ? 'passes' : { wrong: `${path} passes, and the loader says ${reported(result)}` };
  }
}

type Reported = Pick<LoadResult, 'verdict' | 'errno' | 'findings' | 'depends'>;

/** What a check reports of a load, as one line. */
export function reported({ verdict, errno, findings, depends }: Reported): string {
  const said = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  return `${verdict} ${errno} [${depends.join()}] ${said.map(({ code, message }) => `${code}: ${message}`).join('; ')}`;
}
