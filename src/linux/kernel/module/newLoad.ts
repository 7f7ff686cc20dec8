// The state of one run, and the one way findings, log lines and stage notes get into it.
import { note, type Note } from '../../../findings/notes';
import type { FindingDefinition, LogLine } from '../../../findings/types';
import { newLoadInfo } from './loadInfo';
import { AddressHalves } from './loadedSection';
import type { LoadOptions } from './loadOptions';
import type { Load, LoadObserver, Machine, Module, StageFinding, StageOutcome } from './types';

export function newLoad(
  machine: Machine,
  bytes: Uint8Array,
  args: string,
  options: LoadOptions,
  observer: LoadObserver | null = null,
): Load {
  machine.kernel = machine.kernel.toldBy(bytes, machine.modules);
  const said = new Set<string>();
  let leftIn = 0;
  const load: Load = {
    observer,
    machine,
    facts: machine.kernel.facts,
    features: machine.kernel.features,
    arch: machine.kernel.arch,
    options: asked(options, machine.kernel.features.finitFlags),
    args,
    info: newLoadInfo(bytes, machine.kernel.names),
    mod: newModule(),
    log: [],
    stages: [],
    findings: [],
    symbols: [],
    versions: 0,
    dependsOn: [],
    regions: [],
    percpu: null,
    halves: new AddressHalves(),
    archSpecific: null,
    reserved: [],
    coresize: 0,
    initsize: 0,
    report: (definition, facts) => {
      if (load.findings.length < MOST_FINDINGS) report(load, machine, definition, facts);
      else if (leftIn !== load.stages.length) {
        // There may be millions more: it is said once in a stage.
        leftIn = load.stages.length;
        load.notChecked(note('findings-left', { count: MOST_FINDINGS }));
      }
    },
    note: remark => {
      const notes = load.stages.at(-1)?.notes;
      if (notes && notes.length < MOST_NOTES) notes.push(remark);
    },
    skip: reason => conclude(load, said, 'skipped', reason),
    notChecked: reason => conclude(load, said, 'not-checked', reason),
    leaveUnchecked: reason => {
      if (!load.unchecked.some(({ id }) => id === reason.id)) load.unchecked.push(reason);
      conclude(load, said, 'not-checked', reason);
    },
    unchecked: [],
    vouched: false,
    relocated: false,
  };
  return load;
}

/**
 * Before 3.8 there is no finit_module(2), and kmod falls back to init_module(2). It removes from its copy of the file what the
 * flags would make the kernel ignore, which has the same effect (libkmod, do_init_module()).
 */
function asked(options: LoadOptions, finitFlags: number): LoadOptions {
  return options.syscall === 'finit_module' && finitFlags === 0 ? { ...options, syscall: 'init_module' } : options;
}

/** Nobody reads more; each takes a kilobyte. The kernel's own buffer holds fewer lines. */
const MOST_FINDINGS = 20_000;
const MOST_NOTES = 1000;

/** Sets the outcome of the stage that is running, with its reason once. */
function conclude(load: Load, said: Set<string>, outcome: StageOutcome, reason: Note): void {
  const stage = load.stages.at(-1);
  if (!stage) return;
  stage.outcome = outcome;
  // Most stages have one reason. Only a second one has to be compared.
  if (stage.notes.length > 0) {
    const prefix = `${load.stages.length} `;
    const keyOf = (known: Note): string => prefix + JSON.stringify(known);
    if (!said.has(prefix)) for (const known of stage.notes) said.add(keyOf(known));
    said.add(prefix);
    const key = keyOf(reason);
    if (said.has(key)) return;
    said.add(key);
  }
  stage.notes.push(reason);
}

/** struct module before anything is known of it. */
export function newModule(): Module {
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
  readonly findings: StageFinding[];
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
  sink.findings.push({ definition, facts, stage: sink.stages.at(-1)?.name ?? '' } as unknown as StageFinding);
}

/** /dev/kmsg shows bytes outside of printable ASCII, and backslashes, as \xNN (kernel/printk/printk.c). */
function kmsgEscape(text: string): string {
  return text.replace(/[^ -[\]-~]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
