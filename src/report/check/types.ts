// The result of checking many modules: what `insmod-lens check --format json` prints for one kernel.
import type { Finding } from '../../findings/types';
import type { BootReport, ComparedFact, CrashFrame } from '../boot/types';

export interface CheckReport {
  readonly schema: 1;
  readonly kernel: { readonly release: string; readonly arch: string };
  readonly modules: readonly CheckedModule[];
  readonly findings: readonly CheckFinding[];
  /** Findings that are not listed because the baseline has them. */
  readonly known: number;
  /** Cycles of dependencies that the baseline does not have. */
  readonly cycles: number;
  /** Files and directories that could not be read, a line each. */
  readonly unreadable: readonly string[];
  /** With --root and --installed: whether this is the kernel that boots next. */
  readonly bootsNext?: boolean;
  /** With --boot: what the real kernel answered. */
  readonly boot?: CheckBoot;
  /** What could not be checked, and for how many modules. */
  readonly notChecked: readonly { readonly reason: string; readonly modules: number }[];
}

/** Modules of a tree on the real kernel. */
export interface CheckBoot {
  /** Path of the image that was booted. */
  readonly image: string;
  /** How many modules were loaded there, and with how many boots. */
  readonly modules: number;
  readonly boots: number;
  /** Facts that simulation and kernel both have. */
  readonly facts: number;
  /** How many modules came to each verdict. */
  readonly verdicts: Readonly<Record<BootReport['verdict'], number>>;
  /** Modules about which simulation and kernel differ, and those that the kernel did not survive. */
  readonly disagreements: readonly BootDisagreement[];
}

export interface BootDisagreement {
  readonly module: string;
  /** Relative to where the check began. */
  readonly path: string;
  readonly verdict: BootReport['verdict'];
  readonly summary: string;
  /** Only those that differ. */
  readonly facts: readonly ComparedFact[];
  readonly frames: readonly CrashFrame[];
}

export interface CheckedModule {
  readonly name: string;
  /** Relative to where the check began. */
  readonly path: string;
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  /** Positive errno, 0 for a module that loads. */
  readonly errno: number;
  readonly errnoName: string | null;
  /** Modules it needs, of the tree or of the kernel's own. */
  readonly depends: readonly string[];
  /** Modules it needs that are refused themselves. */
  readonly refusedDependencies: readonly string[];
  /** Files of the root filesystem that ask for this module, which is refused; with --root and --installed. */
  readonly namedBy?: readonly string[];
  /** Directory of the sources that DKMS builds it from; with --root and --installed, of a refused module. */
  readonly dkms?: string;
  /** The baseline has every finding of a refused module; left out elsewhere. */
  readonly known?: true;
}

/** An error or a warning about one module, and with `--hints` what its file says of itself. */
export interface CheckFinding extends Finding {
  readonly module: string;
  readonly path: string;
  /** The same for the same finding on another day: 16 hexadecimal digits. */
  readonly fingerprint: string;
}
