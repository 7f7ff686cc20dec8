// The search through the inputs of one target: mutate what is worth it, run it, keep what took a new branch.
import { Branches } from './branches';
import { corpusDir, inputsIn, keptDir, readInstrumented, saveInput, type Instrumented } from './files';
import { havoc, type Material } from './mutate';
import { Random } from './random';
import type { Shared } from './shared';
import { ABOUT_A_SECOND, beginTime, costOfTime, cpuTime } from '../../support/cost';
import { MOST_MEMORY, WORTH_A_LOOK, type Failure, type FuzzTarget, type Input, type Tally } from './types';

export interface Search {
  readonly seed: number;
  /** Ends after so many runs, or when so much CPU time is used; in milliseconds. */
  readonly runs: number;
  readonly milliseconds: number;
  /** Goes on where earlier searches ended, and lets later ones go on. */
  readonly remember: boolean;
  /** Mutates nothing but the inputs it started from. */
  readonly fresh: boolean;
}

export async function explore(
  target: FuzzTarget,
  search: Search,
  shared: Shared,
  fail: (failure: Failure) => void,
  tell: (soFar: Tally) => void = () => undefined,
): Promise<Tally> {
  const instrumented = readInstrumented();
  const branches = new Branches(instrumented.branches);
  const random = new Random(search.seed);
  const until = cpuTime() + search.milliseconds;
  const runner = new Runner(target, branches, shared, fail);
  const queue: Found[] = [];
  const given = [...target.seeds(), ...storedInputs(target, search.remember)];
  for (const input of given) {
    if (queue.length > 0 && cpuTime() > until) break;
    if (await runner.run(input)) queue.push({ input, milliseconds: runner.last });
  }
  if (queue.length === 0) queue.push({ input: given[0] ?? new Uint8Array(), milliseconds: 0 });
  const started = queue.length;
  const material = materialOf(target, instrumented, () => random.pick(queue).input);
  const tally = (): Tally => {
    const { runs, slowest, growth } = runner;
    return { runs, branches: branches.taken, kept: queue.length - started, slowest, growth };
  };
  for (let told = cpuTime(); runner.runs < search.runs && cpuTime() < until;) {
    // A long search that is ended from outside has said what it came to.
    if (cpuTime() - told > BETWEEN_NEWS) {
      told = cpuTime();
      tell(tally());
    }
    const input = mutant(target, chooseFrom(queue, random), random, material);
    if (!(await runner.run(input)) || search.fresh) continue;
    queue.push({ input, milliseconds: runner.last });
    if (search.remember) saveInput(keptDir(target.name), input);
  }
  return tally();
}

/** In milliseconds. */
const BETWEEN_NEWS = 60_000;

function storedInputs({ name }: FuzzTarget, remember: boolean): Input[] {
  return [...inputsIn(corpusDir(name)), ...(remember ? inputsIn(keptDir(name)) : [])];
}

/** An input worth mutating. */
interface Found {
  readonly input: Input;
  readonly milliseconds: number;
}

/** Half of the time one of the latest finds; mostly the quicker of two, or slow ones would take all the time. */
function chooseFrom(queue: readonly Found[], random: Random): Input {
  const latest = Math.max(1, queue.length >> 2);
  const from = random.oneIn(2) ? queue : queue.slice(-latest);
  const [one, other] = [random.pick(from), random.pick(from)];
  return (random.oneIn(4) || one.milliseconds < other.milliseconds ? one : other).input;
}

function mutant(target: FuzzTarget, input: Input, random: Random, material: Material): Input {
  const own = target.mutate && !random.oneIn(3) ? target.mutate(input, random) : null;
  return own && random.oneIn(4)
    ? havoc(own, random, material, target.longest)
    : (own ?? havoc(input, random, material, target.longest));
}

function materialOf(target: FuzzTarget, { words, numbers }: Instrumented, other: () => Input): Material {
  const encoded = [...words, ...(target.words ?? [])].map(word => new Uint8Array(Buffer.from(word, 'latin1')));
  // The words of a target are few among those of the code, and say more.
  const own = (target.words ?? []).flatMap(word =>
    Array<Uint8Array>(16).fill(new Uint8Array(Buffer.from(word, 'latin1'))),
  );
  return { words: [...encoded, ...own], numbers, other };
}

/** Runs inputs and holds every run against the limits. */
class Runner {
  runs = 0;
  slowest = 0;
  growth = 0;
  /** How long the last run took, in milliseconds. */
  last = 0;
  /** Of the process before the next run; asking costs more than a short run takes. */
  private memory = process.memoryUsage.rss();
  /** How often something failed alike. */
  private readonly known = new Map<string, number>();

  constructor(
    private readonly target: FuzzTarget,
    private readonly branches: Branches,
    private readonly shared: Shared,
    private readonly fail: (failure: Failure) => void,
  ) {}

  /** Whether the input is worth keeping. One that fails is not: it would be found again and again. */
  async run(input: Input): Promise<boolean> {
    this.branches.reset();
    const { exception, milliseconds, growth } = await this.once(input);
    const fresh = this.branches.isNew();
    if (exception !== null) return this.failed('exception', exception, input);
    this.growth = Math.max(this.growth, growth);
    if (growth > MOST_MEMORY) return this.failed('memory', `${growth >> 20} MiB`, input);
    const time = milliseconds > WORTH_A_LOOK ? await this.again(input, milliseconds) : milliseconds;
    this.slowest = Math.max(this.slowest, time);
    if (time > WORTH_A_LOOK && costOfTime(time) > ABOUT_A_SECOND)
      return this.failed('time', `${Math.round(time)} ms`, input);
    return fresh;
  }

  private failed(kind: Failure['kind'], detail: string, input: Input): false {
    // Where an exception came from tells it apart; of what takes too long some examples will do.
    const key = kind === 'exception' ? detail.split('\n').slice(1, 4).join('\n') : kind;
    const before = this.known.get(key) ?? 0;
    this.known.set(key, before + 1);
    if (before < (kind === 'exception' ? 1 : 5)) this.fail({ target: this.target.name, kind, detail, input });
    return false;
  }

  /** The quickest of three runs counts: the first may have waited for a compiler. */
  private async again(input: Input, first: number): Promise<number> {
    let quickest = first;
    for (let i = 0; i < 2; i++) quickest = Math.min(quickest, (await this.once(input)).milliseconds);
    return quickest;
  }

  private async once(input: Input): Promise<{ exception: string | null; milliseconds: number; growth: number }> {
    this.shared.begin(input, this.memory);
    const time = beginTime();
    let exception: string | null = null;
    try {
      // A copy, so that nothing lies behind the input that could be read by mistake.
      const pending = this.target.run(Uint8Array.from(input));
      if (pending) await pending;
    } catch (error) {
      exception = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const milliseconds = time();
    this.last = milliseconds;
    this.shared.end();
    this.runs++;
    const before = this.memory;
    if (milliseconds > 1 || this.runs % 256 === 0) this.memory = process.memoryUsage.rss();
    return { exception, milliseconds, growth: this.memory - before };
  }
}
