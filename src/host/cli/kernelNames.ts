// How several kernels are told apart in what is printed.
import { shownPath } from './shownPath';

/** The release of each kernel; where another has the same one, with what was given as `--kernel`. */
export function kernelNames(kernels: readonly { readonly release: string }[], targets: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const { release } of kernels) times.set(release, (times.get(release) ?? 0) + 1);
  return kernels.map(({ release }, i) =>
    times.get(release) === 1 ? release : `${release} (${shownPath(targets[i] ?? '')})`,
  );
}
