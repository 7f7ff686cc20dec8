// The kernels of other architectures that are asked, and the machines they boot on.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { labRelease, type KernelChoice, type LabKernel } from '../lib/kernels';
import { labDir } from '../lib/paths';
import { bootedMachine, type MachineKind } from '../lib/qemu';

export interface ArchKernelChoice extends KernelChoice {
  /** Name of the architecture's folder of cases. */
  readonly arch: CaseArch;
  /** Begins the names of its kernels in the lab. */
  readonly debianArch: string;
  /** End of the release: which of an architecture's kernels. */
  readonly flavour: string;
  /** Options that the compiler of the debootstrap does not know yet, taken out of the build of fixtures. */
  readonly without?: readonly string[];
  /** Built from Debian's source with the options of that file here, where Debian builds no such kernel. */
  readonly options?: string;
  /** Prefix of the cross compilers. */
  readonly cross: string;
  readonly machine: MachineKind;
}

/** Architectures that have cases. */
export type CaseArch = 'arm64' | 'i386' | 'arm' | 'thumb2' | 'riscv64' | 'ppc64le' | 's390x' | 'mipsel' | 'mips64el';

interface Family {
  readonly arch: CaseArch;
  readonly debianArch: string;
  readonly cross: string;
  readonly machine: MachineKind;
}

function malta(program: string, cpu: string): MachineKind {
  return { program: `qemu-system-${program}`, args: ['-M', 'malta', '-cpu', cpu], console: 'ttyS0', secondPort: true };
}

const FAMILIES: Readonly<Record<CaseArch, Family>> = {
  arm64: {
    arch: 'arm64',
    debianArch: 'arm64',
    cross: 'aarch64-linux-gnu-',
    machine: bootedMachine('arm64'),
  },
  i386: {
    arch: 'i386',
    debianArch: 'i386',
    cross: 'i686-linux-gnu-',
    machine: bootedMachine('i386', true),
  },
  arm: {
    arch: 'arm',
    debianArch: 'armhf',
    cross: 'arm-linux-gnueabihf-',
    machine: bootedMachine('arm'),
  },
  thumb2: {
    arch: 'thumb2',
    debianArch: 'thumb2',
    cross: 'arm-linux-gnueabihf-',
    machine: bootedMachine('arm'),
  },
  riscv64: {
    arch: 'riscv64',
    debianArch: 'riscv64',
    cross: 'riscv64-linux-gnu-',
    machine: bootedMachine('riscv64'),
  },
  ppc64le: {
    arch: 'ppc64le',
    debianArch: 'ppc64el',
    cross: 'powerpc64le-linux-gnu-',
    machine: bootedMachine('ppc64le'),
  },
  s390x: {
    arch: 's390x',
    debianArch: 's390x',
    cross: 's390x-linux-gnu-',
    machine: bootedMachine('s390x'),
  },
  mipsel: {
    arch: 'mipsel',
    debianArch: 'mipsel',
    cross: 'mipsel-linux-gnu-',
    machine: malta('mipsel', '24Kf'),
  },
  mips64el: {
    arch: 'mips64el',
    debianArch: 'mips64el',
    cross: 'mips64el-linux-gnuabi64-',
    machine: malta('mips64el', '5KEc'),
  },
};

type Series = '5.10' | '6.1' | '6.12' | '7.2';

const SUITES: Readonly<Record<Series, Pick<KernelChoice, 'suite' | 'archive' | 'compiler' | 'chroot'>>> = {
  '5.10': { suite: 'bullseye', archive: 'main', compiler: 'gcc-12' },
  '6.1': { suite: 'bookworm', archive: 'main', compiler: 'gcc-12' },
  '6.12': { suite: 'trixie', archive: 'main', compiler: 'gcc-14', chroot: 'trixie' },
  '7.2': { suite: 'forky', archive: 'main', compiler: 'gcc-14', chroot: 'trixie' },
};

function kernel(arch: CaseArch, series: Series, flavour: string): ArchKernelChoice {
  const family = FAMILIES[arch];
  return { key: `${family.debianArch}-${series}`, flavour, ...SUITES[series], ...family };
}

export const ARCH_KERNELS: readonly ArchKernelChoice[] = [
  kernel('arm64', '5.10', 'arm64'),
  kernel('arm64', '6.1', 'arm64'),
  kernel('arm64', '6.12', 'arm64'),
  kernel('arm64', '7.2', 'arm64'),
  kernel('i386', '5.10', '686'),
  kernel('i386', '6.1', '686-pae'),
  kernel('arm', '6.1', 'armmp'),
  kernel('arm', '6.12', 'armmp'),
  { ...kernel('thumb2', '6.1', 'thumb2'), options: 'thumb2.config' },
  kernel('riscv64', '6.12', 'riscv64'),
  { ...kernel('riscv64', '7.2', 'riscv64'), without: ['CONFIG_TOOLCHAIN_HAS_ZACAS', 'CONFIG_TOOLCHAIN_HAS_ZABHA'] },
  kernel('ppc64le', '6.1', 'powerpc64le'),
  kernel('ppc64le', '7.2', 'powerpc64le'),
  kernel('s390x', '6.1', 's390x'),
  kernel('mipsel', '6.1', '4kc-malta'),
  kernel('mips64el', '6.1', '5kc-malta'),
  { ...kernel('s390x', '7.2', 's390x'), without: ['CONFIG_STACKPROTECTOR', 'CONFIG_STACKPROTECTOR_STRONG'] },
];

export function archKernelChoice(key: string): ArchKernelChoice {
  const choice = ARCH_KERNELS.find(kernel => kernel.key === key);
  if (!choice) throw new Error(`unknown kernel ${key}`);
  return choice;
}

/** The kernel that a recording is of. */
export function choiceOfRelease(release: string): ArchKernelChoice {
  const choice = ARCH_KERNELS.find(({ key, flavour }) => {
    const series = key.slice(key.indexOf('-') + 1);
    return release.startsWith(`${series}.`) && release.endsWith(`-${flavour}`);
  });
  if (!choice) throw new Error(`no kernel for ${release}`);
  return choice;
}

export interface ArchLabKernel extends LabKernel {
  readonly choice: ArchKernelChoice;
}

/** Where the parts of an unpacked kernel are; the build tools are those of this machine's architecture. */
export function archLabKernel(key: string): ArchLabKernel {
  const choice = archKernelChoice(key);
  const dir = path.join(labDir(), key);
  const release = labRelease(key);
  if (release === null) throw new Error(`kernel ${key} is not in ${dir}`);
  const base = release.slice(0, -choice.flavour.length - 1);
  const moduleDirs = [`usr/lib/modules/${release}`, `lib/modules/${release}`].map(p => path.join(dir, p));
  const images = ['vmlinuz', 'vmlinux'].flatMap(name => [
    path.join(dir, 'boot', `${name}-${release}`),
    ...moduleDirs.map(p => path.join(p, name)),
  ]);
  const tree = builtTree(choice);
  const series = key.slice(key.indexOf('-') + 1);
  return {
    ...choice,
    choice,
    dir,
    release,
    modules: firstExisting(moduleDirs.map(p => path.join(p, 'kernel'))).replace(/\/kernel$/, ''),
    vmlinuz: firstExisting(images),
    headers: tree ?? path.join(dir, 'usr/src', `linux-headers-${release}`),
    commonHeaders: tree ?? path.join(dir, 'usr/src', `linux-headers-${base}-common`),
    kbuild: tree ?? firstExisting([base, series].map(v => path.join(dir, 'usr/lib', `linux-kbuild-${v}`))),
  };
}

/** The directory that a kernel of {@link ArchKernelChoice.options} is built in; null for Debian's kernels. */
export function builtTree({ key, options }: ArchKernelChoice): string | null {
  return options === undefined ? null : path.join(labDir(), key, 'build');
}

/** The modules of a recorded kernel, where its packages are in the lab. */
export function archModulesDir(release: string): string | null {
  const { key } = choiceOfRelease(release);
  return labRelease(key) === release ? archLabKernel(key).modules : null;
}

function firstExisting(candidates: readonly string[]): string {
  const found = candidates.find(existsSync);
  if (found === undefined) throw new Error(`none of these exists: ${candidates.join(' ')}`);
  return found;
}
