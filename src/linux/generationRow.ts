// The form of one difference between generations of kernels.
import type { DeclarationName } from '../target/declarations';
import type { KernelText, KernelType } from '../target/evidence';

export type KernelRelease = readonly [major: number, minor: number, third: number];

/** What a probe may ask. */
export interface Evidence {
  /** Whether the target's headers declare something; null where they are not at hand. */
  declares(name: DeclarationName): boolean | null;
  /** Whether its image holds a text; null where the image is not at hand. */
  says(text: KernelText): boolean | null;
  /** Whether the BTF of its image declares a struct or a member; null where that is not at hand. */
  types(type: KernelType): boolean | null;
}

/** One way in which loaders differ over time: there from some release on, absent before. */
export interface Row {
  /** Asks the target; null where it cannot tell. */
  readonly probe?: (evidence: Evidence) => boolean | null;
  /** First mainline release that has it; of 2.6 with its sublevel, which were releases of their own. */
  readonly since: readonly [major: number, minor: number, third?: number];
  /** First updates of earlier stable series that took it over. */
  readonly backported?: readonly KernelRelease[];
  /**
   * Distributions' releases such as 4.19.0-27 hide the update they are made from; those of a series that took it over count as
   * having it, since these kernels are kept up to date.
   */
  readonly whereHidden?: true;
  /** Recorded answers of a booted kernel before 5.10 confirm it: see test/kernel/classic. */
  readonly judged?: true;
  /** What brought it, or between which of the kernels that were judged it came. */
  readonly commit: string;
}
