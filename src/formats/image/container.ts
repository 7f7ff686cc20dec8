// What a kernel lies in: boot sectors, EFI programs, boot loaders' envelopes and compressed files, layer by layer.
// Sources: Documentation/arch/x86/boot.rst, arm64/booting.rst and riscv/boot-image-header.rst; drivers/firmware/efi/libstub/zboot-header.S;
// U-Boot's include/image.h; Android's bootimg.h; arch/arm/boot/compressed/head.S.
import { ByteReader } from '../bytes/byteReader';
import { hasElfMagic } from '../elf/header';
import { byteString } from '../bytes/strings';
import { packingAt, type Packing } from './packing';

/** One layer of an image. Places are in bytes from its start. */
export type Layer =
  /** A kernel as it runs, or what may be one: an ELF file, or an image whose first byte is the kernel's. */
  | { readonly kind: 'kernel'; readonly container: string }
  | {
      readonly kind: 'packed';
      readonly container: string;
      readonly packing: Packing;
      readonly start: number;
      readonly end: number;
    }
  /** Another layer lies there. */
  | { readonly kind: 'inside'; readonly container: string; readonly start: number; readonly end: number }
  /** It lies somewhere in there, packed: only a search finds it. */
  | { readonly kind: 'search'; readonly container: string }
  /** An envelope that says how it is packed by a name that is not known. */
  | { readonly kind: 'unknown-packing'; readonly container: string; readonly name: string }
  /** Nothing that is known. */
  | { readonly kind: 'unknown' };

/** What the first bytes say. Never throws. */
export function layerOf(bytes: Uint8Array): Layer {
  const r = new ByteReader(bytes);
  for (const read of READERS) {
    const layer = read(r);
    if (layer) return layer;
  }
  return { kind: 'unknown' };
}

type Reader = (r: ByteReader) => Layer | null;

const elf: Reader = r => (hasElfMagic(r.bytes) ? { kind: 'kernel', container: 'ELF' } : null);

/** The whole file is packed, as `Image.gz` is. */
const packedFile: Reader = r => {
  const packing = packingAt(r.bytes, 0);
  return packing && { kind: 'packed', container: packing, packing, start: 0, end: r.length };
};

/** "HdrS" */
const X86_SETUP = 0x53726448;
/** The first protocol version with payload_offset. */
const X86_PAYLOAD_SINCE = 0x208;
const X86_DEFAULT_SETUP_SECTORS = 4;

const bzImage: Reader = r => {
  if (r.u32(0x202) !== X86_SETUP || r.u16(0x206) < X86_PAYLOAD_SINCE) return null;
  const sectors = r.u8(0x1f1) || X86_DEFAULT_SETUP_SECTORS;
  const start = (sectors + 1) * 512 + r.u32(0x248);
  return packedWithin(r, 'bzImage', start, r.u32(0x24c));
};

/** "zimg" */
const ZBOOT = 0x676d697a;

const zboot: Reader = r => {
  if (r.u32(4) !== ZBOOT) return null;
  const start = r.u32(8);
  const layer = packedWithin(r, 'EFI zboot', start, r.u32(12));
  const name = byteString(r.bytes, 24, 56).split('\0', 1)[0] ?? '';
  return layer ?? { kind: 'unknown-packing', container: 'EFI zboot', name };
};

/** Packed data of that many bytes; behind other data than gzip's four of them say how large it becomes. */
function packedWithin(r: ByteReader, container: string, start: number, length: number): Layer | null {
  const packing = packingAt(r.bytes, start);
  const end = Math.min(r.length, start + length);
  if (packing) return { kind: 'packed', container, packing, start, end };
  // CONFIG_KERNEL_UNCOMPRESSED
  return hasElfMagic(r.bytes.subarray(start)) ? { kind: 'inside', container, start, end } : null;
}

/** Magic words at 0x38 of images that run from their first byte. */
const FLAT: ReadonlyMap<number, string> = new Map([
  [0x644d5241, 'arm64 Image'],
  [0x05435352, 'riscv Image'],
  [0x818223cd, 'loongarch Image'],
]);

const flatImage: Reader = r => {
  const container = FLAT.get(r.u32(0x38));
  return container === undefined ? null : { kind: 'kernel', container };
};

/** Images that unpack themselves and do not say where what they unpack is: a word, and where it stands. */
const SELF_UNPACKING: readonly (readonly [container: string, at: number, word: number])[] = [
  ['ARM zImage', 0x24, 0x016f2818],
  // "S390", of "S390EP"
  ['s390 bzImage', 0x10008, 0x30393353],
  ['flattened image tree', 0, 0xedfe0dd0],
];

const selfUnpacking: Reader = r => {
  const found = SELF_UNPACKING.find(([, at, word]) => r.u32(at) === word);
  return found ? { kind: 'search', container: found[0] } : null;
};

const UIMAGE = 0x27051956;
const UIMAGE_HEADER = 64;
/** IH_TYPE_MULTI: several files, whose sizes come first. */
const UIMAGE_MULTI = 4;

const uImage: Reader = ({ bytes, length }) => {
  const r = new ByteReader(bytes, false);
  if (r.u32(0) !== UIMAGE) return null;
  const end = Math.min(length, UIMAGE_HEADER + r.u32(12));
  if (r.u8(30) !== UIMAGE_MULTI) return { kind: 'inside', container: 'uImage', start: UIMAGE_HEADER, end };
  let start = UIMAGE_HEADER;
  while (start < end && r.u32(start) !== 0) start += 4;
  start += 4;
  return { kind: 'inside', container: 'uImage', start, end: Math.min(length, start + r.u32(UIMAGE_HEADER)) };
};

const androidBoot: Reader = r => {
  if (byteString(r.bytes, 0, 8) !== 'ANDROID!') return null;
  // From version 3 on pages have 4096 bytes; the field that was their size is another.
  const page = r.u32(40) >= 3 && r.u32(40) < 16 ? 4096 : r.u32(36);
  return { kind: 'inside', container: 'Android boot image', start: page, end: Math.min(r.length, page + r.u32(8)) };
};

const PE_SECTION = 40;

/** A kernel with its initramfs in one EFI program: the kernel is the section `.linux`. */
const unifiedImage: Reader = r => {
  const header = r.u32(0x3c);
  if (r.u16(0) !== 0x5a4d || r.u32(header) !== 0x4550) return null;
  const table = header + 24 + r.u16(header + 20);
  for (let i = 0; i < Math.min(96, r.u16(header + 6)); i++) {
    const at = table + i * PE_SECTION;
    if (byteString(r.bytes, at, at + 7) !== '.linux\0') continue;
    const start = r.u32(at + 20);
    const size = Math.min(r.u32(at + 8), r.u32(at + 16));
    return { kind: 'inside', container: 'unified kernel image', start, end: Math.min(r.length, start + size) };
  }
  return null;
};

/** The boot sector of x86 comes before the EFI headers, which the same file has as well. */
const READERS: readonly Reader[] = [
  elf,
  bzImage,
  zboot,
  flatImage,
  packedFile,
  selfUnpacking,
  uImage,
  androidBoot,
  unifiedImage,
];
