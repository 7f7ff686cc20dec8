// How several kernels are told apart in what is printed.
import { shownPath } from './shownPath';

interface AskedKernel {
  readonly release: string;
  /** What was given as `--kernel`. */
  readonly target: string;
}

/** The release of each kernel, with its target where another one has the same release. */
export function kernelNames(kernels: readonly AskedKernel[]): string[] {
  const times = new Map<string, number>();
  for (const { release } of kernels) times.set(release, (times.get(release) ?? 0) + 1);
  return kernels.map(({ release, target }) =>
    times.get(release) === 1 ? release : `${release} (${shownPath(target)})`,
  );
}
