// What a finding is. Each has a file of its own; whoever reports one passes facts, never text.

import type { Translate } from './words';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface LogLine {
  /** printk level, 0 to 7 */
  readonly level: number;
  readonly text: string;
}

/** A place in the source. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text that stood there when the module was built has been deleted since; the place is the old one. */
  readonly deleted?: true;
}

/** Facts of a finding as JSON has them. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One thing to tell the person whose module it is. */
export interface Finding {
  /** Stable: other programs and the documentation refer to it. */
  readonly code: string;
  readonly severity: Severity;
  /** The kernel function that was running. */
  readonly stage: string;
  /** The kernel's own line where it prints one, else a sentence of ours, in English. */
  readonly message: string;
  /** Plain words, in English: what it means and where it comes from. */
  readonly explanation: string;
  readonly symbol?: string;
  /** What the texts are made of, in this and other languages; which there are depends on the code. */
  readonly facts: Readonly<Record<string, Json>>;
  readonly locations: readonly SourceLocation[];
}

/**
 * Where in the source a finding points: the uses or the export of its symbol, the uses of several symbols, the line of a parameter, of module_init or
 * MODULE_LICENSE, what fills a section, the code of a relocation, the line that builds the module; `given`: whoever
 * reports it names the places.
 */
export type Anchor =
  | 'use'
  | 'export'
  | 'init'
  | 'license'
  | 'build'
  | 'nowhere'
  | 'given'
  | { readonly kind: 'uses'; readonly names: readonly string[] }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'section'; readonly name: string }
  | { readonly kind: 'relocation'; readonly section: number; readonly index: number };

/** What an editor offers to do about a finding. */
export type Fix =
  'import-namespace' | 'add-license' | 'add-extra-symbols' | 'load-providers' | 'rebuild' | 'change-argument';

/**
 * Errnos that a finding refuses a load with, by number. The value tells in which order the causes of an errno are listed,
 * the commonest, 1, first; `any` stands for every errno that no finding has a number for.
 */
export type Errnos = Readonly<Record<number, number>> & { readonly any?: number };

/** The same for all facts, or made of them. */
export type Told<Facts, T> = T | ((facts: Facts) => T);

/** A text: a template that facts are filled into by name, or what makes it of whole templates. */
export type Template<Facts> = string | ((facts: Facts, t: Translate) => string);

export interface FindingDefinition<Facts> {
  readonly id: string;
  /** The code shown, where one kernel line stands for several causes; the id otherwise. */
  readonly code?: (facts: Facts) => string;
  readonly severity: Told<Facts, Severity>;
  /** A name for lines the kernel prints only the first time since boot; null for every time. */
  readonly once?: (facts: Facts) => string | null;
  /** What the kernel prints, line by line; none when it is silent. */
  readonly dmesg?: (facts: Facts) => LogLine | readonly LogLine[] | null;
  /** Stands for the kernel's line where it prints none or where its line needs a better one. */
  readonly message?: Template<Facts>;
  readonly explain: Template<Facts>;
  readonly symbol?: (facts: Facts) => string;
  readonly errnos: Told<Facts, Errnos>;
  readonly anchor: Told<Facts, Anchor>;
  readonly fixes: Told<Facts, readonly Fix[]>;
  /** Looks like a failure in a log, and is none. */
  readonly harmless?: true;
  /**
   * Facts that between them bring out every form of the text and every code. What varies is a placeholder: a capital
   * letter (M module, S symbol, P provider or parameter), 1001 or 1002. Its page is made of them, and what recognizes it
   * in a log.
   */
  readonly samples: readonly object[];
}

/** printk levels by the names of include/linux/kern_levels.h. */
export const KERN = { ERR: 3, WARNING: 4, NOTICE: 5, INFO: 6 } as const;

export const err = (text: string): LogLine => ({ level: KERN.ERR, text });
export const warn = (text: string): LogLine => ({ level: KERN.WARNING, text });
export const notice = (text: string): LogLine => ({ level: KERN.NOTICE, text });

/** Gives a definition its type. */
export function defineFinding<Facts extends object>(
  definition: FindingDefinition<Facts> & { readonly samples: readonly Facts[] },
): FindingDefinition<Facts> {
  return definition;
}
