// Causes in the running machine: which modules it has, what uses them, their parameters.
import {
  dependencyMissing,
  initResult,
  invalidParameter,
  memoryTooLarge,
  moduleInUse,
  notLoaded,
  percpuFailure,
  unknownParameter,
} from '../../findings/definitions';
import type { Translate } from '../../findings/words';
import { note, refused, safe, type Advice, type Cause, type Told } from './types';

const moduleOf = ({ module }: Told): string => safe(module, 'MODULE');

export const MACHINE_CAUSES = {
  notFound: refused([notLoaded.id, dependencyMissing.id], notFound),
  noModulesDirectory: refused([], ({ dir = '/lib/modules' }, t) =>
    /microsoft/i.test(dir)
      ? noDirectoryOfWsl(dir, t)
      : {
          why: t(
            'There is no modules directory for the running kernel ({0}). A container or a minimal image has none, or the kernel was updated and its old directory removed.',
            dir,
          ),
          command: 'uname -r; ls /lib/modules',
          apart: t(
            'If /lib/modules has other releases, reboot. In a container, load the module on the host. If the directory exists without modules.dep, run depmod.',
          ),
        },
  ),
  inUse: refused([moduleInUse.id], ({ users, module }, t) => ({
    why: users
      ? t('The module cannot be removed, because {0} use it.', users.trim())
      : t(
          'The module cannot be removed, because something uses it: an open device, a mounted file system, a network interface.',
        ),
    command: users
      ? `sudo modprobe -r ${safe(users.trim().split(/[\s,]+/)[0], 'USER')} ${safe(module, 'MODULE')}`
      : 'lsmod; sudo lsof /dev',
    apart: t('If nothing uses it, its init crashed earlier and the module stays until reboot.'),
  })),
  notLoaded: refused([notLoaded.id], (_, t) => ({
    why: t('There is no module of this name in the kernel, so there is nothing to remove.'),
    command: 'lsmod',
    apart: t('Dashes count as underscores. A driver that is built in cannot be removed.'),
  })),
  builtin: note((told, t) => ({
    why: t('The driver is part of the kernel image. There is nothing to load or to remove.'),
    command: `modinfo ${moduleOf(told)}`,
    apart: null,
  })),
  waiting: refused([], ({ owner, symbol = '' }, t) => ({
    why:
      owner === undefined
        ? t('The module needs the symbol {0} of another module, whose init did not finish within 30 seconds.', symbol)
        : t('The module needs a symbol of {0}, whose init did not finish within 30 seconds.', owner),
    command: `cat /sys/module/${safe(owner, 'MODULE')}/initstate; sudo dmesg | grep ${safe(owner, 'MODULE')}`,
    apart: t('Either its init hangs, or it waits for this module: look for a modprobe or request_module in its init.'),
  })),
  memory: refused([memoryTooLarge.id, percpuFailure.id], (_, t) => ({
    why: t('The memory area for modules is full, or the module is too large for it.'),
    command: 'sudo grep -c . /proc/modules; size MODULE.ko',
    apart: t('On 32-bit machines a larger vmalloc= helps. Large static per-CPU data must be allocated dynamically.'),
  })),
  virtualization: refused([initResult.id], (_, t) => ({
    why: t(
      'The CPU has no hardware virtualization that the module could use, or the firmware has switched it off. Inside a virtual machine, the host must pass it on.',
    ),
    command: 'grep -c -w -e vmx -e svm /proc/cpuinfo',
    apart: t(
      '0 means that the CPU, the firmware or the host hides it: turn on Intel VT-x or AMD-V (SVM) in the firmware setup, or nested virtualization on the host. With another number, another hypervisor holds it.',
    ),
  })),
  virtualizationTaken: {
    effect: 'objection',
    codes: [],
    refusesWith: [16, 19],
    advise: (_, t) => ({
      why: t(
        'KVM has switched on the virtualization of the CPU, and another hypervisor cannot use it at the same time. Since Linux 6.12, KVM does so as soon as its module is there.',
      ),
      command: 'sudo modprobe -r kvm_intel kvm_amd kvm',
      apart: t(
        'To have it so after a reboot, blacklist kvm_intel or kvm_amd, or boot with kvm.enable_virt_at_load=0. A newer version of the other hypervisor works beside KVM.',
      ),
    }),
  },
  noDevice: {
    effect: 'objection',
    codes: [initResult.id],
    refusesWith: [19],
    advise: (_, t) => ({
      why: t('The driver found no device that it supports. The module file is not at fault.'),
      command: 'lspci -nnk | grep -A 3 -i -e vga -e 3d',
      apart: t(
        'If lspci does not list the device, it is switched off (in the firmware setup, or by a power saving tool) or not passed on to the virtual machine. If it does, "Kernel driver in use" names another driver that has it.',
      ),
    }),
  },
  deviceUnsupported: {
    effect: 'objection',
    codes: [initResult.id],
    refusesWith: [19],
    advise: (_, t) => ({
      why: t('This version of the driver does not support the device: it is too old or too new for it.'),
      command: 'lspci -nn | grep -i -e vga -e 3d; modinfo -F version nvidia',
      apart: t(
        'Install the version that the maker lists for this device (for old NVIDIA cards, one of the legacy branches).',
      ),
    }),
  },
  acpiConflict: {
    effect: 'objection',
    codes: [initResult.id],
    refusesWith: [16, 19],
    advise: (_, t) => ({
      why: t(
        'The firmware (ACPI) claims the I/O ports that the driver needs, so the kernel does not give them to the driver. The module file is not at fault.',
      ),
      command: 'sudo dmesg | grep -e OpRegion -e "ACPI: "; cat /proc/cmdline',
      apart: t(
        'If the firmware really uses the device, the driver for its ACPI interface is the right one. Otherwise the boot option acpi_enforce_resources=lax, or an option of the driver that ignores the conflict, gets around it.',
      ),
    }),
  },
  deviceTaken: {
    effect: 'objection',
    codes: [],
    refusesWith: [16, 19],
    advise: (_, t) => ({
      why: t('The driver found its device, but another driver has it. The kernel gives a device to one driver only.'),
      command: 'lspci -nnk | grep -A 3 -i -e vga -e 3d',
      apart: t(
        'Blacklist the other driver (nouveau, nvidiafb or vfio-pci) in modprobe.d, make the initramfs anew and reboot.',
      ),
    }),
  },
  modprobeConfig: {
    effect: 'objection',
    codes: [],
    advise: ({ file = '' }, t) => ({
      why: t('modprobe ignores a line of {0}, because it is not one of the lines such a file may have.', file),
      command: `cat ${safe(file, '/etc/modprobe.d/*.conf')}`,
      apart: t(
        'A line is "options MODULE name=value", "blacklist MODULE", "install MODULE command" or "alias NAME MODULE".',
      ),
    }),
  },
  killed: {
    effect: 'crashed',
    codes: [],
    advise: ({ module }, t) => ({
      why: t(
        'The kernel killed the tool in the middle of its system call: almost always because the init of the module crashed.',
      ),
      command: 'sudo dmesg | grep -A 40 -e "BUG:" -e "Oops" -e "Unable to handle"',
      apart: t(
        'The kernel log has the crash: explain those lines. Reboot before the next try, because {0} stays half loaded.',
        module ?? t('the module'),
      ),
    }),
  },
  parameterUnknown: {
    effect: 'objection',
    codes: [unknownParameter.id],
    advise: (told, t) =>
      told.param?.startsWith('#')
        ? {
            why: t(
              "The line of options for this module ends with a comment, and modprobe hands its words over as parameters ('{0}'). The kernel ignores them, so this line is no reason for a refusal.",
              told.param,
            ),
            command: `grep -rn '${moduleOf(told)}.*#' /etc/modprobe.d /usr/lib/modprobe.d`,
            apart: t('Put the comment on a separate line that starts with #.'),
          }
        : {
            why: t(
              "The module has no parameter '{0}'. The kernel ignores it, so this line is no reason for a refusal.",
              told.param ?? '',
            ),
            command: `modinfo -p ${moduleOf(told)}`,
            apart: null,
          },
  },
  parameterValue: refused([invalidParameter.id], (told, t) => ({
    why: t('The module has the parameter, but not this value: it is of another type, out of range or too long.'),
    command: `modinfo -p ${moduleOf(told)}`,
    apart: t(
      'Lists are separated by commas without blanks. A leading 0 makes a number octal. If the value is right, the module itself rejects it.',
    ),
  })),
  forced: note(
    (_, t) => ({
      why: t(
        'The kernel did not check versions here, because the load was forced or the module carries none. The line itself refuses nothing, and later checks still apply.',
      ),
      command: null,
      apart: null,
    }),
    ['forced-load'],
  ),
  harmless: note((_, t) => ({ why: t('This line refuses nothing.'), command: null, apart: null })),
} satisfies Readonly<Record<string, Cause>>;

/** The kernel of WSL came without modules for years. */
const noDirectoryOfWsl = (dir: string, t: Translate): Advice => ({
  why: t(
    'This is the kernel of WSL, and {0} does not exist: its drivers are built in or left out, so there is nothing to load.',
    dir,
  ),
  command: 'zcat /proc/config.gz | grep -i DRIVER; wsl.exe --update',
  apart: t(
    '"=y" in that configuration means that the driver is built in and works without modprobe. "is not set" or "=m" means that it is missing: a newer WSL may bring it, otherwise build a kernel of your own from the sources Microsoft publishes and name it in .wslconfig.',
  ),
});

/** A directory in the line says which release was looked in. */
function notFound({ dir, module }: Told, t: Translate): Advice {
  const name = safe(module, 'MODULE');
  return {
    why: /microsoft/i.test(dir ?? '')
      ? t(
          'This is the kernel of WSL, and {0} has no module of this name. Most of its drivers are built in or left out; newer versions of WSL bring a directory of modules.',
          dir ?? '',
        )
      : /^\/(?:run\/booted-system|run\/current-system|nix)\//.test(dir ?? '')
        ? t(
            'There is no module of this name in {0}. On NixOS, modules come with the system that was booted: the package of the module is not in boot.extraModulePackages (or the file system not in boot.supportedFilesystems), or the system was switched without a reboot.',
            dir ?? '',
          )
        : dir
          ? t(
              'There is no module of this name in {0}. Most often the kernel was updated and not rebooted, the module is in a package that is not installed, or it was never built for this release.',
              dir,
            )
          : t(
              'The tool found no module of this name. It looks in the directory of the running release only, in its lists made by depmod.',
            ),
    command: /^\/(?:run|nix)\//.test(dir ?? '')
      ? `sudo nixos-rebuild boot; find /run/booted-system/kernel-modules/ -name '${name.replaceAll('_', '?')}.ko*'`
      : `uname -r; ls /lib/modules; find /lib/modules -name '${name.replaceAll('_', '?')}.ko*'`,
    apart: t(
      'If the running release has no directory, reboot. If the file exists, run depmod -a. If modules.builtin lists it, it is built in. In a container, the host must load it. Otherwise install the package with extra modules or build it.',
    ),
  };
}
