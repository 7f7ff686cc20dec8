// A machine that has booted a kernel, and what can be asked of it. What belongs to libraries (signatures, decompression) is
// given to it from outside, so that it runs wherever there is JavaScript.
import type { Compression } from './linux/features';
import type { Decompress, KernelFacts, VerifyPkcs7 } from './target/types';
import { uncheckedField } from './findings/uncheckedField';
import type { LogLine, Severity } from './findings/types';
import type { ExportIndex } from './target/exportTable';
import { deleteModule, O_NONBLOCK } from './linux/kernel/module/deleteModule';
import { loadModule, type LoadOutcome } from './linux/kernel/module/loadModule';
import { BootedKernel } from './linux/kernel/module/bootedKernel';
import { findSymbol } from './linux/kernel/module/findSymbol';
import { listedModule } from './linux/kernel/module/listedModule';
import { adopt, bootMachine, fitsOn, justBooted, leftBehind, type LeftBehind } from './linux/kernel/module/machine';
import { mustImport } from './linux/kernel/module/namespace';
import { newLoad, report } from './linux/kernel/module/newLoad';
import { taintLetters } from './linux/kernel/module/taints';
import type { Syscall } from './linux/kernel/module/loadOptions';
import type { FoundSymbol, Load, LoadObserver, Machine, MemoryAt, Module } from './linux/kernel/module/types';
import { errnoName } from './linux/errno';
import { holdersOf, toResult } from './report/result';
import type { LoadResult, ModuleState, NextResult } from './report/types';
import { TracedLoad } from './report/view/tracedLoad';
import { Recorder } from './linux/trace/recorder';

export interface SystemOptions {
  /** Kernel command line the machine was booted with. */
  readonly cmdline?: string;
  /** Addresses of module memory, where they are known; otherwise plausible ones are made up. */
  readonly memoryAt?: MemoryAt;
  /**
   * Numbers of Arm errata that the machine's processors have and its kernel works around. Of these 843419 changes modules
   * (Cortex-A53 up to r0p4); a kernel says at boot "CPU features: detected: ARM erratum 843419". None where it is left out.
   */
  readonly errata?: readonly number[];
  /** Addresses of symbols of vmlinux, where they are known. */
  readonly symbolsAt?: ReadonlyMap<string, bigint>;
}

/** A built module: the path to show, and the bytes of the file: plain, or with flag 4 as they are on disk. */
export interface ModuleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** How the file was compressed, when `bytes` were unpacked already; matters with flag 4 only. */
  readonly compression?: Compression | null;
  /**
   * The first bytes of the file when `bytes` were unpacked already, at least {@link PACKED_HEAD} where it has so many: they show
   * whether a kernel could unpack the file as well.
   */
  readonly packedHead?: Uint8Array | null;
}

export interface InsmodOptions {
  /** finit_module flags: 1 ignore modversions, 2 ignore vermagic, 4 compressed file. */
  readonly flags?: number;
  readonly syscall?: Syscall;
  /** What the module's init is assumed to return; it is never run. */
  readonly initResult?: number;
  /** Name of the loading process, which a few messages print. */
  readonly comm?: string;
}

export interface RmmodResult {
  readonly errno: number;
  readonly errnoName: string | null;
  readonly log: readonly LogLine[];
}

/** What core leaves to libraries; null where there is none, and the checks that need it are not made. */
export interface SystemTools {
  readonly verifyPkcs7: VerifyPkcs7 | null;
  readonly decompress?: Decompress;
}

const isLoud = (severity: Severity): boolean => severity === 'error' || severity === 'warning';

/** A machine that has just booted a kernel: it keeps loaded modules, use counts, taints and once-only lines. */
export class CoreSystem {
  private readonly machine: Machine;
  private readonly params = new WeakMap<Module, ModuleState['params']>();

  constructor(target: KernelFacts, options: SystemOptions, tools: SystemTools) {
    const { cmdline = '', memoryAt, symbolsAt, errata = [] } = options;
    const kernel = new BootedKernel(target, symbolsAt);
    const machine = bootMachine(kernel, cmdline, tools.verifyPkcs7, tools.decompress, memoryAt);
    this.machine = { ...machine, errata: new Set(errata) };
  }

  /** Simulates loading `file` with the arguments in one string, as insmod passes them. */
  insmod(file: ModuleFile, args = '', options: InsmodOptions = {}): LoadResult {
    return this.run(file, args, options, null).result;
  }

  /** As {@link insmod}, and keeps what each stage did. Takes more memory: about twice the module's size. */
  trace(file: ModuleFile, args = '', options: InsmodOptions = {}): TracedLoad {
    const recorder = new Recorder();
    const { load, outcome, result } = this.run(file, args, options, recorder);
    return new TracedLoad(load, outcome, recorder.trace(load), result);
  }

  private run(
    file: ModuleFile,
    args: string,
    options: InsmodOptions,
    observer: LoadObserver | null,
    machine = this.machine,
    goOn = false,
  ): { load: Load; outcome: LoadOutcome; result: LoadResult } {
    const syscall = options.syscall ?? 'finit_module';
    const settings = {
      // init_module(2) has no flags.
      flags: syscall === 'init_module' ? 0 : (options.flags ?? 0),
      syscall,
      initResult: options.initResult ?? 0,
      compression: file.compression ?? null,
      packedHead: file.packedHead ?? null,
      comm: options.comm ?? 'insmod',
      goOn,
    };
    const load = newLoad(machine, file.bytes, args, settings, observer);
    const outcome = loadModule(load);
    const result = toResult(load, outcome, file.path);
    this.params.set(load.mod, result.params);
    return { load, outcome, result };
  }

  /**
   * What this kernel would say next if it did not refuse the module as a whole, for its signature, version magic, struct
   * module or name: its symbols, for example. Changes nothing on this machine. null for a module that is not refused, and
   * where nothing would follow.
   *
   * @param refused what {@link insmod} answered for the same file and arguments, just before
   */
  next(file: ModuleFile, refused: LoadResult, args = '', options: InsmodOptions = {}): NextResult | null {
    if (refused.verdict !== 'refused') return null;
    const machine = justBooted(this.machine);
    for (const module of [...this.machine.modules].reverse())
      adopt(machine, { module, name: module.name, taints: 0, printed: this.machine.printed });
    const { result } = this.run(file, args, options, null, machine, true);
    const known = new Set(refused.findings.map(({ code, message }) => `${code} ${message}`));
    const findings = result.findings.filter(
      ({ code, message, severity }) =>
        // What would follow from a wrong size is no fault of its own.
        isLoud(severity) && code !== uncheckedField.id && !known.has(`${code} ${message}`),
    );
    const { symbols } = result;
    return findings.length > 0 || symbols.length > refused.symbols.length ? { findings, symbols } : null;
  }

  /** Simulates delete_module(2); flags 0x800 is O_NONBLOCK, 0x200 O_TRUNC (force). */
  rmmod(name: string, options: { readonly flags?: number } = {}): RmmodResult {
    const sink = { log: [] as LogLine[], findings: [], stages: [{ name: 'delete_module' }] };
    const errno = deleteModule(
      this.machine,
      { report: (definition, facts) => report(sink, this.machine, definition, facts) },
      name,
      options.flags ?? O_NONBLOCK,
    );
    return { errno, errnoName: errnoName(errno), log: sink.log };
  }

  /** Who exports a symbol: `vmlinux`, a loaded module, or null for nobody; the name is a byte string. */
  exporterOf(name: string): string | null {
    const found = findSymbol(this.machine, this.machine.kernel.names.addName(name), true);
    return found && (found.owner?.name ?? 'vmlinux');
  }

  /** An export of the kernel or a loaded module, GPL-only ones included; null where nobody exports it. A byte string. */
  exportOf(name: string): Pick<FoundSymbol, 'gplOnly' | 'namespace'> | null {
    return findSymbol(this.machine, this.machine.kernel.names.addName(name), true);
  }

  /** Whether a module has to name a namespace in its import_ns here to use an export that is in it. */
  mustImport(namespace: string, module: string): boolean {
    return mustImport(this.machine.kernel.features, namespace, module);
  }

  /**
   * One of the kernel's own modules as if it had been loaded, though its file is not at hand; for {@link adopt}.
   *
   * @param rows what it exports, in the target's `exports`
   */
  listed(name: string, rows: readonly ExportIndex[]): LeftBehind {
    const module = listedModule(this.machine.kernel, name, rows);
    return { module, name, taints: 0, printed: new Set() };
  }

  /** Loads a module on another machine with this kernel and command line, after what is given; for {@link adopt}. */
  insmodApart(
    file: ModuleFile,
    after: readonly LeftBehind[],
  ): { readonly result: LoadResult; readonly left: LeftBehind } {
    const machine = justBooted(this.machine);
    for (const left of after) adopt(machine, left);
    const { load, result } = this.run(file, '', {}, null, machine);
    return { result, left: leftBehind(machine, load.mod, result.module.name) };
  }

  /** Puts a module on this machine as it was loaded on another; false where its per-cpu data does not fit any more. */
  adopt(left: LeftBehind): boolean {
    const fits = fitsOn(this.machine, left);
    if (fits) adopt(this.machine, left);
    return fits;
  }

  /** Loaded modules as /proc/modules lists them, newest first. */
  get modules(): readonly ModuleState[] {
    return this.machine.modules.map(mod => ({
      name: mod.name,
      coresize: mod.coresize,
      refcount: mod.usedBy.length,
      holders: holdersOf(mod),
      taints: taintLetters(mod.taints),
      state: 'Live',
      params: this.params.get(mod) ?? [],
    }));
  }

  /** Letters of the kernel's own taints. */
  get taints(): string {
    return taintLetters(this.machine.taints);
  }
}
