// The image and the modules of a kernel by name, for a boot. Images are kept; modules are fetched by those few that need them.
import { note } from '../../../findings/notes';
import { cacheDirectory } from '../cacheFiles';
import { InputError } from '../files';
import { imageInPackages, writeModules } from '../packages/bootFiles';
import { withScratchUntilSignal } from '../scratch';
import { aptSources } from './aptSources';
import {
  debianArchives,
  fetchDebianPackages,
  findDebianKernel,
  parseDebianName,
  type ArchivedPackage,
  type FoundKernel,
} from './debian';
import { imageFiles, imageKey, namedFiles, recordOf } from './namedKernel';
import { namedSettings } from './settings';

/** The image of a kernel whose facts were read before. Throws {@link InputError}. */
export async function namedImage(name: string): Promise<Uint8Array> {
  const directory = cacheDirectory();
  const record = directory === null ? null : recordOf(namedFiles(directory), name);
  const key = record && imageKey(record);
  const kept = directory !== null && key !== null ? imageFiles(directory).read(key) : null;
  if (kept?.kind === 'whole') return kept.bytes;
  const image = await fromPackage(name, found => found.image, imageInPackages);
  if (!image) throw new InputError(name, note('no-image', { release: record?.release ?? name }));
  if (directory !== null && key !== null) imageFiles(directory).write(key, image);
  return image;
}

/** Writes its modules below a directory; where they are then. Throws {@link InputError}. */
export function namedModules(name: string, root: string): Promise<string | null> {
  return fromPackage(
    name,
    found => found.modules,
    packages => writeModules(packages, root),
  );
}

/** Fetches one package of a kernel, for as long as it is used; null where there is no such package. */
async function fromPackage<T>(
  name: string,
  choose: (found: FoundKernel) => ArchivedPackage | null,
  use: (packages: readonly string[]) => Promise<T | null>,
): Promise<T | null> {
  const settings = namedSettings();
  if (settings.offline) throw new InputError(name, note('kernel-not-fetched'));
  const archives = debianArchives(aptSources(), settings.mirror);
  if (!archives) throw new InputError(name, note('no-mirror'));
  return withScratchUntilSignal(async scratch => {
    const fetching = { ...settings, scratch };
    const chosen = choose(await findDebianKernel(name, parseDebianName(name), archives, fetching));
    return chosen === null ? null : use(await fetchDebianPackages([chosen], fetching));
  });
}
