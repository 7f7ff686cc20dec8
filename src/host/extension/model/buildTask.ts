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

/** Arguments of make, run in the directory itself. */
export function makeArguments({ directory, target, kernel }: BuildTask, hasMakefile: boolean): string[] {
  if (hasMakefile || kernel === undefined) return target === 'clean' ? ['clean'] : [];
  return ['-C', kernel, `M=${directory}`, target];
}
