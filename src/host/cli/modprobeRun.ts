// What modprobe does with its arguments (tools/modprobe.c), on each target.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { ENOENT, errnoName, strerror } from '../../linux/errno';
import { insertModule, modprobeLine, type InsertMachine } from '../../kmod/insert';
import type { KmodModule, ModuleLookup } from '../../kmod/moduleLookup';
import { showStep } from '../../kmod/probe';
import { EXIT, removeByName, type RemoveMachine, type RemoveOutcome } from '../../kmod/remove';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { KernelFacts, System } from '../../index';
import { plainStep, simulationOn, stepOf, type SimulatedStep } from '../node/modprobe/simulation';
import { forceFlags, type ForceOptions } from './arguments';
import { Printer } from './modprobePrinter';
import { bootSystem, openTargets, type TargetOptions } from './targetOptions';

export interface ModprobeOptions extends TargetOptions, ForceOptions {
  readonly all?: boolean;
  readonly remove?: boolean;
  readonly removeHolders?: boolean;
  readonly removeDependencies?: boolean;
  readonly resolveAlias?: boolean;
  readonly firstTime?: boolean;
  readonly ignoreInstall?: boolean;
  readonly ignoreRemove?: boolean;
  readonly useBlacklist?: boolean;
  readonly showDepends?: boolean;
  readonly showconfig?: boolean;
  readonly showConfig?: boolean;
  readonly dryRun?: boolean;
  readonly config?: readonly string[];
  readonly dirname?: string;
  readonly setVersion?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly format: 'text' | 'json';
}

export interface RunInput {
  /** Names and parameters are byte strings. */
  readonly names: readonly string[];
  readonly parameters: string;
  /** The modules directory. */
  readonly directory: string;
  readonly options: ModprobeOptions;
  readonly makeLookup: () => ModuleLookup;
}

/** What --format json prints for a target. */
export interface ModprobeReport {
  readonly schema: 1;
  /** null where nothing was simulated. */
  readonly kernel: { readonly release: string; readonly arch: string } | null;
  readonly directory: string;
  readonly errno: number;
  readonly errnoName: string | null;
  /** What modprobe says itself, line by line. */
  readonly messages: readonly string[];
  readonly steps: readonly SimulatedStep[];
}

/** Does what was asked for, on each target, and prints it unless the format is JSON. */
export async function runModprobe(input: RunInput): Promise<ModprobeReport[]> {
  const { options, directory } = input;
  if (isDry(options)) return [await new Session(input, null, null).run()];
  // Without --kernel the modules directory is the target.
  const targets = await openTargets(
    options.kernel || options.kernelProfile ? options : { ...options, kernel: [directory] },
    null,
  );
  const reports: ModprobeReport[] = [];
  for (const target of targets) {
    const session = new Session(input, target, await bootSystem(target, options));
    if (targets.length > 1) session.printer.heading(target.release);
    reports.push(await session.run());
  }
  return reports;
}

/** Nothing is to be loaded or removed. */
const isDry = ({ showDepends, resolveAlias, dryRun }: ModprobeOptions): boolean =>
  [showDepends, resolveAlias, dryRun].includes(true);

const O_NONBLOCK = 0x800;
const O_TRUNC = 0x200;

/** One target. */
class Session {
  readonly printer: Printer;
  private readonly lookup: ModuleLookup;
  private readonly machine: InsertMachine & RemoveMachine;
  private readonly messages: string[] = [];
  private readonly steps: SimulatedStep[] = [];

  constructor(
    private readonly input: RunInput,
    private readonly target: KernelFacts | null,
    system: System | null,
  ) {
    const { options } = input;
    const showsSteps = [options.showDepends, options.verbose].includes(true);
    this.printer = new Printer({ silent: options.format === 'json', steps: showsSteps });
    this.lookup = input.makeLookup();
    this.machine = system ? this.simulated(system) : this.dry();
  }

  async run(): Promise<ModprobeReport> {
    const { names, directory, options } = this.input;
    let errno = 0;
    for (const name of names) {
      const outcome = options.remove
        ? removeByName(this.lookup, name, this.flags(), this.machine)
        : await this.insert(name);
      for (const problem of this.lookup.takeProblems()) this.complaint(problem);
      if (outcome !== 0) errno = outcome === EXIT ? ENOENT : outcome;
      if (outcome === EXIT) break;
    }
    const kernel = this.target && { release: this.target.release, arch: this.target.arch };
    const { messages, steps } = this;
    return { schema: 1, kernel, directory, errno, errnoName: errnoName(errno), messages, steps };
  }

  private flags() {
    const { ignoreInstall, ignoreRemove, showDepends, firstTime, useBlacklist, removeHolders, removeDependencies } =
      this.input.options;
    return {
      ignoreCommands: [ignoreInstall, ignoreRemove].includes(true),
      ignoreLoaded: showDepends ?? false,
      failOnLoaded: firstTime ?? false,
      firstTime: firstTime ?? false,
      useBlacklist: useBlacklist ?? false,
      removeHolders: [removeHolders, removeDependencies].includes(true),
      parameters: this.input.parameters,
    };
  }

  /** insmod() of tools/modprobe.c: everything a name stands for; what came of the last counts. */
  private async insert(name: string): Promise<RemoveOutcome> {
    const found = this.find(name);
    if (found.length === 0) {
      const problem = isPath(name)
        ? `Failed to get module from path ${name}: ${strerror(ENOENT)}`
        : `Module ${name} not found in directory ${this.lookup.directory}`;
      return this.complain(problem) ? EXIT : ENOENT;
    }
    let errno = 0;
    for (const module of found) {
      if (this.input.options.resolveAlias) {
        this.printer.line(module.name);
        this.steps.push(plainStep('insmod', decodeUtf8(module.name)));
        continue;
      }
      errno = await insertModule(this.lookup, module, this.flags(), this.machine);
      if (errno !== 0) this.refusal(modprobeLine(module.name, errno));
    }
    return errno;
  }

  private find(name: string): readonly KmodModule[] {
    if (!isPath(name)) return this.lookup.find(name) ?? [];
    const absolute = name.startsWith('/') ? name : `${Buffer.from(process.cwd()).toString('latin1')}/${name}`;
    const module = this.lookup.fromPath(absolute);
    return module ? [module] : [];
  }

  private simulated(system: System): InsertMachine & RemoveMachine {
    const { options } = this.input;
    return simulationOn(system, {
      insertFlags: forceFlags(options),
      removeFlags: O_NONBLOCK | (options.force ? O_TRUNC : 0),
      tell: step => {
        this.printer.step(step);
        this.steps.push(step);
        if (step.action === 'rmmod' && step.errno !== 0)
          this.refusal(`modprobe: ERROR: could not remove '${step.module}': ${strerror(step.errno)}`);
      },
      complain: text => this.complain(text),
    });
  }

  /** Tells what would be done; what --loaded names counts as loaded. */
  private dry(): InsertMachine & RemoveMachine {
    const loaded = new Set((this.input.options.loaded ?? []).map(moduleNameOfPath));
    const tell = (line: string | null, step: SimulatedStep): number => {
      if (line !== null && this.printer.options.steps) this.printer.line(line);
      if (line !== null) this.steps.push(step);
      return 0;
    };
    return {
      isLoaded: name => loaded.has(name),
      holders: () => [],
      useCount: name => (loaded.has(name) ? 0 : null),
      insert: step => Promise.resolve(tell(showStep(step), stepOf(step))),
      remove: name => tell(`rmmod ${name}`, plainStep('rmmod', name)),
      run: ({ name }, command) =>
        tell(`remove ${command}`, { ...plainStep('remove', name), text: decodeUtf8(command) }),
      complain: text => this.complain(text),
    };
  }

  private refusal(text: string): void {
    this.messages.push(decodeUtf8(text));
    this.printer.refusal(text);
  }

  private complaint(text: string): void {
    this.messages.push(decodeUtf8(text));
    this.printer.complaint(text);
  }

  /** What ends modprobe, unless it has more names to look at or is to be quiet. */
  private complain(text: string): boolean {
    const { all, quiet } = this.input.options;
    if (quiet) return false;
    this.complaint(`modprobe: ${all ? 'WARNING' : 'FATAL'}: ${text}`);
    return !all;
  }
}

const isPath = (name: string): boolean => name.startsWith('/') || name.startsWith('./');
