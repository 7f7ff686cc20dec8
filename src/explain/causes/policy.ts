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
