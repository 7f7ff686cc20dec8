// What is done in the virtual machine, as system calls: modules are loaded and removed, and everything that can be seen of them is read.
import { BUFFER, BUFFER_SIZE, LAST, SLOT, type Call, type CallArgument } from './initProgram';
import type { BootMachine, CallName } from './machines';

/** A module to be loaded. */
export interface LoadStep {
  readonly op: 'insmod';
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Parameters in one string, one char for each byte. */
  readonly args: string;
  /** Flags of finit_module(2); -1 cannot be given to a 32-bit kernel, where {@link LAST} looks the same. */
  readonly flags: number;
  readonly syscall: 'finit_module' | 'init_module';
  readonly name: string;
  /** Sections and parameters to ask for afterwards; none for a module that is of no interest itself. */
  readonly sections: readonly string[];
  readonly params: readonly string[];
}

/** A module to be removed. */
export interface RemoveStep {
  readonly op: 'rmmod';
  readonly name: string;
  /** Flags of delete_module(2). */
  readonly flags: number;
}

export type BootStep = LoadStep | RemoveStep;

/** Kinds of frames: see frames.ts. */
export const FRAME = { begin: 'B', result: 'R', data: 'D', end: 'Z' } as const;
/** First byte of a frame's header; the boot's own word follows it. */
export const MARK = '\x02';
/** Keys of data that belongs to no file. */
export const LOG = 'log';
export const VERSION_FILE = '/proc/version';
export const MODULES_FILE = '/proc/modules';
export const TAINTED_FILE = '/proc/sys/kernel/tainted';
export const TRACE_FILE = '/sys/kernel/tracing/trace';
const EVENTS_FILE = '/sys/kernel/tracing/set_event';

/** Of a loaded module, below /sys/module/NAME. */
const ATTRIBUTES: readonly string[] = ['coresize', 'initsize', 'taint', 'refcnt', 'initstate'];

// include/uapi/linux/fcntl.h (asm-generic); the flags below are the same on all architectures of machines.ts.
const AT_FDCWD = -100;
const O_RDONLY = 0;
const O_WRONLY = 1;
const O_RDWR = 2;
const O_TRUNC = 0o1000;
const O_NONBLOCK = 0o4000;
const SEEK_END = 2;
/** SYSLOG_ACTION_CONSOLE_LEVEL */
const CONSOLE_LEVEL = 8;
const QUIET = 1;
const EVERYTHING = 8;
const STDOUT = 1;
// init has 0, 1 and 2; what is opened next gets these numbers.
const KMSG = 3;
const FILE = 4;
const REBOOT_MAGIC1 = 0xfee1dead | 0;
const REBOOT_MAGIC2 = 672274793;
const REBOOT_RESTART = 0x01234567;

/** Events that tell what errno does not: that loading proper succeeded, and what init returned. */
const EVENTS: readonly string[] = ['module:module_load', 'initcall:initcall_start', 'initcall:initcall_finish'];

/** Name of the file of a step's module in the machine. */
export const moduleFile = (step: number): string => `m${step}.ko`;

/** The calls of a whole boot. `mark` begins every frame. */
export function callsOf(machine: BootMachine, steps: readonly BootStep[], mark: string): Call[] {
  const plan = new Plan(machine, mark);
  plan.prepare();
  for (const [i, step] of steps.entries()) plan.step(i, step);
  plan.finish();
  return plan.calls;
}

class Plan {
  readonly calls: Call[] = [];

  constructor(
    private readonly machine: BootMachine,
    private readonly mark: string,
  ) {}

  prepare(): void {
    for (const [place, type] of [
      ['/proc', 'proc'],
      ['/sys', 'sysfs'],
      ['/sys/kernel/tracing', 'tracefs'],
    ] as const)
      this.call('mount', [type, place, type, 0, 0]);
    this.call('openat', [AT_FDCWD, '/dev/kmsg', O_RDWR | O_NONBLOCK, 0]);
    this.call('lseek', [KMSG, 0, SEEK_END]);
    for (const event of EVENTS) this.writeFile(EVENTS_FILE, `${event}\n`, O_WRONLY);
    this.readFile(VERSION_FILE);
    this.readFile(TAINTED_FILE);
  }

  step(i: number, step: BootStep): void {
    if (step.op === 'insmod') this.load(i, step);
    else this.watched(i, () => this.call('delete_module', [step.name, step.flags]));
    this.readFile(MODULES_FILE);
    this.readFile(TAINTED_FILE);
    if (step.op === 'rmmod' || (step.sections.length === 0 && step.params.length === 0)) return;
    const directory = `/sys/module/${step.name}`;
    for (const file of ATTRIBUTES) this.readFile(`${directory}/${file}`);
    for (const name of step.sections) this.readFile(`${directory}/sections/${name}`);
    for (const name of step.params) this.readFile(`${directory}/parameters/${name}`);
  }

  finish(): void {
    this.frame(FRAME.end);
    this.drain();
    this.call('reboot', [REBOOT_MAGIC1, REBOOT_MAGIC2, REBOOT_RESTART]);
  }

  private load(i: number, { args, flags, syscall, bytes }: LoadStep): void {
    const arguments_ = Buffer.from(args, 'latin1');
    if (syscall === 'init_module') {
      this.watched(i, () => this.call('init_module', [bytes, bytes.length, arguments_]));
      return;
    }
    this.call('openat', [AT_FDCWD, `/${moduleFile(i)}`, O_RDONLY, 0]);
    this.watched(i, () => this.call('finit_module', [FILE, arguments_, flags >>> 0]));
  }

  /** A call with the console open for everything that the kernel says meanwhile, its result, log and events. */
  private watched(i: number, act: () => void): void {
    this.frame(FRAME.begin, `${i}`);
    // What the init writes must not mix with what the kernel does.
    this.drain();
    this.call('syslog', [CONSOLE_LEVEL, 0, EVERYTHING], true);
    act();
    this.call('syslog', [CONSOLE_LEVEL, 0, QUIET], true);
    // The module's file, where there is one: its number is wanted for what is read now.
    this.call('close', [FILE], true);
    this.frame(FRAME.result, `${i}`);
    // A line without a newline ends with the next one.
    const flush = '<12>insmod-lens\n';
    this.call('write', [KMSG, flush, flush.length], true);
    this.readAll(LOG, KMSG);
    this.readFile(TRACE_FILE);
    this.call('openat', [AT_FDCWD, TRACE_FILE, O_WRONLY | O_TRUNC, 0]);
    this.call('close', [FILE], true);
  }

  private readFile(file: string): void {
    this.call('openat', [AT_FDCWD, file, O_RDONLY | O_NONBLOCK, 0]);
    this.readAll(file, FILE);
    this.call('close', [FILE], true);
  }

  /** Frames with everything that can be read, and a last one with 0 or a negative errno. */
  private readAll(key: string, descriptor: number): void {
    this.call('read', [descriptor, BUFFER, BUFFER_SIZE]);
    this.frame(FRAME.data, key);
    this.calls.push({ name: 'write', args: [STDOUT, BUFFER, LAST], keep: true, back: 3 });
  }

  private writeFile(file: string, text: string, flags: number): void {
    this.call('openat', [AT_FDCWD, file, flags, 0]);
    this.call('write', [FILE, text, text.length]);
    this.call('close', [FILE], true);
  }

  /** A header, and the word with the last result. */
  private frame(kind: string, key = ''): void {
    const header = `${this.mark}${kind}${key}\n`;
    this.call('write', [STDOUT, header, header.length], true);
    this.call('write', [STDOUT, SLOT, this.machine.elf.bits / 8], true);
  }

  private drain(): void {
    this.call('ioctl', [STDOUT, this.machine.drain, 1], true);
  }

  private call(name: CallName, args: readonly CallArgument[], keep = false): void {
    this.calls.push({ name, args, keep });
  }
}
