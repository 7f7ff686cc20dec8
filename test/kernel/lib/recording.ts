// The format of test/kernel/recorded/RELEASE/cases.jsonl: what was asked of a real kernel, and what it answered.
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { ModuleSpec } from './recipe';
import { DumpReader, DumpWriter, type SectionAddresses, type StoredDump } from './storedDumps';

/** printk level 0-7, and the text without the level. Several lines of one message are one entry. */
export type LogLine = readonly [level: number, text: string];

/** What /sys/module said of one module; attributes that were not there are left out. */
export interface ModuleDump {
  readonly coresize: string;
  readonly initsize: string;
  readonly taint: string;
  readonly refcnt: string;
  readonly version?: string;
  readonly srcversion?: string;
  /** Addresses by section name. Left out where the same file was dumped before in the same boot. */
  readonly sections?: SectionAddresses;
  /** null: the file is there and cannot be read (write-only parameters). */
  readonly parameters: Readonly<Record<string, string | null>>;
  readonly holders: readonly string[];
}

export type Syscall = 'finit_module' | 'init_module';

/** What a case asks for. Fields left out have the obvious default: no arguments, no flags, finit_module, init returns 0. */
export interface InsmodStep {
  readonly op: 'insmod';
  readonly module: ModuleSpec;
  readonly args?: string;
  readonly flags?: number;
  readonly syscall?: Syscall;
  /** What the module's init returns, where a case makes it return something else than 0. */
  readonly initResult?: number;
}

export interface RmmodStep {
  readonly op: 'rmmod';
  readonly name: string;
  readonly flags: number;
}

export type Step = InsmodStep | RmmodStep;

/** What the kernel answered. Left out: errno 0, loaded false, an empty log, a kernel taint that did not change. */
export interface Answer<Dump = ModuleDump> {
  readonly errno?: number;
  /** The module_load event was seen: loading succeeded up to running init. */
  readonly loaded?: boolean;
  readonly log?: readonly LogLine[];
  /** Every module present after a successful insmod, by name. */
  readonly dumps?: Readonly<Record<string, Dump>>;
  /** /proc/sys/kernel/tainted after the step, when it changed. */
  readonly tainted?: number;
  /** The kernel oopsed, panicked or hung: nothing more was heard of that boot. */
  readonly crash?: boolean;
}

export type RecordedStep<Dump = ModuleDump> = Step & Answer<Dump>;

export interface Case {
  readonly id: string;
  readonly steps: readonly Step[];
}

export interface RecordedCase<Dump = ModuleDump> {
  readonly id: string;
  readonly steps: readonly RecordedStep<Dump>[];
}

/** Cases that ran one after the other on the same booted machine. */
export interface RecordedBoot {
  readonly boot: string;
  readonly cmdline: string;
  readonly cases: readonly RecordedCase[];
}

/** Reads a recording; a line with `boot` starts a boot, every other line is a case of it. */
export function readRecording(file: string): RecordedBoot[] {
  const boots: { boot: string; cmdline: string; cases: RecordedCase[] }[] = [];
  const reader = new DumpReader();
  for (const line of textOf(file).split('\n')) {
    if (line === '') continue;
    const entry = JSON.parse(line, withFlags) as { boot: string; cmdline: string } | RecordedCase<StoredDump>;
    if ('boot' in entry) boots.push({ ...entry, cases: [] });
    else boots.at(-1)?.cases.push(mapDumps(entry, dump => reader.restore(dump)));
  }
  return boots;
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes).toString('utf8');
}

/** The text of a recording. */
export function writeRecording(boots: readonly RecordedBoot[]): string {
  const writer = new DumpWriter();
  const lines = boots.flatMap(({ boot, cmdline, cases }) => [
    { boot, cmdline },
    ...cases.map(recorded => mapDumps(recorded, dump => writer.store(dump))),
  ]);
  return lines.map(line => JSON.stringify(line, withoutFlags) + '\n').join('');
}

/** O_NONBLOCK, with which nearly every module is removed: thousands of times, and left out. */
const ORDINARY_REMOVAL = 0x800;

function withoutFlags(_: string, value: unknown): unknown {
  if (!isRemoval(value) || value.flags !== ORDINARY_REMOVAL) return value;
  const { flags, ...rest } = value;
  return flags === ORDINARY_REMOVAL ? rest : value;
}

function withFlags(_: string, value: unknown): unknown {
  return isRemoval(value) ? { flags: ORDINARY_REMOVAL, ...value } : value;
}

function isRemoval(value: unknown): value is { op: 'rmmod'; flags?: number } {
  return typeof value === 'object' && value !== null && 'op' in value && value.op === 'rmmod';
}

/** The same case with its dumps in another form. */
function mapDumps<From, To>({ id, steps }: RecordedCase<From>, change: (dump: From) => To): RecordedCase<To> {
  const changed = steps.map(({ dumps, ...rest }): RecordedStep<To> => {
    if (!dumps) return rest;
    const entries = Object.entries(dumps).map(([name, dump]): [string, To] => [name, change(dump)]);
    return { ...rest, dumps: Object.fromEntries(entries) };
  });
  return { id, steps: changed };
}

/** Puts the recording of a boot, and of those behind its crashes, where the old one was. */
export function replaceBoot(boots: RecordedBoot[], name: string, recorded: readonly RecordedBoot[]): void {
  const isOf = ({ boot }: RecordedBoot): boolean => boot === name || boot.startsWith(`${name}+`);
  const at = boots.findIndex(isOf);
  boots.splice(at < 0 ? boots.length : at, boots.filter(isOf).length, ...recorded);
}
