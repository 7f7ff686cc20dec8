// What goes wrong when the loader's checks are over and code of the module runs.
import { initPositive, initResult, sysfsDuplicate } from '../../findings/definitions';
import { crashed, whereIs } from './crashes';
import { safe, type Cause } from './types';

const objection = (advise: Cause['advise']): Cause => ({ effect: 'objection', codes: [], advise });

export const AT_LOAD_CAUSES = {
  kernelWarning: objection(({ module, file = '' }, t) => ({
    why:
      module === undefined
        ? t('The kernel warned about something at {0} and went on. The warning itself refuses nothing.', file)
        : t(
            'The kernel warned about something at {0} while code of {1} was running, and went on. The warning itself refuses nothing.',
            file,
            module,
          ),
    command: 'sudo dmesg | grep -A 40 "WARNING: "',
    apart: t(
      'The first function of a module in the call trace is the place to look at. If the tool was killed afterwards, a line with BUG or Oops follows.',
    ),
  })),
  checker: objection(({ module, place, what }, t) => ({
    why: t(
      'A checker of the kernel ({0}) found a mistake in the code that was running, and the kernel went on. The report itself refuses nothing.',
      (what ?? 'UBSAN').replace(/:.*/, ''),
    ),
    command: whereIs(module, place) ?? 'sudo dmesg | grep -A 40 -e UBSAN -e "BUG: "',
    apart: t(
      'The first function of a module in the call trace is the place to look at: its maker should correct it, and a newer version may have. If the module does its work, the report alone is no reason to act; only panic_on_warn and similar options turn it into a crash.',
    ),
  })),
  ioremap: {
    effect: 'objection',
    codes: [initResult.id],
    refusesWith: [12, 14, 16],
    advise: ({ module, place, file = '' }, t) => ({
      why: t(
        'The driver asked the kernel to map an address that is ordinary memory or not there on this machine ({0}). Its addresses are those of another board or chip.',
        file,
      ),
      command: whereIs(module, place) ?? 'cat /proc/iomem; cat /proc/device-tree/model',
      apart: t(
        'Look for a version or an option of the driver for this board: the address of the peripherals differs between them (on the Raspberry Pi, between models). The errno of the tool only follows from this.',
      ),
    }),
  },
  livepatch: {
    effect: 'refused',
    codes: [],
    advise: ({ symbol = '' }, t) => ({
      why: t(
        'The live patch looks for {0} in the running kernel and does not find it as it expects: the patch was built from other sources, another configuration or another build than the kernel that runs.',
        symbol,
      ),
      command: `uname -rv; sudo grep -w ${safe(symbol, 'SYMBOL')} /proc/kallsyms`,
      apart: t(
        'Build the patch from the sources, configuration and vmlinux of exactly the running build (kpatch-build --sourcedir --config --vmlinux). If the symbol comes several times in kallsyms, its position must be given.',
      ),
    }),
  },
  livepatchRefusal: {
    effect: 'refused',
    codes: [],
    advise: ({ patch = '', module }, t) => ({
      why: t(
        'An active live patch, {0}, covers {1} and could not be applied to it, so the kernel refuses the module.',
        patch,
        module ?? t('the module'),
      ),
      command: 'ls /sys/kernel/livepatch; uname -r',
      apart: t(
        'The live patch was made for another build of that module. Disable or update the live patch, or load the module from the kernel package that it was made for.',
      ),
    }),
  },
  thunk: objection((_, t) => ({
    why: t(
      'Code returned through a return thunk that the kernel did not patch: an object of the module was built without objtool (prebuilt, or hidden with OBJECT_FILES_NON_STANDARD). The kernel warns and goes on; the protection against speculation is incomplete.',
    ),
    command: 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules',
    apart: t(
      'The call trace of the warning names the module. If no module is in it, report it to the maker of the kernel.',
    ),
  })),
  hung: crashed([], (_, t) => ({
    why: t(
      'The tool has been waiting in the kernel for minutes: init does not return, or waits for another module that waits for this one.',
    ),
    command: 'sudo cat /proc/$(pidof -s modprobe insmod)/stack',
    apart: t(
      'With request_module or idempotent_init_module in the stack, it waits for another load. With a function of the module, its init waits for a device or a lock.',
    ),
  })),
  initFailed: {
    effect: 'refused',
    codes: [initResult.id],
    advise: ({ module, err = '' }, t) => ({
      why: t(
        "The loader's checks were over; the module's own init returned {0}. The tool shows the text of this number, which may look like an error of the loader.",
        err,
      ),
      command: `sudo dmesg | grep -i ${safe(module, 'MODULE')}`,
      apart: t(
        '-19 (ENODEV) means that init found no device it supports; -16 (EBUSY) that another driver has it; -12 that memory was short. The lines the driver printed before this one say more.',
      ),
    }),
  },
  initCalled: {
    effect: 'note',
    codes: [],
    advise: (_, t) => ({
      why: t('initcall_debug reports that init was called or returned 0. It says nothing about a device.'),
      command: null,
      apart: null,
    }),
  },
  initPositive: {
    effect: 'objection',
    codes: [initPositive.id],
    advise: (_, t) => ({
      why: t(
        'init returned a positive number. It must return 0 or a negative errno. The kernel warns and keeps the module.',
      ),
      command: null,
      apart: t('Look at the return statements of the init function.'),
    }),
  },
  sysfs: {
    effect: 'objection',
    codes: [sysfsDuplicate.id],
    refusesWith: [12, 16, 17],
    advise: ({ path = '' }, t) => ({
      why: t(
        "Something registered the name '{0}' a second time. A driver of the same name is in the kernel already, built in or as another module, or init registered it twice.",
        path,
      ),
      command: `ls -ld /sys${safe(path.replace(/^\//, ''), '') ? `/${safe(path.replace(/^\//, ''), '')}` : ''}`,
      apart: t(
        'The call trace below the line names the function that registered it. If the module was in the kernel before, its exit left the name behind. If the function is not one of the module, the owner of that directory is to be found first.',
      ),
    }),
  },
  driverRegistered: {
    effect: 'refused',
    codes: [sysfsDuplicate.id],
    advise: (_, t) => ({
      why: t('A driver of this name is registered already, built into the kernel or by another module.'),
      command: 'lsmod; ls /sys/bus/*/drivers',
      apart: t('Unload or blacklist the other driver, or rename the new one.'),
    }),
  },
  possibleFirmware: {
    effect: 'note',
    codes: [],
    advise: ({ file = '' }, t) => ({
      why: t(
        'The initramfs was made without the firmware file {0}. It matters only if this machine has the device.',
        file,
      ),
      command: null,
      apart: null,
    }),
  },
  versionMix: {
    effect: 'refused',
    codes: [],
    advise: (_, t) => ({
      why: t(
        'The module in the kernel is of another version than the programs and libraries that use it: the driver was updated, and the old module is still loaded.',
      ),
      command: 'cat /proc/driver/nvidia/version; modinfo -F version nvidia; dkms status',
      apart: t(
        'Reboot, or unload the old module and load the new one. If the versions differ after a reboot, the initramfs holds the old module: make it anew.',
      ),
    }),
  },
  firmware: {
    effect: 'objection',
    codes: [],
    advise: ({ file = '' }, t) => ({
      why: t(
        'The driver asked for the firmware file {0}, and it is not installed. This is no fault of the module file.',
        file,
      ),
      command: `ls -l /lib/firmware/${safe(file, '')}*`,
      apart: t(
        'Install the firmware package. If the file exists, it may be missing in the initramfs, or be compressed in a way this kernel does not read.',
      ),
    }),
  },
  probe: {
    effect: 'objection',
    codes: [],
    refusesWith: [5, 6, 16, 19],
    advise: ({ module, err = '' }, t) => ({
      why: t(
        'The driver was asked for a device and gave up with error {0}. This is the driver and its device, not the loader.',
        err,
      ),
      command: `sudo dmesg | grep -i ${safe(module, 'MODULE')}`,
      apart: t(
        'The lines of the driver just before this one say what it missed: firmware, a clock, memory, another version of the device. A device on I2C or SPI that does not answer (-110, -121, -5, -19) is most often wired wrong, has no power, or stands wrong in the device tree.',
      ),
    }),
  },
  ftrace: {
    effect: 'objection',
    codes: [],
    refusesWith: [14, 22],
    advise: (_, t) => ({
      why: t(
        'The tracing call sites of the module do not fit this kernel: it was built with another compiler or other options.',
      ),
      command: 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules',
      apart: t(
        'If a clean build with the compiler of the kernel gives the same, another tool patches the same functions.',
      ),
    }),
  },
} satisfies Readonly<Record<string, Cause>>;
