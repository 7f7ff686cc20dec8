// Who may load what: signatures, security modules, the command line.
import {
  blacklisted,
  lockdownRestricts,
  noCapability,
  signatureRefused,
  unsignedRejected,
} from '../../findings/definitions';
import { note, refused, type Cause } from './types';

export const POLICY_CAUSES = {
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
  loadpinOld: refused([], (_, t) => ({
    why: t(
      'LoadPin must see which file a module comes from. The tool unpacked a compressed module itself and handed over its bytes (init_module), so LoadPin refused it.',
    ),
    command: 'modinfo -n MODULE; cat /proc/sys/kernel/loadpin/enforce',
    apart: t(
      'Install the modules uncompressed and run depmod -a, or let the kernel unpack them (CONFIG_MODULE_DECOMPRESS with a recent kmod). Booting with loadpin.enforce=0 confirms the cause.',
    ),
  })),
  loadpinOff: note((_, t) => ({
    why: t('LoadPin would refuse this module, but it does not enforce its rule and only reports it.'),
    command: null,
    apart: null,
  })),
  chromiumLsm: refused([], (_, t) => ({
    why: t(
      'ChromeOS accepts modules only from its verified root file system (module locking). This file lies elsewhere, so its security module refused it.',
    ),
    command: 'cat /proc/cmdline; cat /proc/sys/kernel/chromiumos/module_locking',
    apart: t(
      'In developer mode, boot with lsm.module_locking=0, or write 0 to that sysctl where it exists; newer kernels have LoadPin instead (loadpin.enforce=0). An update of ChromeOS sets the boot options back.',
    ),
  })),
  selinuxLockdown: refused([lockdownRestricts.id], (_, t) => ({
    why: t(
      'SELinux denied what the kernel lockdown rules cover: loading a module without a signature. Kernels 5.6 to 5.15 ask SELinux about this even without Secure Boot.',
    ),
    command: 'modinfo -F signer MODULE.ko; getenforce; sudo ausearch -m avc -ts recent',
    apart: t(
      'Sign the module with a key the kernel trusts, or allow the domain of the tool the class lockdown. If setenforce 0 changes nothing, SELinux is not the cause.',
    ),
  })),
  modprobeForbidden: refused([noCapability.id], (_, t) => ({
    why: t(
      'The program may not even start modprobe: a confinement (snap, AppArmor, a container) forbids it. The kernel was never asked.',
    ),
    command: 'lsmod; sudo modprobe MODULE',
    apart: t(
      'Load the module on the host, outside the confinement, and list it in /etc/modules-load.d so that it is there at boot. For a snap, connect the interface that allows it.',
    ),
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
  locked: note((_, t) => ({
    why: t('The kernel is locked down, usually because of Secure Boot. This line alone refuses nothing.'),
    command: null,
    apart: null,
  })),
} satisfies Readonly<Record<string, Cause>>;
