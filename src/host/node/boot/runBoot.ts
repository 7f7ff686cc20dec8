// One boot of a kernel in QEMU, from the first byte of its console to the last answer.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BootEnd, RealBoot } from '../../../report/boot/types';
import { StepAnswer } from './answers';
import { cpioArchive, cpioDevice, cpioDirectory } from './cpio';
import { Frames } from './frames';
import { initProgram } from './initProgram';
import type { BootMachine } from './machines';
import { callsOf, MARK, moduleFile, VERSION_FILE, type BootStep } from './plan';
import { mayUseKvm, startQemu, type Accelerator, type QemuRun } from './qemu';
import { withScratch } from '../scratch';

export interface BootOptions {
  readonly program: string;
  readonly machine: BootMachine;
  /** A file that QEMU boots: see withBootableImage(). */
  readonly image: string;
  /** Words for the kernel command line. */
  readonly cmdline: string;
  /** Seconds that each step may take until the machine counts as hung. */
  readonly timeout: number;
  /** `auto` tries KVM and goes on without. */
  readonly accelerator: Accelerator | 'auto';
  readonly signal?: AbortSignal;
  /** Is called with each line on the console, as it comes. */
  readonly onLine?: (text: string) => void;
  /** Port for a debugger on this machine: it starts the machine, and time is not limited. */
  readonly debugPort?: number;
}

/**
 * oops=panic, panic=-1: a crash ends the machine at once. nokaslr: addresses are the same in every boot. printk.devkmsg=on: the
 * init may write to the log without being throttled. The rest saves time and changes nothing about modules.
 */
const BASE_CMDLINE =
  'panic=-1 oops=panic quiet loglevel=1 nokaslr printk.devkmsg=on printk.time=1 random.trust_cpu=on cryptomgr.notests nowatchdog';

/** KVM needs less than a second to say the first word, and without it there is another way. */
const KVM_PATIENCE = 5;

/** Seconds for a boot under emulation, on a machine with other things to do. */
const BOOT_PATIENCE = 60;

/** MiB for the kernel, and how often the ramdisk is in memory while it is unpacked. */
const MEMORY = 512;
const COPIES = 3;
const MIB = 1 << 20;

/** The console is kept for one step only, and of that so many lines. */
const MOST_LINES = 2000;

/**
 * Boots, does the steps, and ends. A crash or a hang is an answer; throws InputError where QEMU or the image cannot be used.
 *
 * @param clean numbers of steps after which no module may be left, or the machine is ended
 */
export async function runBoot(
  steps: readonly BootStep[],
  options: BootOptions,
  clean: ReadonlySet<number> = new Set(),
): Promise<RealBoot> {
  const mark = MARK + randomBytes(8).toString('hex');
  const archive = ramdisk(options.machine, steps, mark);
  const { memoryUnit = 1 } = options.machine;
  const memory = memoryUnit * Math.ceil((MEMORY + (COPIES * archive.length) / MIB) / memoryUnit);
  return withScratch(async directory => {
    const initrd = path.join(directory, 'initrd');
    writeFileSync(initrd, archive);
    const run = (accelerator: Accelerator): Promise<RealBoot> =>
      new Boot(steps, { ...options, initrd, memory, mark, clean, accelerator }).run();
    if (options.accelerator !== 'auto') return run(options.accelerator);
    if (mayUseKvm(options.machine)) {
      const tried = await run('kvm');
      if (tried.version !== null || tried.end.kind === 'cancelled') return tried;
    }
    return run('tcg');
  });
}

function ramdisk(machine: BootMachine, steps: readonly BootStep[], mark: string): Uint8Array {
  const modules = steps.flatMap((step, i) =>
    step.op === 'insmod' && step.syscall === 'finit_module' ? { name: moduleFile(i), bytes: step.bytes } : [],
  );
  return cpioArchive([
    ...['dev', 'proc', 'sys'].map(cpioDirectory),
    cpioDevice('dev/console', 5, 1),
    cpioDevice('dev/kmsg', 1, 11),
    { name: 'init', bytes: initProgram(machine, callsOf(machine, steps, mark)), mode: 0o100755 },
    ...modules,
  ]);
}

function debugArguments(debugPort: number | undefined): string[] {
  return debugPort === undefined ? [] : ['-gdb', `tcp:127.0.0.1:${debugPort}`, '-S'];
}

interface RunOptions extends Omit<BootOptions, 'accelerator'> {
  readonly initrd: string;
  readonly memory: number;
  readonly mark: string;
  readonly clean: ReadonlySet<number>;
  readonly accelerator: Accelerator;
}

class Boot {
  private readonly answers: StepAnswer[] = [];
  private readonly started = performance.now();
  private version: string | null = null;
  private during: number | null = null;
  private lines: string[] = [];
  private why: BootEnd | null = null;
  private timer: NodeJS.Timeout | null = null;
  private machine: QemuRun | null = null;

  constructor(
    private readonly steps: readonly BootStep[],
    private readonly options: RunOptions,
  ) {}

  async run(): Promise<RealBoot> {
    const { options } = this;
    const frames = this.frames();
    const cancel = (): void => this.stop({ kind: 'cancelled' });
    options.signal?.addEventListener('abort', cancel, { once: true });
    const cmdline = `console=${options.machine.console} ${BASE_CMDLINE} ${options.machine.words ?? ''} ${options.cmdline}`;
    this.machine = startQemu({ ...options, cmdline, debug: debugArguments(options.debugPort) }, chunk =>
      frames.push(chunk),
    );
    this.wind();
    if (options.signal?.aborted) cancel();
    try {
      const complaints = await this.machine.ended;
      frames.finish();
      return this.outcome(complaints);
    } finally {
      if (this.timer) clearTimeout(this.timer);
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  private frames(): Frames {
    const { machine, mark, clean, onLine } = this.options;
    return new Frames(mark, machine.elf, {
      begin: step => {
        this.wind();
        const wanted = this.steps[step];
        const last = this.answers.length - 1;
        const isDirty = clean.has(last) && (this.answers[last]?.answer().modules.length ?? 0) > 0;
        if (isDirty) this.stop({ kind: 'completed' });
        if (isDirty || !wanted) return;
        this.answers[step] = new StepAnswer(wanted);
        this.during = step;
        this.lines = [];
      },
      result: (step, value) => {
        this.wind();
        this.answers[step]?.returned(value);
        this.during = null;
      },
      data: (key, text, value) => {
        const answer = this.answers.at(-1);
        if (answer) answer.add(key, text, value);
        else if (key === VERSION_FILE && value > 0) {
          this.version = text.trim();
          this.wind();
        }
      },
      end: () => this.stop({ kind: 'completed' }),
      line: text => {
        if (this.lines.length < MOST_LINES) this.lines.push(text);
        onLine?.(text);
      },
    });
  }

  /** Starts the time limit of the machine again. */
  private wind(): void {
    const { timeout, accelerator } = this.options;
    if (this.timer) clearTimeout(this.timer);
    if (this.options.debugPort !== undefined) return;
    const toBoot = accelerator === 'kvm' ? KVM_PATIENCE : Math.max(timeout, BOOT_PATIENCE);
    const seconds = this.version === null ? toBoot : timeout;
    this.timer = setTimeout(() => this.stop({ kind: 'timeout', seconds }), seconds * 1000);
  }

  private stop(why: BootEnd): void {
    this.why ??= why;
    this.machine?.kill();
  }

  private outcome(complaints: string): RealBoot {
    const crash = this.lines.find(line => CRASHES.test(line));
    const end: BootEnd =
      this.why ??
      (crash === undefined
        ? { kind: 'ended', message: complaints || this.lines.at(-1) || 'the machine ended without a word' }
        : { kind: 'panicked', line: withoutTime(crash) });
    return {
      version: this.version,
      accelerator: this.options.accelerator,
      steps: this.answers.filter(answer => answer.isAnswered).map(answer => answer.answer()),
      end,
      during: this.during,
      console: end.kind === 'completed' ? [] : this.lines,
      elapsed: Math.round(performance.now() - this.started),
    };
  }
}

/** What kernels begin a crash with, on all architectures. */
const CRASHES =
  /Kernel panic|\bOops\b|\bBUG: |Unable to handle kernel|general protection fault|Internal error|invalid opcode|kernel BUG at|Kernel BUG/;

/** A line of the console without its time stamp. */
function withoutTime(line: string): string {
  return line.replace(/^\[ *\d+\.\d+\] ?/, '');
}
