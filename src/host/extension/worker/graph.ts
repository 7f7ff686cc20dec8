// The graph of a target's modules: answered with what is known, while the rest is read in the background.
import { note, ReasonedError } from '../../../findings/notes';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeUtf8 } from '../../../formats/bytes/strings';
import type { EdgeSymbol, GraphModule } from '../../../graph/types';
import type { KernelFacts } from '../../../target/types';
import { hexCrc } from '../../../formats/bytes/hex';
import { GraphIndex } from '../../node/graphIndex';
import { modulesDirectory, openChoice } from '../../node/openChoice';
import type { TargetChoice } from '../../../protocol/analysis';
import type {
  GraphModel,
  GraphOverview,
  GraphProgressModel,
  GraphRequest,
  GraphScope,
  GraphSymbol,
} from '../../../protocol/graph';
import type { WorkerEvent } from '../../../protocol/worker';
import { targetsFor } from './withTargets';

type Listener = (event: WorkerEvent) => void;

let listener: Listener = () => undefined;

export function onGraphProgress(report: Listener): void {
  listener = report;
}

export async function graph(request: GraphRequest): Promise<GraphModel> {
  const { index, facts } = await indexFor(request);
  const find = (is: (module: GraphModule) => boolean): GraphModule | undefined => index.graphOn(facts).modules.find(is);
  let { name = '' } = request;
  const path = request.path ?? find(module => module.name === name)?.path ?? null;
  if (path !== null) {
    // What is looked at is read before its turn, and may turn out to have another name than its file.
    await index.readFile(path);
    name = find(module => module.path === path)?.name ?? name;
  }
  const { focus, nodes, edges, truncated } = index.graphOn(facts).neighbourhood(name, request);
  return {
    release: facts.release,
    focus,
    nodes: nodes.map(node => ({ ...node, name: decodeUtf8(node.name) })),
    edges: edges.map(edge => ({ ...edge, symbols: edge.symbols.map(symbolModel) })),
    truncated,
    unreadable: index.unreadable,
    complete: index.complete,
    progress: index.progress,
  };
}

export async function graphOverview(scope: GraphScope): Promise<GraphOverview> {
  const { index, facts } = await indexFor(scope);
  const { modules, ...columns } = index.graphOn(facts).overview();
  return {
    release: facts.release,
    names: modules.map(({ name }) => decodeUtf8(name)),
    paths: modules.map(({ path }) => path),
    ...columns,
    unreadable: index.unreadable,
    complete: index.complete,
    progress: index.progress,
  };
}

function symbolModel(symbol: EdgeSymbol): GraphSymbol {
  return {
    ...symbol,
    name: decodeUtf8(symbol.name),
    namespace: symbol.namespace === null ? null : decodeUtf8(symbol.namespace),
    wanted: hexCrc(symbol.wanted),
    found: hexCrc(symbol.found),
  };
}

/** One target that was asked about, and the reading of its modules that is on its way. */
interface Kept {
  readonly index: GraphIndex;
  reading: { readonly files: string; readonly abort: AbortController } | null;
  /** When the last reading ended. */
  readAt: number;
}

/** Targets that were asked about last, the newest at the end. */
const kept = new Map<string, Kept>();
const MOST_KEPT = 4;
/** How long the first answer waits, in milliseconds: modules of a workspace alone are read in that time. */
const PATIENCE = 50;
/** For how long the target's own modules are taken for unchanged, in milliseconds. Those of a workspace never are. */
const FRESH = 3000;

async function indexFor(scope: GraphScope): Promise<{ index: GraphIndex; facts: KernelFacts }> {
  const target = scope.target ?? targetsFor([], scope.path)[0];
  if (!target) throw new ReasonedError(note('no-target'));
  const facts = await openChoice(target);
  const entry = keep(target);
  const { index } = entry;
  const given = givenFiles(scope, index, facts);
  const files = given.join('\0');
  if (entry.reading?.files !== files) {
    entry.reading?.abort.abort();
    entry.reading = null;
  }
  if (!entry.reading) await Promise.race([start(target, entry, given), wait(PATIENCE)]);
  return { index, facts };
}

/** What is looked at stands before another module of its name, and otherwise where it is anyway: little has to change. */
function givenFiles({ path, known }: GraphScope, index: GraphIndex, facts: KernelFacts): readonly string[] {
  index.setGiven(known);
  if (path === null || index.graphOn(facts).modules.some(module => module.path === path)) return known;
  const given = [path, ...known];
  index.setGiven(given);
  return given;
}

function keep(target: TargetChoice): Kept {
  const key = JSON.stringify([target.path, target.modules ?? null]);
  const entry = kept.get(key) ?? { index: new GraphIndex(modulesDirectory(target)), reading: null, readAt: -Infinity };
  kept.delete(key);
  // One target is read at a time: what is looked at now comes before what was looked at.
  for (const other of kept.values()) {
    other.reading?.abort.abort();
    other.reading = null;
  }
  kept.set(key, entry);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return entry;
}

/** Brings the index up to date; the promise, which never rejects, says when it is. */
function start(target: TargetChoice, entry: Kept, given: readonly string[]): Promise<void> {
  const { index } = entry;
  const isFresh = index.complete && performance.now() - entry.readAt < FRESH;
  const abort = new AbortController();
  const { signal } = abort;
  const report = ({ read, total }: GraphProgressModel): void =>
    listener({ kind: 'graph-progress', path: target.path, read, total });
  const run = async (): Promise<void> => {
    const wasComplete = index.complete;
    const isOther = !isFresh && (await index.list(signal));
    if (isOther) report(index.progress);
    const news = await index.read(report, signal, isFresh ? given : undefined);
    if (signal.aborted) return;
    entry.reading = null;
    if (!isFresh) entry.readAt = performance.now();
    // Whoever was told that more is to come hears that all is there.
    if (news || isOther || !wasComplete) report(index.progress);
  };
  entry.reading = { files: given.join('\0'), abort };
  return run();
}
