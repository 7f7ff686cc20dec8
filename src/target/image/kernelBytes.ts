// The kernel itself, out of whatever it lay in: bytes as they are in memory, with their section names where it is an ELF file.
import { note, type Note } from '../../findings/notes';
import { ByteReader } from '../../formats/bytes/byteReader';
import { nameString, toBytes } from '../../formats/bytes/strings';
import { declaredFormat, hasElfMagic, type Shdr } from '../../formats/elf/header';
import { readSections } from '../../formats/elf/sectionByName';
import { layerOf } from '../../formats/image/container';
import { packedPlaces, type Packing } from '../../formats/image/packing';
import { findBytes } from './findBytes';

/** Unpacks the stream at the start of `bytes`, whatever follows; null when it is damaged or there is no decoder. */
export type UnpackKernel = (packing: Packing, bytes: Uint8Array) => Promise<Uint8Array | null>;

export interface KernelBytes {
  /** What it lay in, outermost first, for people: `bzImage (xz)`, `ELF`. */
  readonly containers: readonly string[];
  /** All of it, read in the kernel's byte order. */
  readonly r: ByteReader;
  readonly is64: boolean;
  /** e_machine of an ELF file, else null. */
  readonly machine: number | null;
  /** Headers by section name; null where there are none. */
  readonly sections: ReadonlyMap<string, Shdr> | null;
}

/** Nothing is packed in more layers. */
const MOST_LAYERS = 6;
/** Places that look like packed data and are tried, in an image that does not say where it is. */
const MOST_PLACES = 24;
/** A kernel is larger, in bytes. */
const SMALLEST = 1 << 19;

const BANNER = toBytes('Linux version ');

/** Takes off layer by layer. A note says why there is no kernel to be had. Never throws if `unpack` does not. */
export async function openKernelBytes(file: Uint8Array, unpack: UnpackKernel): Promise<KernelBytes | Note> {
  const containers: string[] = [];
  let bytes = file;
  for (let depth = 0; depth < MOST_LAYERS; depth++) {
    const layer = layerOf(bytes);
    switch (layer.kind) {
      case 'inside':
        containers.push(layer.container);
        bytes = bytes.subarray(layer.start, layer.end);
        continue;
      case 'packed': {
        const unpacked = await unpack(layer.packing, bytes.subarray(layer.start, layer.end));
        if (!unpacked) return notUnpacked(layer.packing);
        containers.push(layer.container === layer.packing ? layer.packing : `${layer.container} (${layer.packing})`);
        bytes = unpacked;
        continue;
      }
      case 'unknown-packing':
        return note('unknown-packing', { name: layer.name });
      case 'kernel':
        if (findBytes(bytes, BANNER, 0) >= 0) return kernelBytes(bytes, [...containers, layer.container]);
        break;
      case 'search':
      case 'unknown':
    }
    // A program that unpacks a kernel, and does not say where it has it.
    const found = await search(bytes, unpack);
    if (!found) return note('no-kernel-inside');
    const outer = layer.kind === 'unknown' ? 'unknown container' : layer.container;
    containers.push(`${outer} (${found.packing})`);
    const wrapper = bytes;
    bytes = found.bytes;
    if (layerOf(bytes).kind !== 'kernel') return flatKernel(bytes, containers, hasElfMagic(wrapper) ? wrapper : null);
  }
  return note('no-kernel-inside');
}

/** One of them needs a program that may be missing. */
const notUnpacked = (packing: Packing): Note =>
  packing === 'lzo' ? note('not-unpacked-by-lzop') : note('data-corrupted', { format: packing });

async function search(
  bytes: Uint8Array,
  unpack: UnpackKernel,
): Promise<{ bytes: Uint8Array; packing: Packing } | null> {
  for (const { at, packing } of packedPlaces(bytes, 1, MOST_PLACES)) {
    const unpacked = await unpack(packing, bytes.subarray(at));
    if (unpacked && unpacked.length >= SMALLEST && findBytes(unpacked, BANNER, 0) >= 0)
      return { bytes: unpacked, packing };
  }
  return null;
}

function kernelBytes(bytes: Uint8Array, containers: readonly string[]): KernelBytes {
  if (!hasElfMagic(bytes)) return flatKernel(bytes, containers, null);
  const table = readSections(bytes);
  const sections = new Map<string, Shdr>();
  for (const shdr of table?.shdrs ?? []) {
    const name = nameString(table?.names ?? bytes, shdr.sh_name);
    if (!sections.has(name)) sections.set(name, shdr);
  }
  return { containers, ...elfForm(bytes), r: elfReader(bytes, bytes), sections: sections.size > 1 ? sections : null };
}

const elfReader = (elf: Uint8Array, bytes: Uint8Array): ByteReader =>
  new ByteReader(bytes, declaredFormat(elf).littleEndian);

function elfForm(elf: Uint8Array): { is64: boolean; machine: number } {
  return { is64: declaredFormat(elf).is64, machine: elfReader(elf, elf).u16(18) };
}

/** A flag of the header of an arm64 Image. */
const ARM64_BIG_ENDIAN = 1;

/** @param wrapper the ELF file that unpacks it, where there is one: of the same class, byte order and machine */
function flatKernel(bytes: Uint8Array, containers: readonly string[], wrapper: Uint8Array | null): KernelBytes {
  if (wrapper) return { containers, ...elfForm(wrapper), r: elfReader(wrapper, bytes), sections: null };
  const kind = containers.join(' ');
  const [, machine, is64] = MACHINES.find(([name]) => kind.includes(name)) ?? [null, null, true];
  const bigEndian = machine === 22 || (machine === 183 && ((bytes[24] ?? 0) & ARM64_BIG_ENDIAN) !== 0);
  return { containers, r: new ByteReader(bytes, !bigEndian), is64, machine, sections: null };
}

/** e_machine and class of images that are no ELF files, by what they lay in. */
const MACHINES: readonly (readonly [name: string, machine: number, is64: boolean])[] = [
  ['arm64', 183, true],
  ['riscv', 243, true],
  ['loongarch', 258, true],
  ['s390', 22, true],
  ['ARM', 40, false],
];
