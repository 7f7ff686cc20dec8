// What tools say before or beside the system call: lists of modules, headers, dkms, files.
import { NOT_EXPORTED } from '../../findings/unknownSymbol';
import { note, refused, safe, type Cause } from './types';

export const TOOL_CAUSES = {
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
  missingTable: note((_, t) => ({
    why: t(
      'The tool found no list of modules (modules.builtin, modules.order or modules.dep). Run depmod for this release; the line alone refuses nothing.',
    ),
    command: 'sudo depmod -a',
    apart: null,
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
  dkms: refused([], ({ version }, t) => ({
    why: t('dkms could not build the module for this kernel, so there is no file to load.'),
    command: 'dkms status; sudo tail -n 40 /var/lib/dkms/*/*/build/make.log',
    apart: t(
      'If headers of {0} are missing, install the headers package of exactly that release. Otherwise make.log has the first compiler error: the source does not support this kernel.',
      version ?? 'RELEASE',
    ),
  })),
  buildTool: refused([], ({ tool = '' }, t) => ({
    why: t(
      'The build stopped before it compiled anything: {0} is not installed on this machine.',
      tool.replace(/(?<![,.;])[,.;]+$/, ''),
    ),
    command:
      'sudo apt install build-essential libelf-dev bc flex bison || sudo dnf install gcc make elfutils-libelf-devel bc flex bison',
    apart: t(
      'For a compiler with a number (gcc-12), install exactly that one: it is the one the kernel was built with. Then build again.',
    ),
  })),
  compilerOption: refused([], ({ text = '' }, t) => ({
    why: t(
      'The compiler does not know the option {0}, with which the kernel was built: it is older than the compiler of the kernel, or another one (GCC instead of Clang).',
      text,
    ),
    command: 'cat /proc/version; gcc --version; clang --version',
    apart: t(
      'Install the compiler that /proc/version names and build with it (make CC=gcc-12, or make LLVM=1 for a kernel built with Clang).',
    ),
  })),
  dkmsExcluded: refused([], (_, t) => ({
    why: t(
      'The driver says itself that it does not support this kernel or processor (BUILD_EXCLUSIVE in dkms.conf), so dkms does not build it.',
    ),
    command: 'grep -h BUILD_EXCLUSIVE /usr/src/*/dkms.conf; uname -rm',
    apart: t('Take a newer version of the driver, or boot a kernel that it supports.'),
  })),
  dkmsAdded: {
    effect: 'objection',
    codes: [],
    advise: ({ what = '', version = '' }, t) => ({
      why: t(
        'dkms has the source of {0}, but has not built it for any kernel: "added" is the state before building and installing.',
        what,
      ),
      command: `sudo dkms install ${safe(what, 'MODULE')}/${safe(version, 'VERSION')}; sudo modprobe ${safe(what, 'MODULE')}`,
      apart: t(
        'If dkms stops, it names the log with the first error; most often the headers of the running kernel are missing, or this version of the driver does not support it.',
      ),
    }),
  },
  headers: refused([], ({ version }, t) => ({
    why: t('The headers of the kernel are not installed, so the module cannot be built.'),
    command: `uname -r; ls -d /lib/modules/${safe(version, '$(uname -r)')}/build`,
    apart: t(
      'Install the headers of exactly this release. If the package is gone, the kernel is too old: update and reboot. A container sees the release of its host.',
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
  notRead: refused([], ({ what }, t) => ({
    why: t('The tool could not read the whole file: it is cut off, or memory is short.'),
    command: `ls -l ${safe(what, 'MODULE.ko')}; free`,
    apart: t(
      'Compare the size with that of the original and copy it again. On a router with little memory, unload other modules.',
    ),
  })),
  installCommand: refused([], ({ what = '' }, t) => ({
    why: t(
      'A file in modprobe.d replaces the loading of {0} by a command, and that command failed. The reason is in what the command prints, or in the kernel log.',
      what,
    ),
    command: `modprobe --showconfig | grep -w ${safe(what, 'MODULE')}`,
    apart: t(
      'If the command is /bin/false or /bin/true, the line blocks the module on purpose, and with it every module that depends on it: remove the line, or use the driver that it makes room for. The errno of the tool only follows from this.',
    ),
  })),
  installBlocked: refused([], ({ what = '' }, t) => ({
    why: t(
      'A line "install {0} /bin/false" or similar in modprobe.d stands in for the module, so that it is never loaded. The tool may show any error then.',
      what,
    ),
    command: `grep -rn -e ${safe(what, 'MODULE').replace(/[_-]/g, '[_-]')} /etc/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d`,
    apart: t(
      'The line blocks it on purpose, as hardening guides advise. Remove the line to load it, then make the initramfs anew if the module is needed at boot.',
    ),
  })),
  feedOfOther: refused([], (_, t) => ({
    why: t(
      'The package feed was built for another kernel than the one that runs: a package of kernel modules fits exactly one build (the hash after the release tells which).',
    ),
    command: 'uname -r; cat /etc/openwrt_release; opkg info kernel',
    apart: t(
      'On a release image, use the feed of that release. A snapshot or an image of your own has its modules in its own build only: put the package into the image, or install a current image. Forcing the installation ends in "Invalid module format".',
    ),
  })),
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
  akmods: refused([], (_, t) => ({
    why: t('akmods could not build the module for this kernel, so there is no file to load.'),
    command: 'ls /var/cache/akmods/*/*.failed.log; sudo akmods --force',
    apart: t(
      'Most often kernel-devel of exactly the running release is missing. Otherwise the log has the first compiler error: the source does not support this kernel.',
    ),
  })),
  driverLoaded: refused([], ({ what = '' }, t) => ({
    why: t('The installer found the module {0} in the kernel and cannot replace it as long as it runs there.', what),
    command: 'sudo systemctl isolate multi-user.target; sudo modprobe -r nvidia_drm nvidia_modeset nvidia_uvm nvidia',
    apart: t(
      'Remove the packages of the other version of the driver first, or reboot into text mode. If the module stays in use, lsmod names what uses it.',
    ),
  })),
  curlyQuotes: refused([], (_, t) => ({
    why: t(
      'The command has typographic quotes (“ ”), as copied from a web page. The shell takes them as letters, so that the parameters are split at the blanks and the module gets wrong ones.',
    ),
    command: null,
    apart: t('Type the command again with plain quotes ("), around the value or the whole parameter.'),
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
} satisfies Readonly<Record<string, Cause>>;
