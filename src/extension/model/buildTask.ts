// The make command that builds the modules of a directory.
export interface BuildTask {
  readonly directory: string;
  readonly target: 'modules' | 'clean';
  /** Kernel build directory, for directories without a Makefile that names one. */
  readonly kernel?: string;
}

/** Arguments of make, run in the directory itself. */
export function makeArguments({ directory, target, kernel }: BuildTask, hasMakefile: boolean): string[] {
  if (hasMakefile || kernel === undefined) return target === 'clean' ? ['clean'] : [];
  return ['-C', kernel, `M=${directory}`, target];
}
