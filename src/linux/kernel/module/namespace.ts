// Which modules a symbol namespace is open to without importing it (kernel/module/main.c).
import type { Features } from '../../features';

/**
 * Whether `module` has to name the namespace of an export in its import_ns to use it.
 * @param namespace of the export; null or empty when it is in none
 */
export function mustImport(
  features: Pick<Features, 'exportNamespaces' | 'moduleNamespaces'>,
  namespace: string | null,
  module: string,
): namespace is string {
  if (!features.exportNamespaces || namespace === null || namespace === '') return false;
  return !(features.moduleNamespaces && moduleNamespaceNames(namespace, module));
}

const MODULE_PREFIX = 'module:';

/** verify_module_namespace(): `module:a,b-*` lists modules by name; a trailing `*` stands for any rest. */
function moduleNamespaceNames(namespace: string, module: string): boolean {
  if (!namespace.startsWith(MODULE_PREFIX)) return false;
  const fold = (text: string): string => text.replaceAll('-', '_');
  return namespace
    .slice(MODULE_PREFIX.length)
    .split(',')
    .some(pattern =>
      pattern.endsWith('*') ? fold(module).startsWith(fold(pattern.slice(0, -1))) : fold(module) === fold(pattern),
    );
}
