// A kernel of which only the image is at hand, and perhaps its modules and configuration.
import { note } from '../../findings/notes';
import { archOfConfig, archOfImage } from '../../linux/arch/index';
import { parseConfig } from '../config';
import type { ExportTable } from '../exportTable';
import type { ImageExports } from '../image/exports';
import { InputError, type TargetFiles } from '../files';
import { parseSymvers } from '../symvers';
import type { BaseBtf, KernelFacts, KnownSigner } from '../types';
import { configByEvidence } from './configByEvidence';
import { readBuiltin } from './facts';
import { mergedExports, type FoundImage } from './image';
import { btfOfImage, keysOfImage, learnt, structModuleOfImage } from './imageParts';
import { readOwnModule } from './ownModules';
import type { TargetPlaces } from './places';

/** Throws {@link InputError} for a kernel that loads no modules, or whose exports were not found. */
export async function factsOfImage(
  target: string,
  found: FoundImage,
  places: TargetPlaces,
  files: TargetFiles,
): Promise<KernelFacts> {
  const { path, image } = found;
  const { release } = image;
  if (image.vermagic === null) throw new InputError(target, note('kernel-without-modules', { release }));
  if (!image.exports) throw new InputError(target, note('kernel-without-exports', { release }));
  const { modules } = places;
  const known = readConfig(found, modules, files);
  const config = known?.config ?? configByEvidence(image);
  const own = modules === null ? null : await readOwnModule(modules, release, files);
  const structModule = structModuleOfImage(found) ?? own?.structModule ?? null;
  const exports = await readExports(found, image.exports, modules, files);
  const builtin = readBuiltin(modules === null ? [] : [modules], files);
  const trustedKeys = keysOfImage(found);
  let signers: readonly KnownSigner[] | undefined;
  let btf: BaseBtf | null | undefined;
  return {
    release,
    arch: (known ? archOfConfig(config) : archOfImage(image)).name,
    vermagic: image.vermagic,
    config,
    distribution: / Debian \d/.test(image.banner) ? 'debian' : null,
    exports: exports.table,
    structModule,
    builtin: builtin?.names ?? null,
    trustedKeys,
    declarations: null,
    image: image.evidence,
    sources: learnt({
      release: path,
      vermagic: path,
      config: known?.source ?? `${path}: what its code and texts show`,
      distribution: path,
      exports: exports.source,
      structModule: structModule?.source,
      builtin: builtin?.file,
      trustedKeys: trustedKeys?.source,
      ownSigners: own?.signature ? own.path : null,
      btf: image.structModule && `.BTF of ${path}`,
      image: path,
    }),
    get ownSigners() {
      return (signers ??= own?.signature ? files.signersOf(own.signature) : []);
    },
    get btf() {
      return btf === undefined ? (btf = btfOfImage(found)) : btf;
    },
  };
}

/** Those of modules stand beside them in a list, which is how Fedora and SUSE ship Module.symvers. */
async function readExports(
  { path }: FoundImage,
  exports: ImageExports,
  modules: string | null,
  files: TargetFiles,
): Promise<{ readonly table: ExportTable; readonly source: string }> {
  const own = `${exports.how} of ${path}`;
  const listed = modules === null ? undefined : SYMVERS.map(name => files.path.join(modules, name)).find(files.isThere);
  if (listed === undefined) return { table: parseSymvers(exports.symvers), source: own };
  const { table } = mergedExports(parseSymvers(await files.readModule(listed)), exports);
  return { table, source: `${own}, and ${listed} for modules` };
}

const SYMVERS = ['symvers', 'symvers.gz', 'symvers.xz', 'symvers.zst'];

/** The configuration that a kernel carries, or that lies beside it as distributions put it. */
function readConfig(
  { path: file, image }: FoundImage,
  modules: string | null,
  files: TargetFiles,
): { readonly config: Record<string, string>; readonly source: string } | null {
  if (image.config) return { config: parseConfig(image.config), source: `the configuration in ${file}` };
  const { path } = files;
  const beside = path.join(path.dirname(file), `config-${image.release}`);
  for (const place of [beside, ...(modules === null ? [] : [path.join(modules, 'config')])]) {
    const text = files.read(place);
    if (text) return { config: parseConfig(text), source: place };
  }
  return null;
}
