// module_init and the initcalls: what they are in a module, and when they would run if the code were built in.
import { t } from './l10n';

export interface Initcall {
  /** What include/linux/module.h makes of it in a module; null where it does not compile there. */
  readonly asModule: 'module_init' | 'module_exit' | null;
  /** Level and section when built in; null for exit functions. */
  readonly level: { readonly name: string; readonly section: string } | null;
}

const level = (name: string, id: string): Initcall => ({
  asModule: 'module_init',
  level: { name, section: `.initcall${id}.init` },
});

const INITCALLS: Readonly<Record<string, Initcall>> = {
  module_init: level('device (6)', '6'),
  module_exit: { asModule: 'module_exit', level: null },
  early_initcall: level('early, before the other processors start', 'early'),
  pure_initcall: { ...level('pure (0)', '0'), asModule: null },
  core_initcall: level('core (1)', '1'),
  core_initcall_sync: level('core, after it (1s)', '1s'),
  postcore_initcall: level('postcore (2)', '2'),
  postcore_initcall_sync: level('postcore, after it (2s)', '2s'),
  arch_initcall: level('arch (3)', '3'),
  arch_initcall_sync: { ...level('arch, after it (3s)', '3s'), asModule: null },
  subsys_initcall: level('subsys (4)', '4'),
  subsys_initcall_sync: level('subsys, after it (4s)', '4s'),
  fs_initcall: level('fs (5)', '5'),
  fs_initcall_sync: level('fs, after it (5s)', '5s'),
  rootfs_initcall: level('rootfs, between fs and device', 'rootfs'),
  device_initcall: level('device (6)', '6'),
  device_initcall_sync: level('device, after it (6s)', '6s'),
  late_initcall: level('late (7)', '7'),
  late_initcall_sync: level('late, after it (7s)', '7s'),
  console_initcall: {
    asModule: 'module_init',
    level: { name: 'console, from console_init()', section: '.con_initcall.init' },
  },
};

/** Markdown about one of the macros; null for any other word. */
export function initcallText(macro: string): string | null {
  if (!Object.hasOwn(INITCALLS, macro)) return null;
  const initcall = INITCALLS[macro];
  if (!initcall) return null;
  if (initcall.asModule === 'module_exit')
    return [
      `**\`${macro}\`**`,
      t(
        'In a module: the function becomes `cleanup_module`, which `delete_module(2)` calls. Without it the module cannot be removed.',
      ),
      t('Built in: never called; the code is left out.'),
    ].join('\n\n');
  const asModule =
    initcall.asModule === null
      ? t('In a module: does not compile, the macro exists for built-in code only.')
      : macro === 'module_init'
        ? t('In a module: the function becomes `init_module`, which runs when loading is done. A module has one.')
        : t(
            'In a module: the same as `module_init`, so the function becomes `init_module`, which runs when loading is done. A module has one.',
          );
  const builtIn = t(
    'Built in: runs at level **{0}**, from section `{1}`.',
    t(initcall.level?.name ?? ''),
    initcall.level?.section ?? '',
  );
  return [`**\`${macro}\`**`, asModule, builtIn].join('\n\n');
}
