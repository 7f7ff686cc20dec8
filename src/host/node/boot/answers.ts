// From the frames of a boot to what the kernel answered in each step.
import { errnoName } from '../../../linux/errno';
import type { RealLine, RealModule, RealModuleLine, RealStep } from '../../../report/boot/types';
import { LOG, MODULES_FILE, TAINTED_FILE, TRACE_FILE, type BootStep } from './plan';

/** Collects what belongs to one step. */
export class StepAnswer {
  private result: number | null = null;
  private readonly records: string[] = [];
  private readonly files = new Map<string, string>();

  constructor(readonly step: BootStep) {}

  returned(value: number): void {
    this.result = value;
  }

  /** A part of a file, or a record of the log. */
  add(key: string, text: string, value: number): void {
    if (value < 0) return;
    if (key === LOG) this.records.push(text);
    else this.files.set(key, (this.files.get(key) ?? '') + text);
  }

  /** Whether the system call returned: the rest may be missing. */
  get isAnswered(): boolean {
    return this.result !== null;
  }

  answer(): RealStep {
    const { step } = this;
    const errno = Math.max(0, -(this.result ?? 0));
    const trace = this.files.get(TRACE_FILE) ?? null;
    const tainted = this.files.get(TAINTED_FILE);
    return {
      op: step.op,
      module: step.name,
      path: step.op === 'insmod' ? step.path : null,
      errno,
      errnoName: errnoName(errno),
      loaded: step.op === 'rmmod' || trace === null ? null : LOADED.test(trace),
      initReturned: trace === null ? null : returnedByInit(trace),
      log: linesOf(this.records, trace ?? ''),
      modules: modulesOf(this.files.get(MODULES_FILE) ?? ''),
      tainted: tainted === undefined ? null : Number(tainted),
      shown: this.shown(),
    };
  }

  private shown(): RealModule | null {
    const directory = `/sys/module/${this.step.name}/`;
    const read = (name: string): string | null => this.files.get(directory + name)?.replace(/\n$/, '') ?? null;
    if (read('coresize') === null && read('refcnt') === null) return null;
    const below = (part: string): Record<string, string> => {
      const start = `${directory}${part}/`;
      const found = [...this.files].filter(([file]) => file.startsWith(start));
      return Object.fromEntries(found.map(([file, text]) => [file.slice(start.length), text.replace(/\n$/, '')]));
    };
    return {
      coresize: read('coresize'),
      initsize: read('initsize'),
      taint: read('taint'),
      refcnt: read('refcnt'),
      initstate: read('initstate'),
      sections: below('sections'),
      params: below('parameters'),
    };
  }
}

const LOADED = / module_load: /;

/** init_module of the module itself: what it calls asynchronously is not traced. */
function returnedByInit(trace: string): number | null {
  const found = / initcall_finish: func=.* ret=(-?\d+)\n/.exec(trace);
  return found ? Number(found[1]) : null;
}

/** printk levels; what stands above them is a facility, and only the kernel's is 0. */
const HIGHEST_LEVEL = 7;

/** Records of /dev/kmsg (Documentation/ABI/testing/dev-kmsg) without those from user space. */
function linesOf(records: readonly string[], trace: string): RealLine[] {
  const from = timeOf(trace, 'initcall_start') ?? Infinity;
  const to = timeOf(trace, 'initcall_finish') ?? Infinity;
  return records.flatMap(record => {
    const found = /^(\d+),\d+,(\d+)(?:[^\d;][^;]*)?;([^\n]*)/.exec(record);
    const [, level, microseconds, text = ''] = found ?? [];
    if (!found || Number(level) > HIGHEST_LEVEL) return [];
    const at = Number(microseconds);
    return { level: Number(level), text, byInit: at >= from && at <= to };
  });
}

/** When an event happened first, in microseconds on the clock of the log. */
function timeOf(trace: string, event: string): number | null {
  const found = new RegExp(` (\\d+)\\.(\\d{6}): ${event}: `).exec(trace);
  return found ? Number(found[1]) * 1_000_000 + Number(found[2]) : null;
}

/** kernel/module/procfs.c, m_show() */
function modulesOf(text: string): RealModuleLine[] {
  return text.split('\n').flatMap(line => {
    const [name, size, refcount, holders, state, , taints] = line.split(' ');
    if (name === undefined || size === undefined || state === undefined) return [];
    return {
      name,
      size: Number(size),
      refcount: refcount === '-' ? null : Number(refcount),
      holders: (holders ?? '').split(',').filter(holder => holder !== '' && holder !== '-' && holder !== '[permanent]'),
      state,
      taints: (taints ?? '').replace(/[()+-]/g, ''),
    };
  });
}
