// Crashes and warnings with the lines that belong to them. A kernel prints one crash as many lines: the first says
// what, the trace says whose code was running.
import type { CauseId } from './causes';
import type { Told } from './causes/types';
import type { KernelLine, TraceLine } from './matchLine';

interface Line extends KernelLine {
  readonly message: string;
}

/** One crash or warning: what is known of it so far. */
interface Trace {
  readonly cause: CauseId | null;
  told: Told;
  /** The first that the trace shows counts: what was called stands before what called it. */
  running: 'init' | 'loader' | null;
  loading: boolean;
}

/** Warnings that print a call trace. */
const WARNINGS: ReadonlySet<CauseId | null> = new Set<CauseId>([
  'sysfs',
  'thunk',
  'kernelWarning',
  'checker',
  'ioremap',
  'ftrace',
]);

/** How a new crash begins, as opposed to a further line on the same one. */
const FIRST_LINE = /^(?:BUG: |(?:CPU \d+ )?Unable to handle|Missing ENDBR|traps: |CFI failure|INFO: |UBSAN: |memcpy: )/;

/** Collects lines in their order. */
export class Traces {
  private readonly all: { readonly line: Line; readonly trace: Trace | null }[] = [];
  private readonly plain = new Set<Line>();
  private open: Trace | null = null;

  /** A line of the kernel that is not of a call trace. The same object is the same line again, which says nothing new. */
  add(line: Line): void {
    const begins = line.effect === 'crashed' || WARNINGS.has(line.cause);
    if (!begins && this.plain.has(line)) return;
    if (!begins) this.plain.add(line);
    else if (!this.belongs(line)) this.open = { cause: line.cause, told: line.told, running: null, loading: false };
    this.all.push({ line, trace: begins ? this.open : null });
  }

  /** Whether the line belongs to a crash or warning that was seen. */
  addTrace({ shows, told }: TraceLine): boolean {
    const { open } = this;
    if (!open) return false;
    open.told = { ...told, ...present(open.told) };
    if (shows === 'end') this.open = null;
    if (shows === 'loading') open.loading = true;
    if (shows === 'init' || shows === 'loader') open.running ??= shows;
    // A crash in a module that is being loaded is one in its init, unless the loader itself was seen first.
    if (shows === 'coming') open.running ??= 'init';
    return true;
  }

  /** The lines with what their traces told. */
  lines(): readonly Line[] {
    return this.all.map(({ line, trace }) =>
      trace ? { ...line, cause: causeOf(trace), told: { ...line.told, ...present(trace.told) } } : line,
    );
  }

  private belongs({ cause, message }: Line): boolean {
    if (!this.open) return false;
    // Crashes and other reports print a warning on the way.
    if (cause === 'kernelWarning') return true;
    if (WARNINGS.has(cause) || WARNINGS.has(this.open.cause)) return cause === this.open.cause;
    return !FIRST_LINE.test(message);
  }
}

const present = (told: Told): Told => Object.fromEntries(Object.entries(told).filter(([, value]) => value));

function causeOf({ cause, running, loading }: Trace): CauseId | null {
  if (cause !== 'crash') return cause;
  if (running === 'loader') return 'loaderCrash';
  if (running === 'init') return 'initCrash';
  return loading ? 'loadCrash' : 'crash';
}
