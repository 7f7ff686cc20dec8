// How files are named to a person.
import nodePath from 'node:path';

/** As a person would type it: relative to the working directory where that is shorter. */
export function shownPath(file: string): string {
  const relative = nodePath.relative('', file);
  return relative.startsWith('..') ? file : relative;
}
