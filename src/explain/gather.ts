// Lines on the same thing become one entry; a tool's errno and a consequence decide what a line alone leaves open.
import { english, type Translate } from '../findings/words';
import { CAUSES, type CauseId } from './causes';
import { adviceOnErrno } from './causes/errnos';
import { safe, type Advice, type Told } from './causes/types';
import type { Explained, ExplainedTool } from './explained';
import type { Seen, SeenTool } from './readLog';
import { explanationOf } from './matchLine';
import { isOfImage, providerOf } from './providers';
import { buildHint, onSystem, type System } from './systems';
import { causesOf } from './toolLine';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface Entry extends Writable<Explained> {
  symbols: string[];
  lines: string[];
}

/**
 * Lines "Unknown symbol": they follow from another on the same symbol where there is one. All of a module are one entry,
 * and of its symbols those decide that leave the least choice, first here.
 */
const CONSEQUENCES: readonly (CauseId | null)[] = [
  'gotSymbol',
  'programSymbol',
  'thunkSymbol',
  'compilerSymbol',
  'divisionSymbol',
  'symbolOfImage',
  'symbolOfModule',
  'ownSymbol',
  'symbolMissing',
  'symbolRejected',
] satisfies readonly CauseId[];

const isConsequence = ({ cause }: Seen): boolean => CONSEQUENCES.includes(cause);

/** More lines on one thing than anyone reads, and more things with one cause. */
const MOST_LINES = 200;
const MOST_OF_ONE_CAUSE = 200;

/** Makes entries up to the limit, and counts the lines that would need another. */
class Limited {
  omittedLines = 0;
  private readonly counts = new Map<string, number>();

  /** Whether a line may have a new entry. */
  admits(kind: string): boolean {
    const count = this.counts.get(kind) ?? 0;
    if (count >= MOST_OF_ONE_CAUSE) this.omittedLines++;
    else this.counts.set(kind, count + 1);
    return count < MOST_OF_ONE_CAUSE;
  }
}

export interface Gathered<T> {
  readonly entries: T[];
  /** Lines without an entry, because too many others have the same cause. */
  readonly omittedLines: number;
}

/** One entry for each module and cause; consequences go to what they follow from, wherever it stands. */
export function gather(seen: readonly Seen[], t: Translate = english, system: System | null = null): Gathered<Entry> {
  const limited = new Limited();
  const entries = new Map<string, Entry>();
  const bySymbol = new Map<string, Entry>();
  const firsts = new Map<Entry, number>();
  const put = (line: Seen, first: number): void => {
    const { module = null, symbol = null } = line.told;
    const about = `${module ?? ''} ${symbol ?? ''}`;
    // Some kernels name no module where they object to a version.
    const cause = isConsequence(line) ? (bySymbol.get(about) ?? bySymbol.get(` ${symbol ?? ''}`)) : undefined;
    if (cause) cause.module ??= module;
    const key = isConsequence(line)
      ? `${module ?? ''} Unknown symbol ${line.cause === 'symbolRejected'}`
      : `${module ?? ''} ${line.cause ?? ''} ${line.codes.join()}`;
    let entry = cause ?? entries.get(key);
    if (!entry) {
      if (!limited.admits(line.cause ?? line.codes.join())) return;
      entry = newEntry(line, t, system);
      firsts.set(entry, first);
      entries.set(key, entry);
    }
    if (cause && line.effect === 'refused') refuse(cause);
    if (!cause && decides(line, entry))
      Object.assign(entry, { ...newEntry(line, t, system), symbols: entry.symbols, lines: entry.lines });
    if (entry.lines.length < MOST_LINES && !entry.lines.includes(line.message)) entry.lines.push(line.message);
    if (symbol === null) return;
    if (entry.symbols.length < MOST_LINES && !entry.symbols.includes(symbol)) entry.symbols.push(symbol);
    if (line.effect !== 'note' && !isConsequence(line)) bySymbol.set(about, entry);
  };
  for (const later of [false, true])
    for (const [i, line] of seen.entries()) if (isConsequence(line) === later) put(line, i);
  const proprietary = new Set(
    seen.flatMap(({ message }) => /^(\S+): module license '.*' taints kernel/.exec(message)?.[1] ?? []),
  );
  for (const entry of firsts.keys()) {
    nameProviders(entry, t);
    blameLicense(entry, proprietary, t);
  }
  const joined = joinModpost(joinBtf([...firsts.keys()]), t).sort(
    (a, b) => (firsts.get(a) ?? 0) - (firsts.get(b) ?? 0),
  );
  return { entries: joined, omittedLines: limited.omittedLines };
}

const decides = (line: Seen, { cause }: Entry): boolean =>
  isConsequence(line) && CONSEQUENCES.indexOf(line.cause) < CONSEQUENCES.indexOf(cause);

export const providersOf = (symbols: readonly string[]): string[] => [
  ...new Set(symbols.flatMap(symbol => providerOf(symbol) ?? [])),
];

/** Several modules may be missing at once: one command loads them all. */
function nameProviders(entry: Entry, t: Translate): void {
  if (entry.cause !== 'symbolOfModule') return;
  const providers = providersOf(entry.symbols);
  const told = { module: entry.module ?? undefined, symbol: entry.symbol ?? undefined, providers: providers.join(' ') };
  entry.advice = CAUSES.symbolOfModule.advise(told, t);
}

/** What a license may hide; what compilers and options leave behind is missing for every license. */
const HIDDEN: readonly (CauseId | null)[] = ['symbolOfImage', 'symbolOfModule', 'symbolMissing'];

/** A license line elsewhere in the paste makes another cause likely. */
function blameLicense(entry: Entry, proprietary: ReadonlySet<string>, t: Translate): void {
  if (!HIDDEN.includes(entry.cause) || !entry.advice || !proprietary.has(entry.module ?? '')) return;
  const apart = t(
    'The license of the module is not compatible with the GPL, so symbols exported with EXPORT_SYMBOL_GPL are invisible to it. If Module.symvers lists the symbol like that, the license is the cause. If it does not list the symbol at all, this kernel lacks it: build for this kernel, or use a version of the driver made for it.',
  );
  entry.advice = { ...entry.advice, apart };
  if (entry.cause === 'symbolOfModule') return;
  const symbol = entry.symbol ?? '';
  entry.advice = {
    why: t(
      'The kernel has no symbol {0} for this module: it hides it from a module with this license, or it does not have it.',
      symbol,
    ),
    command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
    apart,
  };
}

/** What the verifier prints of type data stands before the line that names the module. */
function joinBtf(entries: Entry[]): Entry[] {
  const nameless = entries.find(({ cause, module }) => cause === 'btf' && module === null);
  const named = entries.find(({ cause, module }) => cause === 'btf' && module !== null);
  if (!nameless || !named) return entries;
  named.lines.push(...nameless.lines);
  return entries.filter(entry => entry !== nameless);
}

/** Where even the commonest symbols have no exporter, the others have none for the same reason. */
function joinModpost(entries: Entry[], t: Translate): Entry[] {
  for (const entry of entries) {
    // The symbol that leaves the least choice decides.
    const ofImage = entry.cause === 'modpost' ? entry.symbols.find(isOfImage) : undefined;
    if (ofImage !== undefined) entry.advice = CAUSES.modpost.advise({ symbol: ofImage }, t);
  }
  const all = entries.find(({ cause }) => cause === 'modpostAll');
  const some = entries.filter(({ cause }) => cause === 'modpost');
  if (!all || some.length === 0) return entries;
  for (const { lines } of some) all.lines.push(...lines.slice(0, MOST_LINES - all.lines.length));
  return entries.filter(entry => !some.includes(entry));
}

function newEntry(line: Seen, t: Translate, system: System | null): Entry {
  const { codes, cause, effect, severity, told, message } = line;
  const { module = null, symbol = null } = told;
  const advice = cause === null ? null : onSystem(CAUSES[cause].advise(told, t), system, t);
  const explanation = explanationOf(message, cause, t);
  return { codes, cause, effect, severity, module, symbol, symbols: [], lines: [], explanation, advice };
}

export function refuse(entry: Entry): void {
  entry.effect = 'refused';
  entry.severity = 'error';
}

/** One entry for each cause or errno. */
export function gatherTools(
  tools: readonly SeenTool[],
  t: Translate = english,
  system: System | null = null,
): Gathered<Writable<ExplainedTool>> {
  const limited = new Limited();
  const entries = new Map<string, Writable<ExplainedTool> & { lines: string[]; modules: string[] }>();
  for (const { line, errno, cause, told } of tools) {
    // Where only the errno is known, or the words are the same for all, one answer stands for all modules.
    const key = `${cause ?? ''} ${errno ?? ''} ${told.dir ?? ''}`;
    let entry = entries.get(key);
    if (!entry) {
      if (!limited.admits(`${cause ?? ''} ${errno ?? ''}`)) continue;
      entry = {
        lines: [],
        module: told.module ?? null,
        modules: [],
        errno,
        causes: errno === null || cause !== null ? [] : causesOf(errno),
        cause,
        effect: cause === null ? 'refused' : CAUSES[cause].effect,
        advice:
          cause === null ? errnoAdvice(errno, told, t, system) : onSystem(CAUSES[cause].advise(told, t), system, t),
      };
      entries.set(key, entry);
    }
    if (entry.lines.length < MOST_LINES && !entry.lines.includes(line)) entry.lines.push(line);
    if (told.module !== undefined && entry.modules.length < MOST_LINES && !entry.modules.includes(told.module))
      entry.modules.push(told.module);
  }
  return { entries: [...entries.values()], omittedLines: limited.omittedLines };
}

/** "Not built for this kernel" is all that the tool says: how modules get onto the system is what helps. */
function errnoAdvice(errno: number | null, told: Told, t: Translate, system: System | null): Advice {
  const advice = adviceOnErrno(errno, told, t);
  if (errno !== 8 || system === null) return advice;
  return { ...advice, apart: `${buildHint(system, t)} ${advice.apart ?? ''}`.trim() };
}
