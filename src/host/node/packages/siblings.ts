// Packages that together are one kernel, told by their names.
import path from 'node:path';
import { namesIn } from '../files';

/** The package, and others beside it of the same kernel: headers, modules, image. Those with headers first. Absolute paths. */
export function packagesOfKernel(file: string): string[] {
  const directory = path.dirname(path.resolve(file));
  const own = kernelOf(path.basename(file));
  const beside = own === null ? [] : namesIn(directory).filter(name => isOf(own, kernelOf(name)));
  const all = new Set([path.resolve(file), ...beside.map(name => path.join(directory, name))]);
  return [...all].sort((a, b) => Number(HEADERS.test(path.basename(b))) - Number(HEADERS.test(path.basename(a))));
}

const HEADERS = /headers|devel/;

interface KernelOfPackage {
  /** UTS_RELEASE, or the name of the package without the part of the kernel that it is; of Debian's shared headers its start. */
  readonly release: string;
  /** Version and architecture of the package, which other builds of that release do not share. */
  readonly build: string;
}

function isOf(own: KernelOfPackage, other: KernelOfPackage | null): boolean {
  if (other === null || own.build !== other.build) return false;
  return own.release === other.release || shares(own.release, other.release) || shares(other.release, own.release);
}

/** Debian: 6.1.0-50-common for 6.1.0-50-amd64, 6.1.0-50-common-rt for 6.1.0-50-rt-amd64. */
function shares(common: string, whole: string): boolean {
  const start = common.replace(COMMON, '');
  return start !== common && whole.startsWith(`${start}-`) && !whole.startsWith(`${start}-rt-`);
}

const COMMON = /-common(?=$|-rt$)/;

/** null for a package that is no part of a kernel. */
function kernelOf(name: string): KernelOfPackage | null {
  for (const [form, part] of FORMS) {
    const [, first = '', build = ''] = form.exec(name) ?? [];
    const release = part.exec(first)?.slice(1).join('');
    if (release !== undefined) return { release, build };
  }
  return null;
}

/** A file's name with name and build of its package, and a package's name without what part it is. */
const FORMS: readonly (readonly [RegExp, RegExp])[] = [
  // Debian and Ubuntu. The headers that flavours share are of no architecture.
  [
    /^(.+)_([^_]+)_[^_]+\.deb$/,
    /^linux-(?:image|headers|modules|modules-extra|binary)-(?:unsigned-)?(\d.*?)(?:-unsigned)?$/,
  ],
  // Fedora, SUSE
  [/^(.+?)-(\d[^-]*-[^-]+)\.rpm$/, /^(kernel(?:-\w+)*?)(?:-(?:core|modules|modules-core|modules-extra|devel))?$/],
  // Arch
  [/^(linux.*?)-(\d.*)\.pkg\.tar(?:\.\w+)?$/, /^(linux(?:-\w+)*?)(?:-headers)?$/],
];
