// A kernel itself: vmlinux, vmlinuz, Image, uImage and whatever else boots. The headers of its release are found beside it, or do
// without.
import { layerOf } from '../../formats/image/container';
import { nameString } from '../../formats/bytes/strings';
import { ByteReader } from '../../formats/bytes/byteReader';
import { readBuild } from '../build/facts';
import { factsOfImage } from '../build/imageAlone';
import { buildOfImage, placesOfBuild, placesOfImage, type TargetPlaces } from '../build/places';
import { readVmlinuxRelease } from '../build/vmlinux';
import type { TargetFiles } from '../files';
import type { TargetOptions, TargetSource } from './types';

export const kernelImage: TargetSource = {
  name: 'kernel image',
  recognises: (target, files) => !files.isDirectory(target) && (NAME.test(target) || isKernel(target, files)),
  open: async (target, files, options) => {
    const { path } = files;
    const image = await files.readImage(target);
    const places = placesFor(target, image.release, files, options);
    const found = { path: path.resolve(target), image };
    const { build } = places;
    return build === null
      ? factsOfImage(target, found, places, files)
      : readBuild(target, { ...places, build }, files, found);
  },
  places: (target, files, options) => {
    const release = releaseOf(target, files);
    return release === null ? null : placesFor(target, release, files, options);
  },
};

/** How kernels are called; what is wrong with one is said when it is read. */
const NAME = /(?:^|[\\/])(?:vmlinu[xz]|[bz]?Image|uImage|zImage)(?:[-.][^\\/]*)?$/;

/** Bytes that tell what a file is: the sign of s390 is the farthest. */
const HEAD = 0x10010;

function isKernel(target: string, files: TargetFiles): boolean {
  try {
    return files.withParts(target, file => layerOf(file.read(0, HEAD)).kind !== 'unknown');
  } catch {
    return false;
  }
}

function placesFor(target: string, release: string, files: TargetFiles, { modules }: TargetOptions): TargetPlaces {
  const build = buildOfImage(target, release, files);
  const places = build === null ? null : placesOfBuild(build, files, modules);
  return places ?? placesOfImage(target, release, files, modules);
}

/** The release, as far as it can be had without unpacking: in the boot sector of x86, in an ELF file, in the path. */
function releaseOf(target: string, files: TargetFiles): string | null {
  try {
    return (
      files.withParts(target, file => bootSectorRelease(file.read(0, HEAD))) ??
      readVmlinuxRelease(target, files) ??
      releaseInPath(target, files)
    );
  } catch {
    return null;
  }
}

/** Documentation/arch/x86/boot.rst: kernel_version, 0x200 before the text. */
function bootSectorRelease(head: Uint8Array): string | null {
  const r = new ByteReader(head);
  if (r.u32(0x202) !== 0x53726448 || r.u16(0x20e) === 0) return null;
  return nameString(head, r.u16(0x20e) + 0x200).split(' ', 1)[0] || null;
}

function releaseInPath(target: string, { path }: TargetFiles): string | null {
  const absolute = path.resolve(target);
  const named = /^(?:vmlinu[xz]|Image|kernel)-(\d.*)$/.exec(path.basename(absolute))?.[1];
  const directory = path.basename(path.dirname(absolute));
  return named ?? (/^\d+\.\d+/.test(directory) ? directory : null);
}
