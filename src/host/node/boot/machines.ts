// The machine that QEMU emulates for each architecture, and the code of the init that runs on it.
import { note } from '../../../findings/notes';
import { EM_386, EM_AARCH64, EM_ARM, EM_PPC64, EM_RISCV, EM_S390, EM_X86_64 } from '../../../formats/elf/constants';
import type { Arch } from '../../../target/types';
import { InputError } from '../files';

/** System calls that the init makes. */
export type CallName =
  | 'openat'
  | 'close'
  | 'read'
  | 'write'
  | 'lseek'
  | 'ioctl'
  | 'mount'
  | 'syslog'
  | 'init_module'
  | 'finit_module'
  | 'delete_module'
  | 'reboot';

type SystemCalls = Readonly<Record<CallName, number>>;

export interface BootMachine {
  readonly program: string;
  readonly args: readonly string[];
  /** The console as the kernel names it. */
  readonly console: string;
  /** Where KVM could run this machine, as process.arch of Node.js, and the arguments instead of `args`; null for nowhere. */
  readonly kvm: { readonly host: NodeJS.Architecture; readonly args: readonly string[] } | null;
  /** The architecture as gdb names it. */
  readonly gdb: string;
  /** Debian's package with the program. */
  readonly package: string;
  /** Words of the kernel command line that this machine wants. */
  readonly words?: string;
  /** MiB that its memory has to be a multiple of; 1 where nothing is said. */
  readonly memoryUnit?: number;
  readonly elf: {
    readonly machine: number;
    readonly bits: 32 | 64;
    readonly littleEndian: boolean;
    readonly flags: number;
  };
  /** Number of the ioctl that waits until a terminal has sent everything (TCSBRK). */
  readonly drain: number;
  readonly calls: SystemCalls;
  /** Machine code in hexadecimal: runs the records of initProgram.ts. Listings: test/host/node/boot/init/. */
  readonly code: string;
}

const TCSBRK = 0x5409;

/** include/uapi/asm-generic/unistd.h */
const GENERIC: SystemCalls = {
  openat: 56,
  close: 57,
  read: 63,
  write: 64,
  lseek: 62,
  ioctl: 29,
  mount: 40,
  syslog: 116,
  init_module: 105,
  finit_module: 273,
  delete_module: 106,
  reboot: 142,
};

/** Numbers that i386, arm, powerpc and s390 share since Linux 2. */
const OLD = {
  close: 6,
  read: 3,
  write: 4,
  lseek: 19,
  ioctl: 54,
  mount: 21,
  syslog: 103,
  init_module: 128,
  delete_module: 129,
  reboot: 88,
};

const PC = {
  words: 'no_timer_check tsc=reliable',
  console: 'ttyS0',
  kvm: { host: 'x64', args: ['-cpu', 'host'] },
  package: 'qemu-system-x86',
} as const;

const X86_64: BootMachine = {
  ...PC,
  program: 'qemu-system-x86_64',
  gdb: 'i386:x86-64',
  args: ['-cpu', 'max'],
  elf: { machine: EM_X86_64, bits: 64, littleEndian: true, flags: 0 },
  drain: TCSBRK,
  calls: {
    openat: 257,
    close: 3,
    read: 0,
    write: 1,
    lseek: 8,
    ioctl: 16,
    mount: 165,
    syslog: 103,
    init_module: 175,
    finit_module: 313,
    delete_module: 176,
    reboot: 169,
  },
  code: 'bb000840004531e4488b03488b7b08488b7310488b53184c8b53204c8b43284883faff490f44d40f05488b4b384883c340f6c101750b4989c448890425000740004d85e47ec24883e1fe4829cbebb9',
};

const I386: BootMachine = {
  ...PC,
  program: 'qemu-system-i386',
  gdb: 'i386',
  args: ['-cpu', 'max'],
  elf: { machine: EM_386, bits: 32, littleEndian: true, flags: 0 },
  drain: TCSBRK,
  calls: { ...OLD, openat: 295, finit_module: 350 },
  code: 'bd000840008b45008b5d048b4d088b550c8b75108b7d1483faff75068b1500074000cd808b4d1c83c520f6c1017505a300074000833d00074000007ec883e1fe29cdebc1',
};

const ARM64: BootMachine = {
  program: 'qemu-system-aarch64',
  gdb: 'aarch64',
  args: ['-M', 'virt', '-cpu', 'max,pauth-impdef=on'],
  console: 'ttyAMA0',
  kvm: { host: 'arm64', args: ['-M', 'virt', '-cpu', 'host'] },
  package: 'qemu-system-arm',
  elf: { machine: EM_AARCH64, bits: 64, littleEndian: true, flags: 0 },
  drain: TCSBRK,
  calls: GENERIC,
  code: '1308a0d274021c9173022091150080d2680240a9610a41a9631242a9761e40f95f0400b1a202829a010000d47302019176000037f50300aa800200f9bf0200f18dfeff54d6fa7f92730216cbf1ffff17',
};

const ARM: BootMachine = {
  program: 'qemu-system-arm',
  gdb: 'arm',
  args: ['-M', 'virt,highmem=off', '-cpu', 'cortex-a15'],
  console: 'ttyAMA0',
  kvm: null,
  package: 'qemu-system-arm',
  elf: { machine: EM_ARM, bits: 32, littleEndian: true, flags: 0x05000000 },
  drain: TCSBRK,
  calls: { ...OLD, openat: 322, finit_module: 379 },
  code: '0195a0e307ac89e2029b89e20080a0e3007099e51f0099e91cb099e5010072e30820a001000000ef209089e201001be30080a00100008a05000058e3f3ffffda01b0cbe30b9049e0f0ffffea',
};

const RISCV64: BootMachine = {
  program: 'qemu-system-riscv64',
  gdb: 'riscv:rv64',
  args: ['-M', 'virt'],
  console: 'ttyS0',
  kvm: { host: 'riscv64', args: ['-M', 'virt', '-cpu', 'host'] },
  package: 'qemu-system-misc',
  elf: { machine: EM_RISCV, bits: 64, littleEndian: true, flags: 0 },
  drain: TCSBRK,
  calls: GENERIC,
  code: 'b7044000938404701384041013090000833804000335840083350401033684018336040203378402833984039302f0ff6314560013060900730000001304040493f21900639602001309050023b0a400e35020fd93f9e9ff330434416ff05ffb',
};

const PPC64LE: BootMachine = {
  program: 'qemu-system-ppc64',
  gdb: 'powerpc:common64',
  args: ['-M', 'pseries,x-vof=on', '-cpu', 'power9'],
  memoryUnit: 256,
  console: 'hvc0',
  kvm: null,
  package: 'qemu-system-ppc',
  elf: { machine: EM_PPC64, bits: 64, littleEndian: true, flags: 2 },
  drain: 0x2000741d,
  calls: { ...OLD, openat: 286, finit_module: 353 },
  code: '4000c03d0007ee390008ce390000003a00000ee808006ee810008ee81800aee82000cee82800eee838002eeaffff252c080082407883057e0200004408008340d000637c4000ce39010032720c008240781b707c00006ff80000302cb4ff8140a407317a5070d17da8ffff4b',
};

const S390X: BootMachine = {
  program: 'qemu-system-s390x',
  gdb: 's390:64-bit',
  args: ['-cpu', 'max'],
  console: 'ttysclp0',
  kvm: { host: 's390x', args: ['-cpu', 'host'] },
  package: 'qemu-system-misc',
  elf: { machine: EM_S390, bits: 64, littleEndian: false, flags: 0 },
  drain: TCSBRK,
  calls: { ...OLD, openat: 288, finit_module: 344 },
  code: 'a5ae00404190a7004180a800a7b90000e31080000004eb2680080004e3c080380004a74fffffa7740004b904004b0a00a78b0040a7c10001a7140007b90400b2e32090000024b90200bba7d4ffe3a5c7fffeb909008ca7f4ffdd',
};

const MACHINES: Readonly<Partial<Record<Arch, BootMachine>>> = {
  x86_64: X86_64,
  i386: I386,
  arm64: ARM64,
  arm: ARM,
  riscv64: RISCV64,
  ppc64le: PPC64LE,
  s390x: S390X,
};

/** Architectures whose kernels can be booted. */
export const BOOTABLE = Object.keys(MACHINES) as readonly Arch[];

/** As {@link machineOf}, or throws InputError about the target at `path`. */
export function machineFor(arch: Arch, path: string): BootMachine {
  const machine = machineOf(arch);
  if (!machine) throw new InputError(path, note('not-bootable', { arch, known: BOOTABLE.join(', ') }));
  return machine;
}

/** Null for an architecture that has no init here. */
export function machineOf(arch: Arch): BootMachine | null {
  return MACHINES[arch] ?? null;
}
