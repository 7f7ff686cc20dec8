// Which kind of system a paste comes from, where its lines say so: on some, modules are built and installed elsewhere.
import type { Translate } from '../findings/words';
import { BUILD, type Advice } from './causes/types';

export type System = 'wsl' | 'android' | 'openwrt' | 'chromeos' | 'synology';

/** What only these systems print, in the order in which they are tried. */
const SIGNS: readonly (readonly [system: System, sign: RegExp])[] = [
  ['wsl', /microsoft-standard|-Microsoft\b|\bWSL2\b|\busbipd\b/],
  [
    'android',
    /\binit: (?:Failed to insmod|LoadWithAliases)|finit_module for "|\/(?:vendor|vendor_dlkm|system_dlkm|odm)\/lib\/modules|\[libfs_mgr\]/,
  ],
  ['openwrt', /\bkmodloader\b|\bOpenWrt\b|\bopkg\b/],
  ['chromeos', /\bchronos@|Chromium OS LSM|\bLoadPin: /],
  ['synology', /synology|\/@appstore\//i],
];

/** Systems show themselves early in a paste. */
const MOST_CHARS = 200_000;

/** Null for a common distribution, or where nothing tells. */
export function systemOf(text: string): System | null {
  const start = text.slice(0, MOST_CHARS);
  return SIGNS.find(([, sign]) => sign.test(start))?.[0] ?? null;
}

/** Advice to build the module, as it is done for that system. */
export function onSystem(advice: Advice, system: System | null, t: Translate): Advice {
  if (system === null || advice.command !== BUILD) return advice;
  const hint = buildHint(system, t);
  return { ...advice, command: COMMANDS[system], apart: advice.apart === null ? hint : `${hint} ${advice.apart}` };
}

/** What shows the build of the running system, where there are no headers to build with. */
const COMMANDS: Readonly<Record<System, string>> = {
  wsl: 'uname -r; git clone --depth 1 -b linux-msft-wsl-$(uname -r | cut -d- -f1) https://github.com/microsoft/WSL2-Linux-Kernel.git',
  android: 'cat /proc/version; modinfo -F vermagic MODULE.ko',
  openwrt: 'uname -r; cat /etc/openwrt_release; modinfo MODULE.ko',
  chromeos: 'uname -r; modinfo -F vermagic MODULE.ko',
  synology: 'uname -a; cat /etc.defaults/VERSION',
};

/** How modules get onto that system. */
export function buildHint(system: System, t: Translate): string {
  switch (system) {
    case 'wsl':
      return t(
        'This is the kernel of WSL, for which no distribution has headers. Build the module in the sources that Microsoft publishes for this release, with the configuration in /proc/config.gz.',
      );
    case 'android':
      return t(
        'On Android, the kernel and the modules on the ramdisk and the vendor partitions come from one build. Use both from the same build: put the modules built with this kernel there (vendor_boot, vendor_dlkm), or go back to the kernel they came with.',
      );
    case 'openwrt':
      return t(
        'On OpenWrt, a module fits one build only. Install the kmod package from the feed of this image, or build it in the SDK or source tree of this image.',
      );
    case 'chromeos':
      return t(
        'For ChromeOS, build the module in the kernel branch of exactly this release; an update of the system makes a new build necessary.',
      );
    case 'synology':
      return t(
        'For DSM, build the module with the toolkit of exactly this DSM version and platform; a newer toolkit may bring the right kernel configuration.',
      );
  }
}
