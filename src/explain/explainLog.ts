// Reading a paste as a whole: what its lines say, module by module, and the one cause behind them.
import { english, type Translate } from '../findings/words';
import type { CauseId } from './causes';
import { groupBy } from '../formats/groupBy';
import { addDriverWords } from './driverWords';
import { isFailure, isOfTool, type Explained, type ExplainedTool } from './explained';
import { gather, gatherTools } from './gather';
import { readLog } from './readLog';
import { settle } from './settle';
import { systemOf } from './systems';

export interface LogExplanation {
  /** What the paste comes down to; null where no line is known. */
  readonly main: Explained | ExplainedTool | null;
  /** Whether a line says that a module was refused or crashed. A log never says that one works. */
  readonly failed: boolean;
  /** By module, the one of the main cause first; notes last, for they look like failures and are none. */
  readonly entries: readonly Explained[];
  readonly tools: readonly ExplainedTool[];
  /** Known lines that are in no entry: hundreds of others have the same cause. */
  readonly omittedLines: number;
  /** How many lines are in no table. */
  readonly unknownLines: number;
  /** The first of them. */
  readonly unknown: readonly string[];
}

/** Reads a piece of a kernel log, as pasted; explanations are in the language of `t`. Never throws. */
export function explainLog(text: string, t: Translate = english): LogExplanation {
  const { seen, tools: toolLines, omittedLines: unread, unknown, unknownLines } = readLog(text);
  const system = systemOf(text);
  const { entries, omittedLines } = gather(seen, t, system);
  const { entries: tools, omittedLines: omittedToolLines } = gatherTools(toolLines, t, system);
  settle(entries, tools, t);
  addDriverWords(text, entries, tools, t);
  const main = mainOf(entries, tools);
  const failed = [...entries, ...tools].some(isFailure);
  return {
    main,
    failed,
    entries: ordered(entries, main),
    tools,
    omittedLines: unread + omittedLines + omittedToolLines,
    unknown,
    unknownLines,
  };
}

/** Say less than another line may. */
const WEAK: ReadonlySet<CauseId | null> = new Set<CauseId>([
  'symbolRejected',
  'crash',
  'oldKey',
  'missingTable',
  'featureMissing',
  'installer',
  'driverMissing',
  'modulesLoadName',
  // A user who is not root gets this line too, and then the missing rights are the cause.
  'inUse',
  // What scripts print while they remove an older module first.
  'notLoaded',
]);

/** A module that was never built is not found either. */
const FOLLOWS: ReadonlySet<CauseId | null> = new Set<CauseId>([
  'notFound',
  'otherName',
  'dangling',
  'dkms',
  'akmods',
  'compileError',
]);
/** Why it was not built, the surest first. */
const BUILDS: readonly CauseId[] = [
  'buildTool',
  'noDkms',
  'compilerOption',
  'dkmsExcluded',
  'headers',
  'noTree',
  'unprepared',
  'compileError',
  'dkms',
  'akmods',
  'dkmsAdded',
];

/** The first line that refuses explains what follows it; a tool's line only where the kernel says nothing. */
function mainOf(entries: readonly Explained[], tools: readonly ExplainedTool[]): Explained | ExplainedTool | null {
  const failures = entries.filter(isFailure);
  const toolFailures = tools.filter(isFailure);
  const beforeLoad = toolFailures.find(({ cause }) => cause !== null && !WEAK.has(cause));
  return (
    failures.find(({ cause }) => !WEAK.has(cause)) ??
    (beforeLoad && FOLLOWS.has(beforeLoad.cause) ? whyNotBuilt(tools) : undefined) ??
    beforeLoad ??
    failures[0] ??
    toolFailures.find(({ errno }) => errno !== null) ??
    toolFailures[0] ??
    entries.find(({ effect, cause }) => effect === 'objection' && cause !== 'kernelWarning') ??
    entries.find(({ effect }) => effect === 'objection') ??
    tools.find(({ effect }) => effect === 'objection') ??
    entries[0] ??
    tools[0] ??
    null
  );
}

const whyNotBuilt = (tools: readonly ExplainedTool[]): ExplainedTool | undefined =>
  BUILDS.flatMap(build => tools.find(({ cause }) => cause === build) ?? [])[0];

function ordered(entries: readonly Explained[], main: Explained | ExplainedTool | null): Explained[] {
  const notes = entries.filter(({ effect }) => effect === 'note');
  const others = entries.filter(entry => entry !== main && entry.effect !== 'note');
  const modules = groupBy(others, ({ module }) => module);
  const first = main?.module ?? null;
  const grouped = [first, ...[...modules.keys()].filter(module => module !== first)].flatMap(
    module => modules.get(module) ?? [],
  );
  const isEntry = main !== null && !isOfTool(main) && main.effect !== 'note';
  return [...(isEntry ? [main] : []), ...grouped, ...notes];
}
