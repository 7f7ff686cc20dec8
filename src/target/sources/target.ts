// A target kernel, read from where its build left it.
import { note } from '../../findings/notes';
import path from 'node:path';
import { parseConfig } from '../config';
import { structModuleFromBtf } from '../../formats/btf/btf';
import { parseSymvers } from '../symvers';
import type { Arch, BaseBtf, KernelFacts, KnownSigner } from '../types';
import type { StructModuleFacts } from '../../formats/btf/btf';
import { vermagicString } from '../vermagic';
import { InputError, isDirectory, isThere, readBytesIfThere, readTextIfThere } from '../../host/node/files';
import { signersOf } from '../../host/node/lazyPkcs7';
import { readOwnModule } from './ownModules';
import { findPlaces, type TargetPlaces } from './targetPlaces';
import { readTrustedKeys } from './trustedKeys';
import { readVmlinuxBtf, readVmlinuxRelease } from './vmlinux';

export interface TargetOptions {
  /** Directory of the kernel's own modules, when the target does not lead to it. */
  readonly modules?: string;
}

/**
 * Reads a kernel build directory (a headers package or a built tree), a /lib/modules/RELEASE directory, a vmlinux, or
 * a snapshot (.json, .json.gz, .json.br). Throws {@link InputError} with one clear line for anything it cannot use.
 */
export async function readTarget(target: string, options: TargetOptions = {}): Promise<KernelFacts> {
  if (!isThere(target)) throw new InputError(target, note('no-such-file'));
  if (!isDirectory(target)) return readTargetFile(target, options);
  return readBuild(target, findPlaces(target, options.modules));
}

/** Where the parts of a target lie; null for a snapshot, which has none. Throws {@link InputError}. */
export function placesOf(target: string, options: TargetOptions = {}): TargetPlaces | null {
  if (isDirectory(target)) return findPlaces(target, options.modules);
  return SNAPSHOT.test(target) ? null : placesOfVmlinux(target, options);
}

const SNAPSHOT = /\.json(?:\.gz|\.br)?$/;

/** Files of a target whose change means that it has to be read again; some may not exist. */
export function targetFiles(target: string, options: TargetOptions = {}): string[] {
  if (!isDirectory(target)) return [target];
  const { build, modules } = findPlaces(target, options.modules);
  const inBuild = [
    'Module.symvers',
    'include/config/auto.conf',
    '.config',
    'include/generated/utsrelease.h',
    'vmlinux',
  ];
  return [...inBuild.map(file => path.join(build, file)), ...(modules === null ? [] : [modules])];
}

async function readTargetFile(target: string, options: TargetOptions): Promise<KernelFacts> {
  if (SNAPSHOT.test(target)) {
    const { readSnapshot } = await import('./snapshot');
    return readSnapshot(target);
  }
  return readBuild(target, placesOfVmlinux(target, options), target);
}

/** A vmlinux lies in the tree it was built in, or names the release whose headers are installed. */
function placesOfVmlinux(target: string, { modules }: TargetOptions): TargetPlaces {
  const beside = path.dirname(path.resolve(target));
  if (isThere(path.join(beside, 'Module.symvers'))) return findPlaces(beside, modules);
  const release = readVmlinuxRelease(target);
  if (release === null) throw new InputError(target, note('no-kernel'));
  const installed = `/lib/modules/${release}`;
  if (isDirectory(installed)) return findPlaces(installed, modules);
  throw new InputError(target, note('kernel-without-build', { release }));
}

async function readBuild(target: string, places: TargetPlaces, vmlinux?: string): Promise<KernelFacts> {
  const { build, release, modules } = places;
  const config = readConfig(target, build);
  const arch = archOf(config);
  if (arch === null) throw new InputError(target, note('arch-unsupported'));
  const symvers = readBytesIfThere(path.join(build, 'Module.symvers'));
  if (symvers === null) {
    throw new InputError(target, note('no-symvers'));
  }
  const own = modules === null ? null : await readOwnModule(modules, release);
  // Megabytes that few modules need: read when first asked for.
  let btf: BaseBtf | null | undefined;
  const readBtf = (): BaseBtf | null =>
    btf === undefined ? (btf = readVmlinuxBtf(vmlinux ?? path.join(build, 'vmlinux'))) : btf;
  // Reading a signature wants a library, and is wanted only for modules that are signed.
  let signers: KnownSigner[] | undefined;
  return {
    release,
    arch,
    vermagic: own?.vermagic ?? vermagicString(release, config, arch, { randstructHash: randstructHash(build) }),
    config,
    distribution: distributionOf(build, release),
    exports: parseSymvers(symvers),
    structModule: own?.structModule ?? structModuleOf(readBtf()),
    builtin: readBuiltin(modules === null ? [build] : [modules, build]),
    trustedKeys: readTrustedKeys(build, config),
    get ownSigners() {
      return (signers ??= own?.signature ? signersOf(own.signature) : []);
    },
    get btf() {
      return readBtf();
    },
    addresses: null,
  };
}

/** Nothing can be said without it: it decides which checks the kernel has at all. */
function readConfig(target: string, build: string): Record<string, string> {
  for (const file of ['include/config/auto.conf', '.config']) {
    const text = readBytesIfThere(path.join(build, file));
    if (text) return parseConfig(text);
  }
  throw new InputError(target, note('no-config'));
}

function archOf(config: Readonly<Record<string, string>>): Arch | null {
  if (config.X86_64) return 'x86_64';
  if (config.X86_32 ?? config.X86) return 'i386';
  if (config.ARM64) return 'arm64';
  if (config.ARM) return 'arm';
  if (config.RISCV && config['64BIT']) return 'riscv64';
  if (config.PPC64 && config.CPU_LITTLE_ENDIAN) return 'ppc64le';
  if (config.S390) return 's390x';
  return null;
}

/**
 * Where no module of the kernel's own is at hand; that is asked first because it costs one small read, where the BTF of
 * a vmlinux means going through all of its types.
 */
function structModuleOf(btf: BaseBtf | null): StructModuleFacts | null {
  return btf && structModuleFromBtf(btf.bytes, btf.source);
}

/** Debian's packages say so in package.h; where that is missing, its releases have a form of their own. */
function distributionOf(build: string, release: string): 'debian' | null {
  const packageHeader = readTextIfThere(path.join(build, 'include/generated/package.h'));
  if (packageHeader?.includes('LINUX_PACKAGE_ID')) return /"\s*Debian /.test(packageHeader) ? 'debian' : null;
  return /\+deb\d+(?:u\d+)?-|^\d+\.\d+\.0-\d+-(?:amd64|686|arm64|armmp|powerpc64le|s390x)/.test(release)
    ? 'debian'
    : null;
}

function randstructHash(build: string): string | null {
  for (const file of ['randstruct_hash.h', 'randomize_layout_hash.h']) {
    const text = readTextIfThere(path.join(build, 'include/generated', file));
    const hash = text === null ? null : /"([0-9a-f]+)"/.exec(text)?.[1];
    if (hash) return hash;
  }
  return null;
}

/**
 * Names that built-in code takes under /sys/module: code with parameters or a version (kernel/params.c,
 * param_sysfs_builtin()), by the prefixes of modules.builtin.modinfo.
 */
function readBuiltin(directories: readonly string[]): string[] | null {
  for (const directory of directories) {
    const text = readTextIfThere(path.join(directory, 'modules.builtin.modinfo'));
    if (text === null) continue;
    const names = text.matchAll(/(?:^|\0)([^.\0=]+)\.(?:parmtype|version)=/g);
    return [...new Set([...names].map(match => (match[1] ?? '').replaceAll('-', '_')))];
  }
  return null;
}
