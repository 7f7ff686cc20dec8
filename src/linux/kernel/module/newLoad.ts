// The state of one run, and the one way findings, log lines and stage notes get into it.
import { ORIGIN, withHidden, type Finding, type FindingDefinition, type LogLine } from '../../../findings/types';
import { newLoadInfo } from './loadInfo';
import type { Load, LoadObserver, LoadOptions, Machine, Module, StageOutcome } from './types';

export function newLoad(
  machine: Machine,
  bytes: Uint8Array,
  args: string,
  options: LoadOptions,
  observer: LoadObserver | null = null,
): Load {
  const load: Load = {
    observer,
    machine,
    facts: machine.kernel.facts,
    features: machine.kernel.features,
    arch: machine.kernel.arch,
    options,
    args,
    info: newLoadInfo(bytes, machine.kernel.names),
    mod: newModule(),
    log: [],
    stages: [],
    findings: [],
    symbols: [],
    versions: null,
    dependsOn: [],
    regions: [],
    percpu: null,
    coresize: 0,
    initsize: 0,
    report: (definition, facts) => {
      if (load.findings.length < MOST_FINDINGS) report(load, machine, definition, facts);
      else load.notChecked(`only the first ${MOST_FINDINGS} findings are listed`);
    },
    note: text => {
      const notes = load.stages.at(-1)?.notes;
      if (notes && notes.length < MOST_NOTES) notes.push(text);
    },
    skip: reason => conclude(load, 'skipped', reason),
    notChecked: reason => conclude(load, 'not-checked', reason),
    leaveUnchecked: reason => {
      load.unchecked = true;
      conclude(load, 'not-checked', reason);
    },
    unchecked: false,
    vouched: false,
    relocated: false,
  };
  return load;
}

/** Nobody reads more; each takes a kilobyte. The kernel's own buffer holds fewer lines. */
const MOST_FINDINGS = 20_000;
const MOST_NOTES = 1000;

/** Sets the outcome of the stage that is running, with its reason once. */
function conclude(load: Load, outcome: StageOutcome, reason: string): void {
  const stage = load.stages.at(-1);
  if (!stage) return;
  stage.outcome = outcome;
  if (!stage.notes.includes(reason)) stage.notes.push(reason);
}

function newModule(): Module {
  return {
    name: '',
    state: 'unformed',
    taints: 0,
    usingGplonlySymbols: false,
    isLivepatch: false,
    asyncProbe: false,
    regions: [],
    coresize: 0,
    initsize: 0,
    percpuSize: 0,
    exports: [],
    params: [],
    usedBy: [],
    uses: [],
    hasInit: false,
    hasExit: false,
  };
}

/** Where lines and findings go. */
export interface Sink {
  readonly log: LogLine[];
  readonly findings: Finding[];
  readonly stages: readonly { readonly name: string }[];
}

/** Logs what the kernel prints for a finding and keeps it; once-only lines count for the whole boot. */
export function report<Facts>(
  sink: Sink,
  machine: Pick<Machine, 'printed' | 'kernel'>,
  definition: FindingDefinition<Facts>,
  facts: Facts,
): void {
  const once = definition.once?.(facts) ?? null;
  if (once !== null) {
    if (machine.printed.has(once)) return;
    machine.printed.add(once);
  }
  const printed = definition.dmesg?.(facts) ?? [];
  const lines = 'text' in printed ? [printed] : printed;
  for (const { level, text } of lines)
    sink.log.push({ level, text: kmsgEscape(text.slice(0, machine.kernel.features.logLineMax)) });
  const finding: Finding = {
    code: definition.code?.(facts) ?? definition.id,
    severity: typeof definition.severity === 'function' ? definition.severity(facts) : definition.severity,
    stage: sink.stages.at(-1)?.name ?? '',
    message: definition.message?.(facts) ?? lines[0]?.text ?? definition.id,
    explanation: definition.explain(facts),
    ...(definition.symbol ? { symbol: definition.symbol(facts) } : {}),
    locations: [],
  };
  sink.findings.push(definition.origin ? withHidden(finding, ORIGIN, definition.origin(facts)) : finding);
}

/** /dev/kmsg shows bytes outside of printable ASCII, and backslashes, as \xNN (kernel/printk/printk.c). */
function kmsgEscape(text: string): string {
  return text.replace(/[^ -[\]-~]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
