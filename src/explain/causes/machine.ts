// Causes outside the file: policy, the machine's modules directory, other modules, the tools.
import {
  blacklisted,
  dependencyMissing,
  invalidParameter,
  lockdownRestricts,
  memoryTooLarge,
  moduleInUse,
  noCapability,
  notLoaded,
  percpuFailure,
  signatureRefused,
  unknownParameter,
  unsignedRejected,
} from '../../findings/definitions';
import { NOT_EXPORTED } from '../../findings/unknownSymbol';
import type { Translate } from '../../findings/words';
import { safe, type Advice, type Cause, type Told } from './types';

const refused = (codes: readonly string[], advise: Cause['advise']): Cause => ({ effect: 'refused', codes, advise });
const note = (advise: Cause['advise'], codes: readonly string[] = []): Cause => ({ effect: 'note', codes, advise });
const moduleOf = ({ module }: Told): string => safe(module, 'MODULE');

export const MACHINE_CAUSES = {
  signature: refused([unsignedRejected.id, lockdownRestricts.id, signatureRefused.id], (_, t) => ({
    why: t(
      'This kernel accepts only modules signed with a key it trusts. Secure Boot or a signing policy is on, and this module has no signature that counts. The code is not the problem.',
    ),
    command: 'mokutil --sb-state; modinfo -F signer MODULE.ko',
    apart: t(
      'Without a signer: sign the .ko (after strip, before compression) and enroll the certificate with mokutil --import, then reboot. With a signer: its certificate is not trusted here, or the file changed after it was signed.',
    ),
  })),
  oldKey: refused([signatureRefused.id], (_, t) => ({
    why: t(
      'The module is signed with a key that this kernel does not have. This line comes from kernels before 4.3. It refuses the module only where signatures are enforced; otherwise it only marks the kernel as tainted.',
    ),
    command: 'cat /sys/module/module/parameters/sig_enforce /proc/keys | grep -i -e "^[YN]$" -e asymmetric',
    apart: t(
      'If the tool said "Required key not available", sign the module with the key of this kernel build. If it did not, look for another line.',
    ),
  })),
  selinux: refused([], (_, t) => ({
    why: t(
      'SELinux denied the load. The domain of the tool may not load a file with this label, so the loader never looked at the module.',
    ),
    command: 'sudo restorecon -v MODULE.ko; sudo ausearch -m avc -ts recent',
    apart: t(
      'If the label is right already, the policy needs a rule that allows module_load of class system. If setenforce 0 changes nothing, SELinux is not the cause.',
    ),
  })),
  selinuxPermissive: note((_, t) => ({
    why: t('SELinux would deny this, but it is in permissive mode (permissive=1) and only reports it.'),
    command: null,
    apart: null,
  })),
  apparmor: refused([noCapability.id], (_, t) => ({
    why: t(
      'The process may not load modules: AppArmor or a container took CAP_SYS_MODULE away. The loader never looked at the module.',
    ),
    command: 'grep CapEff /proc/self/status; cat /proc/self/attr/current',
    apart: t('Load the module on the host, outside the container. If this is the host, change the AppArmor profile.'),
  })),
  loadpin: refused([], (_, t) => ({
    why: t(
      'LoadPin accepts modules only from the file system that the first module came from. This file lies on another one.',
    ),
    command: 'findmnt -T MODULE.ko; cat /proc/sys/kernel/loadpin/enforce',
    apart: t('Put the module on the pinned, read-only root file system, or boot with loadpin.enforce=0 to confirm.'),
  })),
  ima: refused([], (_, t) => ({
    why: t(
      'IMA appraisal refused the file: its security.ima attribute is missing or does not match. The loader never looked at the module.',
    ),
    command: 'getfattr -m - -d MODULE.ko',
    apart: t(
      'Sign the file with evmctl ima_sign. The signature appended to the module counts only if the policy says appraise_type=imasig|modsig.',
    ),
  })),
  blacklisted: refused([blacklisted.id], (_, t) => ({
    why: t('module_blacklist= on the kernel command line names this module.'),
    command: 'cat /proc/cmdline',
    apart: t('Remove the name from the boot options. Files in modprobe.d do not print this line.'),
  })),
  notFound: refused([notLoaded.id, dependencyMissing.id], notFound),
  noModulesDirectory: refused([], ({ dir = '/lib/modules' }, t) => ({
    why: t(
      'There is no modules directory for the running kernel ({0}). A container or a minimal image has none, or the kernel was updated and its old directory removed.',
      dir,
    ),
    command: 'uname -r; ls /lib/modules',
    apart: t(
      'If /lib/modules has other releases, reboot. In a container, load the module on the host. If the directory exists without modules.dep, run depmod.',
    ),
  })),
  depmod: {
    effect: 'objection',
    codes: [NOT_EXPORTED],
    advise: ({ symbol = '', file }, t) => ({
      why: t(
        '{0} needs {1}, which no module or kernel in that directory exports. Loaded there, it would be refused with "Unknown symbol".',
        file ?? t('The module'),
        symbol,
      ),
      command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
      apart: t(
        'If a module exports it, install that module too and run depmod again. If not, the module belongs to another kernel.',
      ),
    }),
  },
  depmodDirectory: refused([], ({ dir = '', version }, t) => ({
    why: t('depmod has no directory {0}. It works on the running release unless you name another one.', dir),
    command: `ls /lib/modules; sudo depmod -a ${safe(version, 'RELEASE')}`,
    apart: t('In an image or a chroot, name root and release: depmod -b ROOT RELEASE.'),
  })),
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
  waiting: refused([], ({ owner = '' }, t) => ({
    why: t('The module needs a symbol of {0}, whose init did not finish within 30 seconds.', owner),
    command: `cat /sys/module/${safe(owner, 'MODULE')}/initstate; sudo dmesg | grep ${safe(owner, 'MODULE')}`,
    apart: t('Either its init hangs, or it waits for this module: look for a modprobe or request_module in its init.'),
  })),
  memory: refused([memoryTooLarge.id, percpuFailure.id], (_, t) => ({
    why: t('The memory area for modules is full, or the module is too large for it.'),
    command: 'sudo grep -c . /proc/modules; size MODULE.ko',
    apart: t('On 32-bit machines a larger vmalloc= helps. Large static per-CPU data must be allocated dynamically.'),
  })),
  dkms: refused([], ({ version }, t) => ({
    why: t('dkms could not build the module for this kernel, so there is no file to load.'),
    command: 'dkms status; sudo tail -n 40 /var/lib/dkms/*/*/build/make.log',
    apart: t(
      'If headers of {0} are missing, install the headers package of exactly that release. Otherwise make.log has the first compiler error: the source does not support this kernel.',
      version ?? 'RELEASE',
    ),
  })),
  headers: refused([], ({ version }, t) => ({
    why: t('The headers of the kernel are not installed, so the module cannot be built.'),
    command: `uname -r; ls -d /lib/modules/${safe(version, '$(uname -r)')}/build`,
    apart: t(
      'Install the headers of exactly this release. If the package is gone, the kernel is too old: update and reboot. A container sees the release of its host.',
    ),
  })),
  unprepared: refused([], (_, t) => ({
    why: t('The kernel tree that the module is built against was never configured or prepared.'),
    command: 'make -C KERNEL_TREE olddefconfig modules_prepare',
    apart: t(
      'For the running kernel, install its headers package instead: it is prepared and has the right configuration and Module.symvers.',
    ),
  })),
  dkmsSource: refused([], (_, t) => ({
    why: t(
      'dkms has no complete source of the module: dkms.conf is missing. Files under /usr/src were removed or moved.',
    ),
    command: 'dkms status; ls -l /usr/src /var/lib/dkms/*',
    apart: t('Remove the entry of that version with dkms remove, then install the package of the driver again.'),
  })),
  dkmsOlder: refused([], (_, t) => ({
    why: t('The kernel package brings the same or a newer version of this module, so dkms did not install its own.'),
    command: 'dkms status; modinfo MODULE',
    apart: t('Often this is fine: the driver of the kernel is used. To install anyway, use dkms install --force.'),
  })),
  featureMissing: refused([], ({ what }, t) => ({
    why:
      what === undefined
        ? t(
            'The kernel does not know this type of interface, table or device: the module for it is not loaded, and it was not found when it was needed.',
          )
        : t(
            'The kernel does not know {0}: the module for it is not loaded, and it was not found when it was needed.',
            what,
          ),
    command: 'uname -r; ls /lib/modules; sudo dmesg | tail -n 30',
    apart: t(
      'Load the module with modprobe and look at what it says. If the running release has no directory, reboot. A module from dkms needs the headers of exactly this release. In a container, load it on the host.',
    ),
  })),
  installCommand: {
    effect: 'objection',
    codes: [],
    advise: ({ what = '' }, t) => ({
      why: t(
        'A file in modprobe.d replaces the loading of {0} by a command, and that command failed. The reason is in what the command prints, or in the kernel log.',
        what,
      ),
      command: `modprobe --showconfig | grep -w ${safe(what, 'MODULE')}`,
      apart: null,
    }),
  },
  modulesLoad: {
    effect: 'objection',
    codes: [],
    advise: (_, t) => ({
      why: t(
        'systemd could not load one of the modules that modules-load.d lists. This line does not tell which; the service does.',
      ),
      command: 'journalctl -b -u systemd-modules-load; grep -rv "^#" /etc/modules-load.d /usr/lib/modules-load.d',
      apart: t(
        'Remove the names of modules that are built in or not wanted. For the others, explain the lines of the service.',
      ),
    }),
  },
  notRead: refused([], ({ what }, t) => ({
    why: t('The tool could not read the whole file: it is cut off, or memory is short.'),
    command: `ls -l ${safe(what, 'MODULE.ko')}; free`,
    apart: t(
      'Compare the size with that of the original and copy it again. On a router with little memory, unload other modules.',
    ),
  })),
  dangling: refused([], (_, t) => ({
    why: t('A list of modules names a file that is not there, or a link in the modules directory leads nowhere.'),
    command: 'find /lib/modules/$(uname -r) -xtype l; sudo depmod -a',
    apart: t(
      'Links in weak-updates or extra that lead nowhere come from a removed package: remove them, then install the driver again.',
    ),
  })),
  cycle: refused([], (_, t) => ({
    why: t(
      'These modules need each other in a circle, so none of them can be the first. depmod leaves all of them out.',
    ),
    command: 'sudo depmod -a -e -F /boot/System.map-$(uname -r)',
    apart: t('Usually two versions of the same drivers are mixed: remove one of them, then run depmod -a.'),
  })),
  installer: refused([], ({ what }, t) => ({
    why: t(
      'The installer of the driver could not load the module it built. Its own text lists guesses; the kernel log has the reason.',
    ),
    command: `sudo dmesg | tail -n 30; grep -n -A 20 "Kernel module load error" /var/log/*-installer.log`,
    apart: t(
      '"Unknown symbol", "version magic" or "disagrees" in the kernel log: the module and the kernel do not fit. "Key was rejected": Secure Boot. A driver such as nouveau that has the device: blacklist it. {0} without any line: the wrong driver for this device.',
      safe(what, 'MODULE.ko'),
    ),
  })),
  noFile: refused([], ({ file }, t) => ({
    why: t('The tool cannot open the file. insmod wants the path of a file, not the name of a module.'),
    command: `ls -l ${safe(file, 'MODULE.ko')}`,
    apart: t(
      'For a module in /lib/modules use modprobe with its name. In a missing build, look at the output of make.',
    ),
  })),
  noTool: refused([], (_, t) => ({
    why: t('The tool is not installed, or not in the PATH.'),
    command: 'sudo apt install kmod || sudo dnf install kmod',
    apart: t('In a container, load the module on the host.'),
  })),
  parameterUnknown: {
    effect: 'objection',
    codes: [unknownParameter.id],
    advise: (told, t) => ({
      why: t(
        "The module has no parameter '{0}'. The kernel ignores it, so this line is no reason for a refusal.",
        told.p ?? '',
      ),
      command: `modinfo -p ${moduleOf(told)}`,
      apart: null,
    }),
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
  locked: note((_, t) => ({
    why: t('The kernel is locked down, usually because of Secure Boot. This line alone refuses nothing.'),
    command: null,
    apart: null,
  })),
  harmless: note((_, t) => ({ why: t('This line refuses nothing.'), command: null, apart: null })),
  missingTable: note((_, t) => ({
    why: t(
      'The tool found no list of modules (modules.builtin, modules.order or modules.dep). Run depmod for this release; the line alone refuses nothing.',
    ),
    command: 'sudo depmod -a',
    apart: null,
  })),
} satisfies Readonly<Record<string, Cause>>;

/** A directory in the line says which release was looked in. */
function notFound({ dir, module }: Told, t: Translate): Advice {
  const name = safe(module, 'MODULE');
  return {
    why: /microsoft/i.test(dir ?? '')
      ? t(
          'This is the kernel of WSL, and {0} has no module of this name. Most of its drivers are built in or left out; newer versions of WSL bring a directory of modules.',
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
    command: `uname -r; ls /lib/modules; find /lib/modules -name '${name.replaceAll('_', '?')}.ko*'`,
    apart: t(
      'If the running release has no directory, reboot. If the file exists, run depmod -a. If modules.builtin lists it, it is built in. In a container, the host must load it. Otherwise install the package with extra modules or build it.',
    ),
  };
}
