// What is said about modules on real kernels in virtual machines: notes of boots, and why there was none.

export const BOOT_NOTES = {
  // What came of it
  'boot-loads': '{module} loads on {release}',
  'boot-loads-init': '{module} loads on {release}; init returned {result}',
  'boot-refused': '{release} refuses {module} ({errno})',
  'boot-init': '{module} is accepted by {release}, and its init returned {result} ({errno}) on this virtual machine',
  'boot-init-hardware':
    '{module} is accepted by {release}, and its init returned {result} ({errno}) on this virtual machine; the virtual machine has little hardware',
  'boot-crashed': '{release} crashed {when}: {line}',
  'boot-hung': '{release} did not answer for {seconds} s {when}',
  'boot-machine-ended': 'the virtual machine ended {when}: {message}',
  'boot-panicked-early': '{release} panicked before it reached init: {line}',
  'boot-slow': '{release} did not reach init within {seconds} s',
  'boot-ended-early': 'the virtual machine ended before it reached init: {message}',
  'boot-cancelled': 'canceled',
  'boot-never': '{release} never came to {module}',

  // When a machine came to its end
  'boot-between': 'between two steps',
  'boot-loading': 'while {module} was loading',
  'boot-removing': 'while {module} was being removed',
  'boot-dependency': 'while its dependency number {number} was loading',

  // Why nothing was booted
  'no-qemu':
    'not installed; QEMU boots the kernel: apt install {package}, dnf install {program}, brew install qemu, or see https://www.qemu.org/download',
  'no-qemu-there':
    'holds no {program}; QEMU boots the kernel: apt install {package}, dnf install {program}, brew install qemu, or see https://www.qemu.org/download',
  'no-image': 'no kernel image of {release} beside it or in /boot; give one with --image',
  'not-bootable': 'kernels of {arch} cannot be booted yet, only those of {known}',
  'nothing-to-debug': 'nothing to debug: {reason}',
} as const;
