// The kernel image of a target, in a form that QEMU boots.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { note } from '../../../findings/notes';
import { ByteReader } from '../../../formats/bytes/byteReader';
import { toBytes } from '../../../formats/bytes/strings';
import { readSections } from '../../../formats/elf/sectionByName';
import { layerOf, type Layer } from '../../../formats/image/container';
import { findBytes } from '../../../target/image/findBytes';
import type { Arch, KernelFacts } from '../../../target/types';
import type { TargetChoice } from '../../../protocol/analysis';
import { xzToFile } from '../check/xzProgram';
import { InputError, isDirectory, isThere, readBytes } from '../files';
import { modulesDirectory } from '../openChoice';
import { placesOf } from '../targets';
import { withScratch } from '../scratch';
import { packedKernel, type PackedKernel } from './packedKernel';

/** Images that a tree has built, by architecture, the one to boot first. */
const BUILT: Readonly<Partial<Record<Arch, readonly string[]>>> = {
  x86_64: ['arch/x86/boot/bzImage'],
  i386: ['arch/x86/boot/bzImage'],
  arm64: ['arch/arm64/boot/Image', 'arch/arm64/boot/Image.gz', 'arch/arm64/boot/vmlinuz.efi'],
  arm: ['arch/arm/boot/zImage'],
  riscv64: ['arch/riscv/boot/Image', 'arch/riscv/boot/Image.gz'],
  ppc64le: ['vmlinux'],
  s390x: ['arch/s390/boot/bzImage'],
};

/** Names of images, the one to boot first: what is packed is smaller, and vmlinux is no program of every architecture. */
const NAMES: readonly string[] = ['vmlinuz', 'Image', 'kernel', 'vmlinux'];

/**
 * The image of a target: the target itself, or what lies beside it.
 * Throws {@link InputError} that says where one was looked for.
 */
export function findImage({ path: target, modules }: TargetChoice, release: string, arch: Arch): string {
  if (isThere(target) && !isDirectory(target) && !SNAPSHOT.test(target)) return target;
  const places = isDirectory(target) ? placesOf(target, modules === undefined ? {} : { modules }) : null;
  const built = places?.build ? (BUILT[arch] ?? []).map(name => path.join(places.build ?? '', name)) : [];
  const beside = [...(places?.images ?? [])].sort((a, b) => rank(a) - rank(b));
  const installed = [
    ...(modules === undefined ? [] : besideModules(path.resolve(modules), release)),
    ...['/boot', `/lib/modules/${release}`].flatMap(directory => named(directory, release)),
  ];
  const candidates = [...new Set([...built, ...beside, ...installed])];
  const found = candidates.find(isThere);
  if (found !== undefined) return found;
  throw new InputError(target, note('no-image', { release }));
}

/** Facts alone: nothing that could be booted. */
const SNAPSHOT = /\.json(?:\.br)?$/;

function besideModules(modules: string, release: string): string[] {
  const root = modules.replace(/\/(?:usr\/)?lib\/modules\/[^/]+\/?$/, '');
  return root === modules ? [] : [...named(modules, release), ...named(path.join(root, 'boot'), release)];
}

const named = (directory: string, release: string): string[] =>
  NAMES.flatMap(name => [path.join(directory, `${name}-${release}`), path.join(directory, name)]);

function rank(file: string): number {
  const at = NAMES.findIndex(name => path.basename(file).startsWith(name));
  // Headers packages of Debian have a vmlinux with nothing but types.
  return at < 0 || path.basename(file) === 'vmlinux' ? NAMES.length : at;
}

/** What is to be booted. */
export interface KernelRequest {
  readonly target: TargetChoice;
  readonly facts: Pick<KernelFacts, 'release' | 'arch'>;
  /** The image to boot; null for that of the target. */
  readonly image: string | null;
}

export interface BootedKernel {
  /** The name of the image in answers: its file, or the package or kernel name it was taken from. */
  readonly image: string;
  /** A file that QEMU boots. It is unpacked while other things are done. Rejects with InputError. */
  readonly bootable: Promise<string>;
  /** For temporary files. */
  readonly scratch: string;
  /** Where its modules are; null where there are none. Those in packages are written out when they are first asked for. */
  readonly modules: () => Promise<string | null>;
}

/** Calls `use` with the kernel of a request. As {@link withBootableImage}. */
export function withKernel<T>(request: KernelRequest, use: (kernel: BootedKernel) => Promise<T>): Promise<T> {
  return withScratch(async scratch => {
    const { target, facts } = request;
    const packed = packedKernel(target.path);
    const image = request.image ?? packed?.name ?? findImage(target, facts.release, facts.arch);
    const file = request.image === null && packed ? await writeImage(packed, facts.release, scratch) : image;
    const bootable = bootableImage(file, scratch);
    const settled = bootable.catch(() => undefined);
    let written: Promise<string | null> | null = null;
    try {
      return await use({
        image: packed?.name === image ? image : path.resolve(image),
        bootable,
        scratch,
        modules: async () =>
          packed && target.modules === undefined
            ? (written ??= packed.writeModules(path.join(scratch, 'root')))
            : modulesDirectory(target),
      });
    } finally {
      // Nothing may be written to a directory that is about to be removed.
      await settled;
    }
  });
}

async function writeImage({ name, image }: PackedKernel, release: string, scratch: string): Promise<string> {
  const bytes = await image();
  if (!bytes) throw new InputError(name, note('no-image', { release }));
  const file = path.join(scratch, 'image');
  writeFileSync(file, bytes);
  return file;
}

/** No image is larger, in bytes. */
const MOST_IMAGE = 2 ** 29;
const MOST_LAYERS = 6;

/**
 * Calls `use` with a file that QEMU boots: the image itself, or a temporary file with what was taken out of its envelopes
 * (Android, EFI zboot, gzip). Unpacking takes seconds, so `use` does all boots of one image. Throws {@link InputError}.
 */
export function withBootableImage<T>(image: string, use: (bootable: string) => Promise<T>): Promise<T> {
  return withScratch(async directory => use(await bootableImage(image, directory)));
}

async function bootableImage(image: string, directory: string): Promise<string> {
  const file = readBytes(image, MOST_IMAGE);
  let bytes = file;
  for (let depth = 0; depth < MOST_LAYERS; depth++) {
    const layer = layerOf(bytes);
    // What unpacks itself is booted as it is.
    if (layer.kind === 'unknown' || layer.kind === 'kernel' || layer.kind === 'search') break;
    if (layer.container === 'bzImage')
      return (await directly(layer, bytes, directory)) ?? writeOut(bytes, file, image, directory);
    if (layer.kind === 'inside') bytes = bytes.subarray(layer.start, layer.end);
    else if (layer.kind === 'packed') {
      const { unpackKernel } = await import('../unpackKernel');
      const unpacked = await unpackKernel(layer.packing, bytes.subarray(layer.start, layer.end));
      if (!unpacked) throw new InputError(image, note('data-corrupted', { format: layer.packing }));
      bytes = unpacked;
    } else throw new InputError(image, note('unknown-packing', { name: layer.name }));
  }
  return writeOut(bytes, file, image, directory);
}

function writeOut(bytes: Uint8Array, file: Uint8Array, image: string, directory: string): string {
  if (bytes === file) return image;
  const plain = path.join(directory, 'kernel');
  writeFileSync(plain, bytes);
  return plain;
}

/**
 * The ELF file in a bzImage, where it can be entered without its boot sector (CONFIG_PVH): unpacking it under emulation would
 * take longer than the rest of the boot. null where it has no such entry.
 */
async function directly(layer: Layer, bytes: Uint8Array, directory: string): Promise<string | null> {
  if (layer.kind !== 'packed') return null;
  const packed = bytes.subarray(layer.start, layer.end);
  const plain = path.join(directory, 'vmlinux');
  if (layer.packing === 'xz' && (await xzToFile(packed, plain)))
    return hasPvhEntry(readBytes(plain, MOST_IMAGE)) ? plain : null;
  const { unpackKernel } = await import('../unpackKernel');
  const kernel = await unpackKernel(layer.packing, packed);
  if (!kernel || !hasPvhEntry(kernel)) return null;
  writeFileSync(plain, kernel);
  return plain;
}

/** XEN_ELFNOTE_PHYS32_ENTRY (include/xen/interface/elfnote.h), in the notes of the owner "Xen". */
const PVH_ENTRY = 18;
const XEN_NAME = toBytes('Xen\0');
/** Bytes from the type of a note to its name. */
const TYPE_BEFORE_NAME = 4;

function hasPvhEntry(kernel: Uint8Array): boolean {
  const notes = readSections(kernel)?.find('.notes')?.bytes ?? new Uint8Array();
  const r = new ByteReader(notes);
  for (let at = findBytes(notes, XEN_NAME, 0); at >= 0; at = findBytes(notes, XEN_NAME, at + 1))
    if (r.u32(at - TYPE_BEFORE_NAME) === PVH_ENTRY) return true;
  return false;
}
