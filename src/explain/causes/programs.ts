// What programs say that need a module, and what is said while modules are built, signed and packed for boot.
import { NOT_EXPORTED } from '../../findings/unknownSymbol';
import { refused, safe, type Cause, type Told } from './types';

const moduleOf = ({ module }: Told): string => safe(module, 'MODULE');

/** For `find`: dashes and underscores are the same to the kernel. */
const asGlob = (told: Told): string => moduleOf(told).replaceAll('_', '?');

/** Only names that are surely those of modules are loaded by hand. */
const loadOf = (module: string | undefined): string =>
  module !== undefined && /^[a-z][a-z0-9_-]{2,}$/.test(module) ? `sudo modprobe ${module}; ` : '';

/** Device files with the modules that make them. */
const DEVICES: readonly (readonly [device: RegExp, module: string])[] = [
  [/^ashmem/, 'ashmem_linux'],
  [/^binder/, 'binder_linux'],
  [/^cpu\/\d+\/cpuid/, 'cpuid'],
  [/^cpu\/\d+\/msr/, 'msr'],
  [/^fuse/, 'fuse'],
  [/^i2c/, 'i2c-dev'],
  [/^kni/, 'rte_kni'],
  [/^loop/, 'loop'],
  [/^nbd/, 'nbd'],
  [/^net\/tun/, 'tun'],
  [/^nvidia/, 'nvidia'],
  [/^ppp/, 'ppp_generic'],
  [/^spidev/, 'spidev'],
  [/^uinput/, 'uinput'],
  [/^vboxdrv/, 'vboxdrv'],
  [/^vfio/, 'vfio-pci'],
  [/^vhost-net/, 'vhost_net'],
  [/^vmci/, 'vmw_vmci'],
  [/^vmmon/, 'vmmon'],
  [/^vmnet/, 'vmnet'],
  [/^zfs/, 'zfs'],
];

const moduleOfDevice = (device: string): string | undefined => DEVICES.find(([names]) => names.test(device))?.[1];

export const PROGRAM_CAUSES = {
  driverMissing: refused(
    [],
    ({ dev = '', what = dev && `/dev/${dev}`, name = what, module = moduleOfDevice(dev) }, t) => ({
      why: t(
        'The program needs a driver in the kernel ({0}) that is not there: no one loaded its module, it was not built for the running kernel, or the kernel refused it.',
        name || 'VirtualBox',
      ),
      command: `${loadOf(module)}uname -r; dkms status; sudo dmesg | tail -n 30`,
      apart: t(
        'Load the module by hand with modprobe and explain what that prints. "not found" means that it was never built: install the headers of exactly this release and build again (dkms autoinstall, /sbin/vboxconfig, vmware-modconfig, akmods). "Key was rejected" means Secure Boot. After an update of the kernel, a reboot may be missing.',
      ),
    }),
  ),
  devicePermission: refused([], ({ dev = 'kvm' }, t) => ({
    why: t(
      'The driver is there, but you may not open its device file /dev/{0}. This is a matter of groups and permissions, not of the module.',
      dev,
    ),
    command: `ls -l /dev/${safe(dev, 'kvm')}; id`,
    apart: t(
      'Add yourself to the group that owns the file (sudo usermod -aG GROUP $USER) and log in again. A service or a container runs as another user: give that one the group or pass the device on. If the file belongs to root only, a udev rule is missing; loading the module again applies it.',
    ),
  })),
  wslUsb: refused([], (_, t) => ({
    why: t(
      'The kernel of WSL has no USB/IP client ready: newer WSL kernels have it as the module vhci_hcd, which no one loaded; older ones lack it.',
    ),
    command: 'sudo modprobe vhci_hcd; lsmod | grep vhci; uname -r',
    apart: t(
      'If modprobe finds no module, run wsl.exe --update and wsl.exe --shutdown in Windows, and update usbipd-win too. To have it at each start, write vhci_hcd to a file in /etc/modules-load.d, with systemd=true in /etc/wsl.conf. A kernel of your own needs CONFIG_USBIP_VHCI_HCD.',
    ),
  })),
  initramfsLacks: refused([], (told, t) => ({
    why: t(
      'The initramfs has no module {0} for the kernel that boots: it was made for another kernel, or without this module. What lies on the root file system does not count yet.',
      moduleOf(told),
    ),
    command: `sudo dracut --force --kver ${safe(told.dir?.slice(told.dir.lastIndexOf('/') + 1), 'RELEASE')}; lsinitrd | grep ${asGlob(told)}`,
    apart: t(
      'Make the initramfs anew for exactly this release, and name its file if the boot loader expects another one. If the module is not in /lib/modules of this release either, install the package with the modules. A driver that is built into the kernel needs no module, and the line is harmless.',
    ),
  })),
  modulesLoadName: refused([], (told, t) => ({
    why: t(
      'A list of modules to load at boot names {0}, and this kernel has no such module: it is built into this kernel or left out of it, or it was never built or installed for this release. Nothing else depends on the line.',
      moduleOf(told),
    ),
    command: `grep -w ${asGlob(told)} /lib/modules/$(uname -r)/modules.builtin; grep -rn ${moduleOf(told)} /etc/modules-load.d /usr/lib/modules-load.d /etc/modules; dkms status`,
    apart: t(
      'If modules.builtin lists it, or you do not need it, the line is harmless: remove the name from the list. If it comes from dkms or a package, install the headers of this release and build it. If an update of the kernel came before, reboot.',
    ),
  })),
  udevTimeout: {
    effect: 'objection',
    codes: [],
    advise: (told, t) => ({
      why: t(
        'Loading {0} takes longer than udev waits, so udev tries to end it. The init of the module is slow, or waits for something; the load itself may still succeed.',
        moduleOf(told),
      ),
      command: `lsmod | grep ${asGlob(told)}; sudo dmesg | grep -i ${moduleOf(told)}`,
      apart: t(
        'If the module is there afterwards, the line is harmless: load it from modules-load.d, before udev does, or raise event_timeout in udev.conf. If it is not, the stack of the tool in /proc shows what its init waits for.',
      ),
    }),
  },
  noDkms: refused([], (_, t) => ({
    why: t('dkms is not installed, so the module was not built for this kernel.'),
    command: 'sudo apt install dkms linux-headers-$(uname -r) || sudo dnf install dkms kernel-devel-$(uname -r)',
    apart: t('Then run the installation of the driver again.'),
  })),
  notSigned: {
    effect: 'objection',
    codes: [],
    refusesWith: [126, 129],
    advise: (_, t) => ({
      why: t(
        'The build has no key to sign the module with, so the module stays unsigned. This is harmless where signatures are not enforced.',
      ),
      command: 'mokutil --sb-state; cat /proc/cmdline',
      apart: t(
        'With Secure Boot, sign the module with a key of your own and enroll it. Without, look at the other lines: this one refuses nothing.',
      ),
    }),
  },
  depmodSkipped: {
    effect: 'objection',
    codes: [],
    advise: (_, t) => ({
      why: t(
        'The module was copied, but the list of modules was not made anew, so modprobe may not find it. The line itself refuses nothing.',
      ),
      command: 'sudo depmod -a',
      apart: null,
    }),
  },
  modinfoFailed: {
    effect: 'objection',
    codes: [],
    advise: (told, t) => ({
      why: t(
        'The tool cannot read the information in the file of {0}: it is damaged or empty, no module at all, or compressed in a way this tool does not know.',
        moduleOf(told),
      ),
      command: `find /lib/modules/$(uname -r) -name '${asGlob(told)}.ko*' -exec file {} +; kmod --version`,
      apart: t(
        'An empty or cut file comes from a full disk or a build that stopped: build and install again. If dkms prints this of the module it replaces, and goes on, the line is harmless.',
      ),
    }),
  },
  webPage: refused([], (_, t) => ({
    why: t(
      'The download was a web page (text/html) and not the file itself. Saved as a module, it gives "Invalid module format".',
    ),
    command: 'file *.ko; ls -l *.ko',
    apart: t(
      'Download the raw file (on GitHub with /raw/ in place of /blob/ or /tree/), and check with file that it is ELF.',
    ),
  })),
  fileNotListed: refused([], (told, t) => ({
    why: t(
      'The file of {0} is in the directory, but not in the list that modprobe reads: depmod did not run after the module was copied.',
      moduleOf(told),
    ),
    command: `sudo depmod -a; sudo modprobe ${moduleOf(told)}`,
    apart: t(
      'If that changes nothing, the file lies in the directory of another release than the running one, or depmod cannot read it: an empty or damaged file, or a compression it does not know.',
    ),
  })),
  otherName: refused([], (told, t) => ({
    why: t(
      'dkms has installed a module, but none with the name {0}: modprobe wants the name of the file, which often differs from the name of the package ({1}).',
      moduleOf(told),
      told.file ?? '',
    ),
    command: `find /lib/modules/$(uname -r) -path '*updates*' -name '*.ko*' -o -path '*extra*' -name '*.ko*'; dkms status; uname -r`,
    apart: t(
      'Use the name that find shows, with upper and lower case as it stands there. If find shows no file, dkms installed it for another release than the running one: reboot, or build it for this one.',
    ),
  })),
  noTree: refused([], (_, t) => ({
    why: t(
      'The directory that the module is built in is no tree of kernel headers: the headers of this release are not installed, or the Makefile names another directory.',
    ),
    command: 'uname -r; ls -l /lib/modules/$(uname -r)/build /usr/src',
    apart: t(
      'Install the headers of exactly this release and build with make -C /lib/modules/$(uname -r)/build. If the distribution has headers of another release only, update the kernel to that release and reboot.',
    ),
  })),
  ownSymbol: refused([NOT_EXPORTED], ({ symbol = '', module }, t) => ({
    why: t(
      'The name says that {0} belongs to the driver {1} itself. Either one of its source files was not linked into the module, or another module of the same driver exports the symbol and must be loaded first.',
      symbol,
      module ?? '',
    ),
    command: `ls *.ko; grep -rn -w ${safe(symbol, 'SYMBOL')} --include='*.[ch]' --include=Makefile --include=Kbuild .`,
    apart: t(
      'If a source file defines the symbol without EXPORT_SYMBOL, add its object to the list in the Makefile (MODULE-objs) under a name other than the one of the module. If it is exported, load the module that holds it first, or install all of them and use modprobe. Files of two versions of the driver do not fit together.',
    ),
  })),
  thunkSymbol: refused([NOT_EXPORTED], ({ symbol = '' }, t) => ({
    why: t(
      'The compiler put the call to {0} in, for protection against attacks on speculation. The running kernel does not have it: it is older than the headers the module was built with, or was built without that protection.',
      symbol,
    ),
    command: 'uname -rv; ls /lib/modules',
    apart: t(
      'If the kernel was updated, reboot into the new one. If it is the newest already, build from clean against headers of exactly this build, with the compiler that /proc/version names.',
    ),
  })),
} satisfies Readonly<Record<string, Cause>>;
