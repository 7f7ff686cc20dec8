// Whether a path stays below a folder when its links are followed.
import { readlinkSync } from 'node:fs';
import path from 'node:path';

/** As many links as Linux follows (MAXSYMLINKS, include/linux/namei.h). */
const MOST_LINKS = 40;

/**
 * Whether an absolute path lies below a folder, and every link on the way leads to a place below it. Links are read one by one, so
 * that nothing outside is looked at: an automounter there would mount the disk of another machine.
 *
 * @param readLink where a link leads, as it says; null for what is no link
 */
export function isInsideFolder(folder: string, file: string, readLink: (file: string) => string | null): boolean {
  let links = 0;
  let at = folder;
  let rest = partsBelow(folder, file);
  while (rest !== null) {
    const [next, ...others] = rest;
    if (next === undefined) return true;
    at = path.join(at, next);
    const target = readLink(at);
    if (target === null) {
      rest = others;
      continue;
    }
    if (++links > MOST_LINKS) return false;
    rest = partsBelow(folder, path.join(path.resolve(path.dirname(at), target), ...others));
    at = folder;
  }
  return false;
}

/** The names from a folder down to a file; null when the file is elsewhere. */
function partsBelow(folder: string, file: string): string[] | null {
  const relative = path.relative(folder, file);
  if (relative === '') return [];
  const parts = relative.split(path.sep);
  return parts[0] === '..' || path.isAbsolute(relative) ? null : parts;
}

/** Where a link leads, as it says; null for what is no link, or not there. */
export function linkAt(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
