// What a finding is. Each has a file of its own; whoever reports one passes facts, never text.

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
}

/** What in the module a finding is about, for those who look for its place in the source. */
export type FindingOrigin =
  | { readonly kind: 'relocation'; readonly section: number; readonly index: number }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'section'; readonly name: string };

/** Key of a finding's origin, which is no part of what is printed, compared or sent: see {@link withHidden}. */
export const ORIGIN = Symbol('origin');

/** Gives an object a property that does not count as data: it is neither copied nor listed. Returns the object. */
export function withHidden<T extends object, K extends symbol, V>(object: T, key: K, value: V): T & Record<K, V> {
  Object.defineProperty(object, key, { value, enumerable: false });
  return object as T & Record<K, V>;
}

/** One thing to tell the person whose module it is. */
export interface Finding {
  readonly [ORIGIN]?: FindingOrigin;
  /** Stable: other programs and the documentation refer to it. */
  readonly code: string;
  readonly severity: Severity;
  /** The kernel function that was running. */
  readonly stage: string;
  /** The kernel's own line where it prints one, else a sentence of ours. */
  readonly message: string;
  /** Plain words: what it means and where it comes from. */
  readonly explanation: string;
  readonly symbol?: string;
  readonly locations: readonly SourceLocation[];
}

export interface FindingDefinition<Facts> {
  readonly id: string;
  /** The code shown, where one kernel line stands for several causes; the id otherwise. */
  readonly code?: (facts: Facts) => string;
  readonly severity: Severity | ((facts: Facts) => Severity);
  /** A name for lines the kernel prints only the first time since boot; null for every time. */
  readonly once?: (facts: Facts) => string | null;
  /** What the kernel prints, line by line; none when it is silent. */
  readonly dmesg?: (facts: Facts) => LogLine | readonly LogLine[] | null;
  /** Stands for the kernel's line where it prints none or where its line needs a better one. */
  readonly message?: (facts: Facts) => string;
  readonly explain: (facts: Facts) => string;
  readonly symbol?: (facts: Facts) => string;
  readonly origin?: (facts: Facts) => FindingOrigin;
  /**
   * Facts that between them bring out every form of the text. What varies is a placeholder: a capital letter (M module,
   * S symbol, P provider or parameter), 1001 or 1002. Its page is made of them, and what recognizes it in a log.
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
