// A kernel's facts, read from where its build left them.
import { note } from '../../findings/notes';
import { structModuleFromBtf, type StructModuleFacts } from '../../formats/btf/btf';
import { archOfConfig } from '../../linux/arch/index';
import { parseConfig } from '../config';
import { InputError, type TargetFiles } from '../files';
import type { ExportTable } from '../exportTable';
import { parseSymvers } from '../symvers';
import type { BaseBtf, KernelFacts, KnownSigner } from '../types';
import { vermagicString } from '../vermagic';
import { readDeclarations } from '../declarations';
import { readHeader } from './headers';
import { findImage, mergedExports, type FoundImage } from './image';
import { btfOfImage, keysOfImage, learnt, structModuleOfImage, vermagicOf } from './imageParts';
import { readOwnModule } from './ownModules';
import type { BuildPlaces } from './places';
import { readTrustedKeys } from './trustedKeys';
import { readVmlinuxBtf } from './vmlinux';

/** @param given an image that was named and read already; one of this release is looked for where there is none */
export async function readBuild(
  target: string,
  places: BuildPlaces,
  files: TargetFiles,
  given?: FoundImage,
): Promise<KernelFacts> {
  const { build, release, modules } = places;
  const { join } = files.path;
  const { config, file: configFile } = readConfig(target, build, files);
  const arch = archOfConfig(config);
  const words = arch.vermagic(config);
  const symversFile = join(build, 'Module.symvers');
  const symvers = files.read(symversFile);
  if (symvers === null) {
    throw new InputError(target, note('no-symvers'));
  }
  const found = given ?? (await findImage(places, files));
  const image = found?.image ?? null;
  const own = modules === null ? null : await readOwnModule(modules, release, files);
  const exports = mergedWith(parseSymvers(symvers), symversFile, found);
  const builtin = readBuiltin(modules === null ? [build] : [modules, build], files);
  // Megabytes that few modules need: read when first asked for.
  let btf: BaseBtf | null | undefined;
  const readBtf = (): BaseBtf | null =>
    btf === undefined ? (btf = (found && btfOfImage(found)) ?? readVmlinuxBtf(join(build, 'vmlinux'), files)) : btf;
  const structModule = structModuleOfImage(found) ?? own?.structModule ?? structModuleOf(readBtf());
  const trustedKeys = keysOfImage(found) ?? readTrustedKeys(build, config, files);
  // Reading a signature wants a library, and is wanted only for modules that are signed.
  let signers: readonly KnownSigner[] | undefined;
  const vermagic = vermagicOf(found, own, () =>
    words === null ? '' : vermagicString(release, config, words, { randstructHash: randstructHash(build, files) }),
  );
  const declarations = readDeclarations(file => readHeader(build, file, files));
  return {
    release,
    arch: arch.name,
    vermagic: vermagic.text,
    config,
    distribution: distributionOf(build, release, files),
    exports: exports.table,
    structModule,
    builtin: builtin?.names ?? null,
    trustedKeys,
    declarations,
    image: image?.evidence ?? null,
    sources: learnt({
      release: build,
      vermagic: vermagic.source ?? configFile,
      config: configFile,
      distribution: build,
      exports: exports.source,
      structModule: structModule?.source,
      builtin: builtin?.file,
      trustedKeys: trustedKeys?.source,
      ownSigners: own?.signature ? own.path : null,
      btf: (image?.structModule && found?.path) || null,
      declarations: build,
      image: found?.path,
    }),
    get ownSigners() {
      return (signers ??= own?.signature ? files.signersOf(own.signature) : []);
    },
    get btf() {
      return readBtf();
    },
  };
}

function mergedWith(
  listed: ExportTable,
  file: string,
  found: FoundImage | null,
): { readonly table: ExportTable; readonly source: string } {
  const exports = found?.image.exports;
  if (!exports) return { table: listed, source: file };
  const { table, same } = mergedExports(listed, exports);
  return { table, source: same ? `${file}, as ${found.path} has them` : `${found.path}, and ${file} for modules` };
}

/** Nothing can be said without it: it decides which checks the kernel has at all. */
function readConfig(
  target: string,
  build: string,
  files: TargetFiles,
): { readonly config: Record<string, string>; readonly file: string } {
  for (const name of ['include/config/auto.conf', '.config']) {
    const file = files.path.join(build, name);
    const text = files.read(file);
    if (text) return { config: parseConfig(text), file };
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
export function readBuiltin(
  directories: readonly string[],
  files: TargetFiles,
): { readonly names: string[]; readonly file: string } | null {
  for (const directory of directories) {
    const file = files.path.join(directory, 'modules.builtin.modinfo');
    const text = files.readText(file);
    if (text === null) continue;
    const names = text.matchAll(/(?:^|\0)([^.\0=]+)\.(?:parmtype|version)=/g);
    return { names: [...new Set([...names].map(match => (match[1] ?? '').replaceAll('-', '_')))], file };
  }
  return null;
}
