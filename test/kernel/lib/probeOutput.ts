// Reads the JSON lines probe.c writes.
import type { Answer, LogLine, ModuleDump, RmmodStep } from './recording';

/** The answer to one step; `removed` when the step was a removal, which the probe also does on its own. */
export interface ProbeAnswer {
  readonly answer: Answer;
  readonly removed: RmmodStep | null;
}

export interface ProbeCase {
  readonly id: string;
  readonly answers: readonly ProbeAnswer[];
}

export interface ProbeOutput {
  readonly cases: readonly ProbeCase[];
  /** `dirty`: a module could not be removed. `crash`: the machine stopped without a word. */
  readonly end: 'done' | 'dirty' | 'crash';
}

interface ProbeLine {
  readonly op: 'boot' | 'case' | 'insmod' | 'rmmod' | 'dirty' | 'done';
  readonly id?: string;
  readonly name?: string;
  readonly flags?: number;
  readonly errno?: number;
  readonly loaded?: boolean;
  readonly tainted?: number;
  readonly log?: readonly LogLine[];
  readonly dumps?: Readonly<Record<string, ModuleDump>>;
}

/** /dev/kmsg writes bytes outside printable ASCII, and the backslash, as \xNN. */
function unescapeKmsg(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Subsystems that speak up at their own time, whatever is being loaded. */
const BACKGROUND = /^(?:tsc|clocksource|random|input|hrtimer|sched_clock|rcu|perf): |callbacks suppressed$/;

function parseLine(line: string): ProbeLine | null {
  try {
    return JSON.parse(line) as ProbeLine;
  } catch {
    return null; // cut short by a crash
  }
}

function answerOf(line: ProbeLine, taintedBefore: number | undefined): Answer {
  const heard = (line.log ?? []).filter(([, text]) => !BACKGROUND.test(text));
  const log = heard.map(([level, text]): LogLine => [level, unescapeKmsg(text)]);
  return {
    ...(line.errno ? { errno: line.errno } : {}),
    ...(line.loaded ? { loaded: true } : {}),
    ...(log.length > 0 ? { log } : {}),
    ...(line.tainted !== undefined && line.tainted !== taintedBefore ? { tainted: line.tainted } : {}),
    ...(line.dumps ? { dumps: line.dumps } : {}),
  };
}

/** What the probe said in one boot. */
export function parseProbe(output: string): ProbeOutput {
  const cases: { id: string; answers: ProbeAnswer[] }[] = [];
  let tainted: number | undefined = 0;
  let end: ProbeOutput['end'] = 'crash';
  for (const line of output.split('\n').map(parseLine)) {
    if (line === null) continue;
    if (line.op === 'case') cases.push({ id: line.id ?? '', answers: [] });
    if (line.op === 'done' || line.op === 'dirty') end = line.op;
    if (line.op !== 'insmod' && line.op !== 'rmmod') continue;
    const removed =
      line.op === 'rmmod' ? ({ op: 'rmmod', name: line.name ?? '', flags: line.flags ?? 0 } as const) : null;
    cases.at(-1)?.answers.push({ answer: answerOf(line, tainted), removed });
    tainted = line.tainted;
  }
  return { cases, end };
}
