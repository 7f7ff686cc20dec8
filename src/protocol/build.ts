// What a build of modules printed, as plain data.

/** What a message of modpost or make is about, where it names no line. */
export type BuildSubject =
  /** A symbol that a module refers to. */
  | { readonly kind: 'use'; readonly symbol: string }
  /** A macro that the module lacks. */
  | { readonly kind: 'macro'; readonly macro: string }
  /** A function in which objtool or modpost found something. */
  | { readonly kind: 'function'; readonly symbol: string }
  /** A file that no rule makes. */
  | { readonly kind: 'rule'; readonly target: string };

export interface BuildMessage {
  readonly severity: 'error' | 'warning' | 'note';
  /** The program that says so. */
  readonly source: 'compiler' | 'modpost' | 'objtool' | 'make';
  readonly message: string;
  /**
   * The file it names, absolute: a source, or a module or object, which stands for its sources. The nearest directory that
   * make entered is tried first. The extension `.ko` or `.o` of a module or object is left off.
   */
  readonly candidates: readonly string[];
  /** Line and column from 1, where the message has them. */
  readonly line: number | null;
  readonly column: number | null;
  readonly subject: BuildSubject | null;
}
