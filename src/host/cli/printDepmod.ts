// insmod-lens check --format depmod: what `depmod -n` prints, and with a kernel what `-e -E Module.symvers` adds.
import { depmodText } from '../../kmod/depmodText';
import { readDepmodTree } from '../node/depmodTree';
import { InputError, isDirectory } from '../node/files';
import { readTargetCached } from '../node/targets';
import { leaveWith } from './exitStatus';
import { err, out } from './output';

interface DepmodOptions {
  readonly kernel?: readonly string[];
  readonly modules?: string;
}

/** Throws InputError unless there is one directory, and one kernel at most. */
export async function printDepmod(
  [directory = '', ...others]: readonly string[],
  options: DepmodOptions,
): Promise<void> {
  if (others.length > 0 || !isDirectory(directory))
    throw new InputError(directory, 'is not the one directory that --format depmod takes');
  const [kernel, ...more] = options.kernel ?? [];
  if (more.length > 0) throw new InputError(more[0] ?? '', 'is one kernel too many for --format depmod');
  const facts =
    kernel === undefined
      ? null
      : await readTargetCached(kernel, options.modules === undefined ? {} : { modules: options.modules });
  const tree = await readDepmodTree(directory, facts?.exports ?? null);
  for (const message of tree.messages) err(Buffer.from(`depmod: ${message}\n`, 'latin1'));
  if (!tree.hasCycle) {
    // kmod has the table of weak dependencies since version 33, and leaves no trace of it in a tree without any.
    const weakdep = tree.modules.some(module => module.weakdeps.length > 0);
    out(Buffer.from(depmodText(tree, { weakdep }), 'latin1'));
  }
  leaveWith(tree.hasCycle ? 1 : 0);
}
