// Files of modules, and the name of a module by its file.

/** How the file of a module is called. */
export const MODULE_FILE = /\.ko(?:\.(?:xz|zst|gz))?$/;

/**
 * What a file would be called: its base name up to the first dot, dashes as underscores. So does kmod (shared/util.c,
 * path_to_modname()).
 */
export function moduleNameOfPath(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const dot = base.indexOf('.');
  return (dot < 0 ? base : base.slice(0, dot)).replaceAll('-', '_');
}
