// What a real kernel answered in a virtual machine, and how that compares with the simulation: plain data.
import type { LogLine, SourceLocation } from '../../findings/types';
import type { LoadResult } from '../types';

/** What a kernel showed of a loaded module below /sys/module; null where it shows nothing. */
export interface RealModule {
  readonly coresize: string | null;
  readonly initsize: string | null;
  readonly taint: string | null;
  readonly refcnt: string | null;
  readonly initstate: string | null;
  /** Addresses as the kernel prints them, by name of the section. */
  readonly sections: Readonly<Record<string, string>>;
  /** Values of parameters that can be read. */
  readonly params: Readonly<Record<string, string>>;
}

/** A line of /proc/modules. */
export interface RealModuleLine {
  readonly name: string;
  readonly size: number;
  /** Null where the kernel says "-": it cannot unload modules. */
  readonly refcount: number | null;
  /** Newest user first. */
  readonly holders: readonly string[];
  readonly state: string;
  /** Letters without their brackets. */
  readonly taints: string;
}

export interface RealLine extends LogLine {
  /** Whether it came while the module's init ran. */
  readonly byInit: boolean;
}

export interface RealStep {
  readonly op: 'insmod' | 'rmmod';
  readonly module: string;
  readonly path: string | null;
  /** Positive errno, 0 for success. */
  readonly errno: number;
  readonly errnoName: string | null;
  /** Whether loading proper succeeded, up to running init; null where this kernel does not tell. */
  readonly loaded: boolean | null;
  /** What the module's init returned; null where it was not run, or this kernel does not tell. */
  readonly initReturned: number | null;
  readonly log: readonly RealLine[];
  /** /proc/modules after the step. */
  readonly modules: readonly RealModuleLine[];
  /** /proc/sys/kernel/tainted after the step; null where it cannot be read. */
  readonly tainted: number | null;
  /** Null for a module that was not asked about, or that is not there. */
  readonly shown: RealModule | null;
}

/** How a boot came to its end. */
export type BootEnd =
  /** Everything was done. */
  | { readonly kind: 'completed' }
  /** The kernel crashed; `line` is its first word about it. */
  | { readonly kind: 'panicked'; readonly line: string }
  /** Nothing more was heard within the time limit, in seconds. */
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** The machine ended without a word, or never reached its init. */
  | { readonly kind: 'ended'; readonly message: string }
  | { readonly kind: 'cancelled' };

export interface RealBoot {
  /** First words of /proc/version; null where the machine never came so far. */
  readonly version: string | null;
  readonly accelerator: 'kvm' | 'tcg';
  readonly steps: readonly RealStep[];
  readonly end: BootEnd;
  /** Number of the step that was on its way when the machine ended; null between steps. */
  readonly during: number | null;
  /** What the kernel wrote to the console while the last step ran. */
  readonly console: readonly string[];
  /** From the start of QEMU, in milliseconds. */
  readonly elapsed: number;
}

/** A function on the stack of a kernel that crashed. */
export interface CrashFrame {
  readonly function: string;
  /** Bytes from the begin of the function. */
  readonly offset: number;
  /** Null for a function of the kernel itself. */
  readonly module: string | null;
  /** The line it was on; null where no debug information tells. */
  readonly location: SourceLocation | null;
}

/** One fact that simulation and kernel both have. */
export interface ComparedFact {
  /** Kind of the fact. */
  readonly fact:
    'verdict' | 'errno' | 'log' | 'section' | 'size' | 'taints' | 'parameter' | 'modules' | 'rmmod' | 'rmmod-log';
  /** What it is about: a section, a parameter, a module; empty where there is one of the kind. */
  readonly name: string;
  /** Null where one side has nothing. */
  readonly simulated: string | null;
  readonly real: string | null;
  /** `init`: the module's init ran and may have changed it, which the simulation cannot know. */
  readonly outcome: 'same' | 'differs' | 'init';
}

/** A module on its real kernel, beside its simulation: what `insmod-lens boot --format json` prints. */
export interface BootReport {
  readonly schema: 1;
  readonly module: { readonly name: string; readonly path: string };
  readonly kernel: { readonly release: string; readonly arch: string; readonly image: string };
  /** `crashed`: the kernel panicked or hung; `unanswered`: the machine did not come so far. */
  readonly verdict: 'loads' | 'init-failed' | 'refused' | 'crashed' | 'hung' | 'unanswered';
  /** What came of it, in one sentence. */
  readonly summary: string;
  /** Of a kernel that crashed, innermost first. */
  readonly frames: readonly CrashFrame[];
  readonly real: RealBoot;
  readonly simulated: LoadResult;
  readonly facts: readonly ComparedFact[];
  /** Whether no fact differs. */
  readonly agrees: boolean;
}
