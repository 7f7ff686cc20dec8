// What the number behind a tool's words usually means, for pastes without the kernel's own line.
import type { Translate } from '../../findings/words';
import { safe, type Advice, type Told } from './types';

type Row = (told: Told, t: Translate) => Advice;

const LOG = 'sudo dmesg | tail -n 30';

const INIT: Row = (_, t) => ({
  why: t("The loader never returns this error. The number most likely comes from the module's own init."),
  command: LOG,
  apart: t('The lines of the driver in the kernel log say what it missed.'),
});

/** Partitions of Android that modules lie on. */
const ANDROID = /^\/(?:vendor|vendor_dlkm|system_dlkm|odm|odm_dlkm|system)\//;

const SIGNATURE: Row = (told, t) =>
  ANDROID.test(told.file ?? '') ? SIGNED_BY_MAKER(told, t) : SIGNED_BY_OWNER(told, t);

const SIGNED_BY_MAKER: Row = ({ file }, t) => ({
  why: t(
    'The kernel loads only modules signed with the key that was made when the kernel was built. This module is not signed with it. On Android the maker of the kernel has that key.',
  ),
  command: `tail -c 28 ${safe(file, 'MODULE.ko')} | strings`,
  apart: t(
    '"Module signature appended" means that the file has a signature of another key. Use the modules and the kernel of one build, or build a kernel of your own without CONFIG_MODULE_SIG_FORCE.',
  ),
});

const SIGNED_BY_OWNER: Row = ({ file }, t) => ({
  why: t(
    'The kernel wants a signature it trusts, and this module has none that counts. Secure Boot or a signing policy is on.',
  ),
  command: `mokutil --sb-state; modinfo -F signer ${safe(file, 'MODULE.ko')}`,
  apart: t(
    'Without a signer, sign the module and enroll the certificate. With one, the key is not trusted here or the file changed after signing.',
  ),
});

const ROWS: Readonly<Record<number, Row>> = {
  1: (_, t) => ({
    why: t(
      'The kernel does not let this process load modules: it is locked down (Secure Boot, and the module has no signature it trusts), or the process is not root or runs in a container. Modules may also be switched off until reboot.',
    ),
    command: `mokutil --sb-state; id -u; cat /proc/sys/kernel/modules_disabled /sys/kernel/security/lockdown; ${LOG}`,
    apart: t(
      'With Secure Boot or a Lockdown line in the kernel log, sign the module and enroll the key with mokutil --import, or turn Secure Boot off in the firmware setup. A 1 means that modules are switched off. In a container, add the capability SYS_MODULE and mount /lib/modules, or load the module on the host. On ChromeOS, a LoadPin or LSM line means module locking. If none of this holds for root, the init of the module itself refused.',
    ),
  }),
  2: ({ file }, t) => ({
    why: t(
      'The kernel found no usable symbol, most often because a module that this one needs is not loaded yet. The tool means a symbol, not a file.',
    ),
    command: `modinfo -F depends ${safe(file, 'MODULE.ko')}; ${LOG}`,
    apart: t(
      '"Unknown symbol" in the kernel log names it. Load the modules named in depends first, or install the file and use modprobe.',
    ),
  }),
  3: (_, t) => ({
    why: t('An old tool or kernel reports symbol versions that do not fit: the module was built for another kernel.'),
    command: 'uname -r; modinfo -F vermagic MODULE.ko',
    apart: null,
  }),
  8: ({ file }, t) => ({
    why: t(
      'The kernel refused the file as not built for it. Most often the module was built for another kernel version or configuration; a wrong architecture or a damaged file give the same words.',
    ),
    command: `uname -r; modinfo -F vermagic ${safe(file, 'MODULE.ko')}; file ${safe(file, 'MODULE.ko')}; ${LOG}`,
    apart: t(
      'If the versions differ, build against the headers of the running kernel, or reboot into the kernel the module was built for. If modinfo or file do not see an ELF file, it is damaged, compressed or a web page saved under this name: get it again. If the versions are equal, the kernel log has the line: version magic, disagrees about version, relocation or ELF header. No line at all means that the module has no version data.',
    ),
  }),
  11: (_, t) => ({
    why: t(
      'The kernel was busy with this module, or something uses it. Try again; if it stays, its init or exit hangs.',
    ),
    command: 'lsmod',
    apart: null,
  }),
  12: (_, t) => ({
    why: t('The memory for modules or per-CPU data is full, or init could not allocate memory.'),
    command: LOG,
    apart: t('A vmap or percpu line means the loader. None means the module.'),
  }),
  13: (_, t) => ({
    why: t(
      'A security module refused: SELinux or IMA, or a protected symbol on Android. The loader itself checks other things.',
    ),
    command: `sudo ausearch -m avc -ts recent; ${LOG}`,
    apart: t(
      'An "avc: denied" line means SELinux, "appraise_data" means IMA, "Unknown symbol … (err -13)" means a protected symbol. If you are not root, the tool may not read the file.',
    ),
  }),
  14: ({ module }, t) => ({
    why: t(
      "The module's own init came upon a bad address. Most often this version of the driver does not fit the running kernel, whose structures or functions have changed.",
    ),
    command: `uname -r; modinfo ${safe(module, 'MODULE')} | grep -e ^version -e ^filename; ${LOG}`,
    apart: t(
      'Install a newer version of the driver, or build it anew from its current source, and run depmod -a. On a self-built kernel, a clean build against exactly its headers rules out the rest. A parameter that the driver takes for an address or a path gives the same words.',
    ),
  }),
  16: (_, t) => ({
    why: t(
      "The module's own init could not get something that is in use or does not fit this machine (a device, a range of memory or ports, a pin, a number), or a module of this name is being loaded or removed.",
    ),
    command: `lsmod; ${LOG}`,
    apart: t(
      'A line of the driver, a warning or "conflicts with" in the kernel log names what it wanted. Unload the driver that has it, or give the module other values through its parameters.',
    ),
  }),
  17: ({ module }, t) => ({
    why: t('A module of this name is in the kernel already, or init registered something that exists already.'),
    command: `lsmod | grep -w ${safe(module, 'MODULE')}; sudo modprobe -r ${safe(module, 'MODULE')}`,
    apart: t('If lsmod does not list it, it is built in, or init found its name taken by another driver.'),
  }),
  19: (_, t) => ({
    why: t(
      "The module's own init found no device that it supports and may use: there is none, it is switched off, or another driver has it. The loader accepted the file.",
    ),
    command: `lspci -nnk; lsusb; ${LOG}`,
    apart: t(
      'The lines of the driver in the kernel log say more. "Kernel driver in use" names another driver that has the device: blacklist it (nouveau for NVIDIA), make the initramfs anew and reboot. With the ID of your device missing in modinfo, the driver does not support it.',
    ),
  }),
  22: (_, t) => ({
    why: t(
      'The kernel refused a value, and it is rarely a parameter: most often a symbol has another version or is in a namespace that is not imported.',
    ),
    command: LOG,
    apart: t(
      '"disagrees about version" means: build against the headers of the running kernel. "from namespace" means: add MODULE_IMPORT_NS. "invalid for parameter" names a parameter. A BTF line means type data of another kernel. Without any new line in the kernel log, the init of the module returned the number: look at its parameters and its device.',
    ),
  }),
  28: (_, t) => ({
    why: t('The text of a parameter is too long for its buffer.'),
    command: LOG,
    apart: null,
  }),
  38: (_, t) => ({
    why: t(
      'This kernel has no system call for loading modules: it was built without module support, as in small virtual machines, or a container filters the call.',
    ),
    command: 'ls /proc/modules; zcat /proc/config.gz | grep CONFIG_MODULES=',
    apart: t(
      'If /proc/modules exists on the host, the container (seccomp) is the cause. If it does not, this kernel cannot load any module.',
    ),
  }),
  74: (_, t) => ({
    why: t('The signature at the end of the file is damaged.'),
    command: 'tail -c 100 MODULE.ko | hexdump -C',
    apart: t('Sign again, after strip and before compression.'),
  }),
  95: (_, t) => ({
    why: t(
      "The module's own init found that the machine or the kernel does not support what it needs. The loader itself says this only for compressed files that the kernel does not unpack.",
    ),
    command: LOG,
    apart: t(
      'For kvm_intel and kvm_amd, hardware virtualization is off in the firmware setup or hidden by the host. For a .ko.xz, .ko.zst or .ko.gz, unpack the file.',
    ),
  }),
  126: SIGNATURE,
  129: SIGNATURE,
};

/** What to think and do when a tool's line is all there is; null for a text no C library has. */
export function adviceOnErrno(errno: number | null, told: Told, t: Translate): Advice {
  if (errno === null)
    return {
      why: t('The tool failed. Its line does not tell the errno.'),
      command: LOG,
      apart: null,
    };
  return (ROWS[errno] ?? INIT)(told, t);
}
