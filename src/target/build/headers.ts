// The headers of a build directory: its own, or those of the tree that its Makefile includes.
import type { TargetFiles } from '../files';

/** The text of a header, by its path in the source tree; null when it is not there. */
export function readHeader(build: string, header: string, files: TargetFiles): string | null {
  for (const tree of treesOf(build, files)) {
    const text = files.readText(files.path.join(tree, header));
    if (text !== null) return text;
  }
  return null;
}

/** Debian's packages, and builds with O=, keep shared headers in a separate tree. */
function treesOf(build: string, { path, readText }: TargetFiles): string[] {
  const included = /^include (\S+)\/Makefile\s*$/m.exec(readText(path.join(build, 'Makefile')) ?? '')?.[1];
  if (included === undefined) return [build];
  // A package that was unpacked elsewhere names the place it would have been installed to.
  return [build, path.join(path.dirname(build), path.basename(included)), path.resolve(build, included)];
}
