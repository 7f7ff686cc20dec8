// Which C files a Makefile makes a module of, as far as its text says it without running make.

/** Lines that continue are one line. */
const joined = (makefile: string): string => makefile.replaceAll('\\\n', ' ');

/**
 * Modules that obj-m lists, without suffix; null where a Makefile computes them
 * (Documentation/kbuild/modules.rst, section 3).
 */
export function builtModules(makefiles: readonly string[]): string[] | null {
  const found: string[] = [];
  for (const makefile of makefiles)
    for (const [, list = ''] of joined(makefile).matchAll(/^[ \t]*obj-\S+[ \t]*[:+]?=([^#\n]*)/gm)) {
      const objects = objectsIn(list);
      if (objects === null) return null;
      found.push(...objects);
    }
  return found.length === 0 ? null : found;
}

/**
 * The C files of one module, as `NAME-objs` and `NAME-y` list them, else `NAME.c`; null where a Makefile computes them
 * or takes them from other directories.
 */
export function sourcesOfModule(makefiles: readonly string[], module: string): string[] | null {
  const found: string[] = [];
  for (const makefile of makefiles)
    for (const [, name, words = ''] of joined(makefile).matchAll(PARTS)) {
      if (name !== module) continue;
      const objects = objectsIn(words);
      if (objects === null) return null;
      found.push(...objects.map(object => `${object}.c`));
    }
  return found.length === 0 ? [`${module}.c`] : found;
}

const PARTS = /^[ \t]*([\w.-]+)-(?:objs|y|m|\$\([^)\n]*\))[ \t]*[:+]?=([^#\n]*)/gm;

function objectsIn(list: string): string[] | null {
  const words = list.split(/\s+/).filter(word => word !== '');
  if (words.some(word => word.includes('$') || word.endsWith('/'))) return null;
  return words.filter(word => word.endsWith('.o')).map(word => word.slice(0, -2));
}
