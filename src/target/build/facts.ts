// A kernel's facts, read from where its build left them.
import { note } from '../../findings/notes';
import { structModuleFromBtf, type StructModuleFacts } from '../../formats/btf/btf';
import { archOfConfig } from '../../linux/arch/index';
import { parseConfig } from '../config';
import { InputError, type TargetFiles } from '../files';
import { parseSymvers } from '../symvers';
import type { BaseBtf, KernelFacts, KnownSigner } from '../types';
import { vermagicString } from '../vermagic';
import { readDeclarations } from '../declarations';
import { readHeader } from './headers';
import { readOwnModule } from './ownModules';
import type { TargetPlaces } from './places';
import { readTrustedKeys } from './trustedKeys';
import { readVmlinuxBtf } from './vmlinux';

/** @param vmlinux the kernel itself, where it does not lie in the build directory */
export async function readBuild(
  target: string,
  places: TargetPlaces,
  files: TargetFiles,
  vmlinux?: string,
): Promise<KernelFacts> {
  const { build, release, modules } = places;
  const { join } = files.path;
  const config = readConfig(target, build, files);
  const arch = archOfConfig(config);
  const words = arch.vermagic(config);
  const symvers = files.read(join(build, 'Module.symvers'));
  if (symvers === null) {
    throw new InputError(target, note('no-symvers'));
  }
  const own = modules === null ? null : await readOwnModule(modules, release, files);
  // Megabytes that few modules need: read when first asked for.
  let btf: BaseBtf | null | undefined;
  const readBtf = (): BaseBtf | null =>
    btf === undefined ? (btf = readVmlinuxBtf(vmlinux ?? join(build, 'vmlinux'), files)) : btf;
  // Reading a signature wants a library, and is wanted only for modules that are signed.
  let signers: readonly KnownSigner[] | undefined;
  return {
    release,
    arch: arch.name,
    vermagic:
      own?.vermagic ??
      (words === null ? '' : vermagicString(release, config, words, { randstructHash: randstructHash(build, files) })),
    config,
    distribution: distributionOf(build, release, files),
    exports: parseSymvers(symvers),
    structModule: own?.structModule ?? structModuleOf(readBtf()),
    builtin: readBuiltin(modules === null ? [build] : [modules, build], files),
    trustedKeys: readTrustedKeys(build, config, files),
    declarations: readDeclarations(file => readHeader(build, file, files)),
    get ownSigners() {
      return (signers ??= own?.signature ? files.signersOf(own.signature) : []);
    },
    get btf() {
      return readBtf();
    },
  };
}

/** Nothing can be said without it: it decides which checks the kernel has at all. */
function readConfig(target: string, build: string, files: TargetFiles): Record<string, string> {
  for (const file of ['include/config/auto.conf', '.config']) {
    const text = files.read(files.path.join(build, file));
    if (text) return parseConfig(text);
  }
  throw new InputError(target, note('no-config'));
}

/**
 * Where no module of the kernel's own is at hand; that is asked first because it costs one small read, where the BTF of
 * a vmlinux means going through all of its types.
 */
function structModuleOf(btf: BaseBtf | null): StructModuleFacts | null {
  return btf && structModuleFromBtf(btf.bytes, btf.source);
}

/** Debian's packages say so in package.h; where that is missing, its releases have a form of their own. */
function distributionOf(build: string, release: string, files: TargetFiles): 'debian' | null {
  const packageHeader = files.readText(files.path.join(build, 'include/generated/package.h'));
  if (packageHeader?.includes('LINUX_PACKAGE_ID')) return /"\s*Debian /.test(packageHeader) ? 'debian' : null;
  return /\+deb\d+(?:u\d+)?-|^\d+\.\d+\.0-\d+-(?:amd64|686|arm64|armmp|powerpc64le|s390x)/.test(release)
    ? 'debian'
    : null;
}

function randstructHash(build: string, files: TargetFiles): string | null {
  for (const file of ['randstruct_hash.h', 'randomize_layout_hash.h']) {
    const text = files.readText(files.path.join(build, 'include/generated', file));
    const hash = text === null ? null : /"([0-9a-f]+)"/.exec(text)?.[1];
    if (hash) return hash;
  }
  return null;
}

/**
 * Names that built-in code takes under /sys/module: code with parameters or a version (kernel/params.c,
 * param_sysfs_builtin()), by the prefixes of modules.builtin.modinfo.
 */
function readBuiltin(directories: readonly string[], files: TargetFiles): string[] | null {
  for (const directory of directories) {
    const text = files.readText(files.path.join(directory, 'modules.builtin.modinfo'));
    if (text === null) continue;
    const names = text.matchAll(/(?:^|\0)([^.\0=]+)\.(?:parmtype|version)=/g);
    return [...new Set([...names].map(match => (match[1] ?? '').replaceAll('-', '_')))];
  }
  return null;
}
