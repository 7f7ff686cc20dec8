// Crashes of the kernel while a module is loaded.
import { safe, type Cause } from './types';

export const crashed = (codes: readonly string[], advise: Cause['advise']): Cause => ({
  effect: 'crashed',
  codes,
  advise,
});

/** Leads from an offset in a function to the line of C; null where the trace names no place in a module. */
export const whereIs = (module: string | undefined, place: string | undefined): string | null =>
  place === undefined ? null : `scripts/faddr2line ${safe(module, 'MODULE')}.ko ${safe(place, 'SYMBOL+0xOFFSET')}`;

export const CRASH_CAUSES = {
  initCrash: crashed([], ({ module, place }, t) => ({
    why: t("The loader's checks were over; the module's own init crashed the kernel."),
    command: whereIs(module, place) ?? 'scripts/decode_stacktrace.sh vmlinux < oops.txt',
    apart: t(
      'The first function of the module in the trace is the place to look at. Reboot before the next try: the module stays half loaded and cannot be removed. A crash only with this kernel may also be a module built for another configuration.',
    ),
  })),
  loadCrash: crashed([], ({ module, place }, t) => ({
    why:
      place === undefined || module === undefined
        ? t(
            'The kernel crashed while a tool was inserting a module or udev was at work, most likely in the init of a module. The trace as pasted does not reach the name of its function.',
          )
        : t(
            'The kernel crashed in {0} of the module {1} while a tool was inserting a module or udev was at work: most likely its init was running.',
            place.replace(/\+.*/, ''),
            module,
          ),
    command: whereIs(module, place) ?? 'sudo dmesg | grep -A 60 -e "BUG:" -e "Oops" -e "Unable to handle"',
    apart: t(
      'The first line of the call trace with a name in square brackets is the place to look at. Reboot before the next try: the module stays half loaded. An older or newer version of the driver, or one built for exactly this kernel, often does not crash.',
    ),
  })),
  loaderCrash: crashed([], (_, t) => ({
    why: t(
      "The kernel crashed in its own loader, before the module's init ran: the file holds something that this kernel does not check, or another module watches loading and is at fault.",
    ),
    command: 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules',
    apart: t(
      'A clean build against the exact headers rules out the file: a module of another build may pass the checks. Live patches and tracers change memory while a module is being loaded: try without them.',
    ),
  })),
  crash: crashed([], ({ module, place }, t) => ({
    why:
      place === undefined || module === undefined
        ? t('The kernel crashed. These lines do not show whether the init of a module was running.')
        : t(
            'The kernel crashed in {0} of the module {1}. These lines do not show whether its init was running.',
            place.replace(/\+.*/, ''),
            module,
          ),
    command: whereIs(module, place) ?? 'sudo dmesg | grep -A 40 -e "BUG:" -e "Oops"',
    apart: t(
      'Look in the whole call trace for do_init_module and for names in square brackets. With do_init_module, the init of that module crashed. Without it, the code ran later.',
    ),
  })),
  endbr: crashed([], ({ symbol = '' }, t) => ({
    why: t(
      'The CPU checks indirect calls (IBT), and {0} does not begin with endbr64. The object was compiled without -fcf-protection=branch, as prebuilt objects often are.',
      symbol,
    ),
    command: `objdump -d MODULE.ko | grep -A1 '<${safe(symbol, 'init_module')}>:'`,
    apart: t(
      'Rebuild every object of the module with the options of the kernel, or install a version of the driver made for IBT. Booting with ibt=off confirms the cause.',
    ),
  })),
  endbrKernel: crashed([], ({ symbol = '' }, t) => ({
    why: t(
      'The CPU checks indirect calls (IBT). The module called {0} of the kernel through a pointer, and the kernel does not allow that for this function: it removed endbr64 where it does not need it itself.',
      symbol,
    ),
    command: 'cat /proc/cmdline; sudo dmesg | grep -A 30 "Missing ENDBR"',
    apart: t(
      'Modules that look functions up (kallsyms_lookup_name, kprobes) fail like this. Update the module to a version that supports IBT. Booting with ibt=off gets around it and turns the protection off.',
    ),
  })),
  cfi: crashed([], ({ symbol = '' }, t) => ({
    why: t(
      'An indirect call reached {0}, which has another type than the caller expects, or code without type information (CFI).',
      symbol,
    ),
    command: 'cat /proc/version; readelf -p .comment MODULE.ko',
    apart: t(
      'Build with the same Clang as the kernel: objects from GCC have no type information. With the same compiler, correct the prototype of the function, and do not call functions found through kallsyms_lookup_name.',
    ),
  })),
  bti: crashed([], (_, t) => ({
    why: t(
      'The CPU checks indirect branches (BTI), and the code that was reached has no landing pad. An object was built without -mbranch-protection.',
    ),
    command: 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules',
    apart: t('Prebuilt objects and assembler files are the usual place. The call trace names the function.'),
  })),
  rootFs: crashed([], (_, t) => ({
    why: t(
      'The kernel found no root file system. Most often the module for the disk or the file system is not in the initramfs, the initramfs belongs to another kernel, or the boot loader did not load it.',
    ),
    command: 'lsinitramfs /boot/initrd.img-RELEASE | grep -c "\\.ko"; sudo update-initramfs -u -k RELEASE',
    apart: t(
      'Boot an older kernel and make the initramfs of the new one again (dracut -f --kver RELEASE, mkinitcpio -P). If /boot was full or the kernel was installed by hand, its modules may be missing in /lib/modules: make modules_install. A wrong root= on the command line gives the same panic; the lines before it list the disks that the kernel sees.',
    ),
  })),
  noInit: crashed([], (_, t) => ({
    why: t(
      'The kernel started and found no program to run as init. This is about the root file system, not about a module.',
    ),
    command: 'cat /proc/cmdline; file /sbin/init',
    apart: t(
      'Check root= and init= on the command line, and that init was built for this processor and its libraries are there.',
    ),
  })),
} satisfies Readonly<Record<string, Cause>>;
