// The make command that builds the modules of a directory.
export interface BuildTask {
  readonly directory: string;
  readonly target: 'modules' | 'clean';
  /** Kernel build directory, for directories without a Makefile that names one. */
  readonly kernel?: string;
}

/**
 * Whether make may be told these names. It expands `$(...)` in them, and kbuild's rules hand them to a shell as they are:
 * the name of a directory would be a command.
 */
export function isBuildable({ directory, kernel = '' }: BuildTask): boolean {
  return !/[$`;&|<>"'\\\n\r]/.test(directory + kernel);
}

/** Whether make has something to do for a Makefile by itself: one that is for kbuild alone only sets variables. */
export function hasRules(makefile: string): boolean {
  return /^(?![\t#])[^=\r\n\u2028\u2029:]+:(?![:=])/m.test(makefile);
}

/** Whether a Makefile or Kbuild lists modules. */
export function namesModules(makefile: string): boolean {
  return /^[ \t]*obj-(?:m|\$\(\w+\))\s*[:+]?=/m.test(makefile);
}

/** Arguments of make, run in the directory itself; `builds` when its Makefile calls kbuild. */
export function makeArguments({ directory, target, kernel }: BuildTask, builds: boolean): string[] {
  if (builds || kernel === undefined) return target === 'clean' ? ['clean'] : [];
  return ['-C', kernel, `M=${directory}`, target];
}
