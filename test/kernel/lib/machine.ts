// What the suite needs from the machine it runs on: Debian, root, and a few packages.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { leftOut } from '../../support/leftOut';
import { alone } from './alone';
import { labDir } from './paths';
import { hasProgram, progress, run, mayInstall } from './shell';

const WANTED: readonly (readonly [program: string, packages: string])[] = [
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['gcc-12', 'gcc-12'],
  ['make', 'make'],
  ['strip', 'binutils'],
  ['curl', 'curl'],
  ['xz', 'xz-utils'],
  ['zstd', 'zstd'],
  ['debootstrap', 'debootstrap'],
  ['pahole', 'pahole'],
];

/** What only recordings of other architectures want. */
const CROSS: readonly (readonly [program: string, packages: string])[] = [
  ['qemu-system-aarch64', 'qemu-system-arm'],
  ['qemu-system-arm', 'qemu-system-arm'],
  ['qemu-system-i386', 'qemu-system-x86'],
  ['qemu-system-riscv64', 'qemu-system-misc'],
  ['qemu-system-s390x', 'qemu-system-misc'],
  ['qemu-system-ppc64', 'qemu-system-ppc'],
  ['qemu-system-mipsel', 'qemu-system-mips'],
  ['qemu-system-mips64el', 'qemu-system-mips'],
  ...Object.entries({
    'aarch64-linux-gnu': 'arm64',
    'i686-linux-gnu': 'i386',
    'arm-linux-gnueabihf': 'armhf',
    'riscv64-linux-gnu': 'riscv64',
    'powerpc64le-linux-gnu': 'ppc64el',
    's390x-linux-gnu': 's390x',
    'mipsel-linux-gnu': 'mipsel',
    'mips64el-linux-gnuabi64': 'mips64el',
  }).map(([triplet, arch]) => {
    // The probe is linked with the architecture's own C library.
    return [`${triplet}-gcc-12`, `gcc-12-${triplet} libc6-dev-${arch}-cross`] as const;
  }),
  // What kernels are built with.
  ['flex', 'flex'],
  ['bison', 'bison'],
  ['bc', 'bc'],
  ['perl', 'perl'],
];

/** What only some tests want: kmod's tools, which ours are held against, and debuggers. */
const MORE: readonly (readonly [program: string, packages: string])[] = [
  ['depmod', 'kmod'],
  ['busybox', 'busybox-static'],
  ['gdb', 'gdb'],
  ['gdb-multiarch', 'gdb-multiarch'],
];

/** Installs the packages whose programs are missing: all the suite wants, or those of some programs. */
export function installMissing(programs: readonly string[] = WANTED.map(([program]) => program)): void {
  const missing = packagesOf(programs);
  if (missing.length === 0) return;
  if (!mayInstall()) throw new Error(`needs ${missing.join(' ')}: install them, or allow it when asked`);
  progress(`installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  updateLists();
  run('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env });
}

function packagesOf(programs: readonly string[]): string[] {
  return [...WANTED, ...MORE, ...CROSS]
    .filter(([program]) => programs.includes(program) && !hasProgram(program))
    .flatMap(([, packages]) => packages.split(' '));
}

/** Why {@link installMissing} would not do, and what would; null when it would, or nothing is missing. */
export function whyNotInstallable(programs: readonly string[]): string | null {
  const missing = packagesOf(programs).join(' ');
  if (missing === '') return null;
  if (!hasProgram('apt-get')) return `needs ${missing}: run it on Debian, or install what has ${programs.join(', ')}`;
  if (!mayInstall()) return `needs ${missing}: apt-get install ${missing}, or allow it when asked`;
  return process.getuid?.() === 0 ? null : `needs ${missing}: apt-get install ${missing}, or run as root`;
}

/** Installs what is missing for some tests, `what`; null when it is there now, else why not and how to have it. */
export function ensurePrograms(what: string, programs: readonly string[]): string | null {
  const reason = whyNotInstallable(programs);
  if (reason !== null) return leftOut(what, reason);
  // Nobody waits for another who installs something, without a need.
  if (packagesOf(programs).length === 0) return null;
  try {
    alone(() => installMissing(programs));
    return null;
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return leftOut(what, `needs ${programs.join(', ')}, which could not be installed (${line})`);
  }
}

/** A debootstrap of `suite` with a compiler, for kernels that want a newer one than this machine has. */
export function ensureChroot(suite: string): string {
  const root = path.join(labDir(), suite);
  if (existsSync(path.join(root, 'usr/bin/make'))) return root;
  progress(`debootstrap ${suite}`);
  const packages = 'gcc,make,libelf1t64,pahole,libssl3t64';
  run('debootstrap', ['--variant=minbase', `--include=${packages}`, suite, root, archiveUri('main')]);
  return root;
}

/** The address of one of Debian's archives, as this machine's apt has it. */
export function archiveUri(archive: 'main' | 'security'): string {
  const uri = findArchive(archive) ?? (updateLists(), findArchive(archive));
  if (uri === undefined) throw new Error(`apt knows no ${archive} archive`);
  return uri.replace(/\/$/, '');
}

/** apt speaks only of archives whose lists it has. */
function findArchive(archive: 'main' | 'security'): string | undefined {
  const listed = run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Identifier: Packages']);
  return listed.split('\n').find(uri => uri !== '' && uri.includes('security') === (archive === 'security'));
}

function updateLists(): void {
  if (process.getuid?.() === 0) run('apt-get', ['update', '-q']);
}
