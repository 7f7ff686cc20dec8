// What the image of a kernel tells of how it starts.
import { readBanner } from '../../target/image/banner';
import { readInitcalls, type Initcall } from '../../target/image/initcalls';
import { readKallsyms } from '../../target/image/kallsyms';
import { note } from '../../findings/notes';
import { InputError } from '../../target/files';
import { openKernel } from './kernelImages';

/** The initcalls of the kernel in an image, first to last. Throws {@link InputError}. */
export async function openInitcalls(image: string): Promise<{ release: string; all: readonly Initcall[] }> {
  const kernel = await openKernel(image);
  const banner = readBanner(kernel.r.bytes);
  if (!banner) throw new InputError(image, note('no-kernel-inside'));
  const symbols = readKallsyms(kernel);
  if (!symbols) throw new InputError(image, `${banner.release} has no table of symbols (CONFIG_KALLSYMS)`);
  const all = readInitcalls(kernel, symbols);
  if (!all)
    throw new InputError(image, `the table of symbols of ${banner.release} has no variables (CONFIG_KALLSYMS_ALL)`);
  return { release: banner.release, all };
}
