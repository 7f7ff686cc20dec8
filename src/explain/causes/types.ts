// What a cause is: the sentence on it, the command that helps, and how to tell it from the next likely one.
import type { Translate } from '../../findings/words';

/** Values that lines tell, by name: module, symbol, release, type ... */
export type Told = Readonly<Record<string, string | undefined>>;

export interface Advice {
  /** What happened, and why it usually does. */
  readonly why: string;
  /** The one command that helps, as typed in a shell; null where none does. */
  readonly command: string | null;
  /** How to tell this cause from the next likely one; null where the line leaves no doubt. */
  readonly apart: string | null;
}

/**
 * What became of a module: the kernel or a tool refused it, something went wrong after the loader's checks, the kernel
 * objected and went on, or a line only notes something.
 */
export type Effect = 'refused' | 'crashed' | 'objection' | 'note';

export interface Cause {
  readonly effect: Effect;
  /** Findings with a page on it. */
  readonly codes: readonly string[];
  /** Errnos with which this objection is the refusal: the line alone does not tell whether the kernel went on. */
  readonly refusesWith?: readonly number[];
  readonly advise: (told: Told, t: Translate) => Advice;
}

/** A name from a log as part of a command: a log may hold anything, and a person may paste the command into a shell. */
export function safe(name: string | undefined, otherwise: string): string {
  return name !== undefined && /^[\w./][\w.+/:-]*$/.test(name) ? name : otherwise;
}

/** A file or a name of a module as a name of a module. */
export const nameOf = (what: string): string =>
  what
    .slice(what.lastIndexOf('/') + 1)
    .replace(/\.ko(?:\.\w+)?$/, '')
    .replaceAll('-', '_');

/** What the loader or a tool refused. */
export const refused = (codes: readonly string[], advise: Cause['advise']): Cause => ({
  effect: 'refused',
  codes,
  advise,
});

/** What only reports. */
export const note = (advise: Cause['advise'], codes: readonly string[] = []): Cause => ({
  effect: 'note',
  codes,
  advise,
});

/** What some kernels only print, and others refuse with one of these errnos. */
export const objection = (
  codes: readonly string[],
  refusesWith: readonly number[],
  advise: Cause['advise'],
): Cause => ({ effect: 'objection', codes, refusesWith, advise });

/** Builds a module anew for the running kernel. */
export const BUILD = 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules';
