// The size of struct module, which since 6.4 must match to the byte and before was taken on trust.
import { note } from '../../../findings/notes';
import { structModuleDiffers } from '../../../findings/structModuleDiffers';
import { thisModuleSize } from '../../../findings/thisModuleSize';
import { ENOEXEC } from '../../errno';
import { releases } from './loadInfo';
import { thisModuleName } from './thisModule';
import type { Errno, Load, LoadedSection } from './types';

const STRUCT_MODULE_UNKNOWN = note('struct-module-unknown');

export function checkThisModuleSize(load: Load, section: LoadedSection, shown: string): Errno {
  const { structModule } = load.facts;
  if (!structModule) {
    load.observer?.checked('sizeof(struct module)', note('bytes', { count: section.sh_size }), note('not-known'));
    load.notChecked(STRUCT_MODULE_UNKNOWN);
    return 0;
  }
  const same = section.sh_size === structModule.size;
  const ok = load.features.thisModuleSizeChecked ? same : null;
  load.observer?.checked(
    'sizeof(struct module)',
    note('bytes', { count: section.sh_size }),
    note('bytes', { count: structModule.size }),
    ok,
  );
  if (same) {
    load.vouched = true;
    return 0;
  }
  const facts = { module: shown, size: section.sh_size, expected: structModule.size, ...releases(load) };
  if (!load.features.thisModuleSizeChecked) {
    // No line of the kernel: the name is that of struct module.
    load.report(structModuleDiffers, { ...facts, module: thisModuleName(load, section) || shown });
    return 0;
  }
  load.report(thisModuleSize, facts);
  return load.options.goOn ? 0 : ENOEXEC;
}
