// mod_sysfs_setup(): the directory of the module; names that clash there refuse the load late.
import { note } from '../../../findings/notes';
import { SHF_ALLOC } from '../../../formats/elf/constants';
import { namelessModule } from '../../../findings/namelessModule';
import { sysfsDuplicate } from '../../../findings/sysfsDuplicate';
import { sysfsNameTaken } from '../../../findings/sysfsNameTaken';
import { EEXIST, EINVAL } from '../../errno';
import { repeatsNames, sectionName } from './loadInfo';
import type { Errno, Kernel, Load } from './types';

/** Directories of every machine: parameters of the core, whatever is known of the rest. */
const ALWAYS_THERE = ['kernel', 'module', 'printk', 'rcutree', 'rcupdate', 'srcutree', 'workqueue'];

/** Sources that put their parameters under another name than the one modules.builtin.modinfo has for them. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['signing', 'module'],
  ['tree', 'rcutree'],
  ['update', 'rcupdate'],
  ['aspm', 'pcie_aspm'],
  // mm/kfence/core.c
  ['core', 'kfence'],
  ['reclaim', 'damon_reclaim'],
  ['lru_sort', 'damon_lru_sort'],
]);

/** Names under /sys/module that are taken before any module is loaded. */
function directoriesOf({ facts }: Kernel): ReadonlySet<string> {
  return new Set([...ALWAYS_THERE, ...(facts.builtin ?? []).map(name => RENAMED.get(name) ?? name)]);
}

/** mod_sysfs_init(): the directory itself, which up to 2.6.35 is made before anything else of the module. */
export function modSysfsInit(load: Load): Errno {
  const { mod } = load;
  const { kernel } = load.machine;
  kernel.sysfsDirectories ??= directoriesOf(kernel);
  // kobjects are named without slashes (lib/kobject.c, kobject_set_name_vargs()); the look-up comes before that.
  if (kernel.sysfsDirectories.has(mod.name)) {
    load.report(sysfsNameTaken, { module: mod.name });
    return EINVAL;
  }
  if (mod.name === '') {
    load.report(namelessModule, {});
    return EINVAL;
  }
  return 0;
}

export function modSysfsSetup(load: Load): Errno {
  const { mod, features, info } = load;
  const made = features.rows.has('loadInfo') ? modSysfsInit(load) : 0;
  if (made !== 0) return made;
  const shown = mod.params.filter(param => param.perm !== 0).map(param => param.name);
  load.observer?.checked(`/sys/module/${mod.name}/parameters`, note('files', { count: shown.length }));
  if (load.observer)
    load.observer.checked(`/sys/module/${mod.name}/sections`, note('files', { count: shownSections(load).length }));
  const parameter = firstRepeated(shown);
  if (parameter !== null) {
    load.report(sysfsDuplicate, { path: `/module/${mod.name}/parameters/${parameter}`, refused: true });
    return EEXIST;
  }
  // Only where a name comes again at all can two files have it.
  const section = repeatsNames(info) ? firstRepeated(shownSections(load)) : null;
  if (section === null) return 0;
  const path = `/module/${mod.name}/sections/${section}`;
  load.report(sysfsDuplicate, { path, refused: features.sysfsSectionErrors });
  return features.sysfsSectionErrors ? EEXIST : 0;
}

/** Names under sections/: allocated and not empty. */
function shownSections(load: Load): string[] {
  return load.info.sechdrs
    .filter(section => section.sh_flags & SHF_ALLOC && section.sh_size > 0)
    .map(section => sectionName(load.info, section));
}

function firstRepeated(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
