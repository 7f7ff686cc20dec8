// setup_modinfo(): since 6.16 a namespace of named modules cannot be imported.
import { note } from '../../../findings/notes';
import { importOfModuleNamespace } from '../../../findings/importOfModuleNamespace';
import { EPERM } from '../../errno';
import { getInfo, infoValues } from './loadInfo';
import type { Errno, Load } from './types';

export function setupModinfo(load: Load): Errno {
  const { info, observer } = load;
  for (const field of observer ? ['version', 'srcversion'] : [])
    observer?.checked(field, getInfo(info, field) ?? note('none'));
  for (const namespace of infoValues(info, 'import_ns')) {
    const refused = load.features.moduleNamespaces && namespace.startsWith('module:');
    observer?.checked('import_ns', namespace, '', load.features.moduleNamespaces ? !refused : null);
    if (!refused) continue;
    load.report(importOfModuleNamespace, { module: load.mod.name, namespace });
    return EPERM;
  }
  return 0;
}
