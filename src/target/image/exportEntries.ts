// The forms that entries of __ksymtab have had (include/linux/export.h, include/linux/export-internal.h).
import { SHT_NOBITS } from '../../formats/elf/constants';
import type { Shdr } from '../../formats/elf/header';
import type { KernelBytes } from './kernelBytes';

/** One form: how long an entry is, and where it says that its strings are (offsets in the image; 0 or less for none). */
export interface EntryForm {
  readonly stride: number;
  nameAt(entry: number): number;
  namespaceAt(entry: number): number;
}

/** Since 4.19 where the architecture has it: three (two up to 5.3) distances from where they stand. */
function relative(kernel: KernelBytes, words: 2 | 3): EntryForm {
  const { r } = kernel;
  const follow = (at: number): number => {
    const distance = r.i32(at);
    return distance === 0 ? 0 : at + distance;
  };
  return {
    stride: words * 4,
    nameAt: entry => follow(entry + 4),
    namespaceAt: entry => (words === 3 ? follow(entry + 8) : 0),
  };
}

/** Three (two up to 5.3) pointers. Of an address the low 32 bits are enough: no kernel is larger. */
function absolute(kernel: KernelBytes, words: 2 | 3, offsetOf: (address: number) => number): EntryForm {
  const size = kernel.is64 ? 8 : 4;
  // Some kernels have their first byte at an address whose low half is 0: only all of a pointer tells that it is none.
  const isNull = (at: number): boolean => kernel.r.u32(at) === 0 && kernel.r.u32(at + size - 4) === 0;
  const follow = (at: number): number => (isNull(at) ? 0 : offsetOf(lowWord(kernel, at)));
  return {
    stride: words * size,
    nameAt: entry => follow(entry + size),
    namespaceAt: entry => (words === 3 ? follow(entry + 2 * size) : 0),
  };
}

/** The low 32 bits of a pointer, unsigned. */
export function lowWord({ r, is64 }: KernelBytes, at: number): number {
  return r.u32(is64 && !r.littleEndian ? at + 4 : at);
}

/** Forms with distances, the present one first. */
export const relativeForms = (kernel: KernelBytes): EntryForm[] => [relative(kernel, 3), relative(kernel, 2)];

/** Forms with addresses. `offsetOf` turns the low 32 bits of an address into an offset. */
export const absoluteForms = (kernel: KernelBytes, offsetOf: (address: number) => number): EntryForm[] => [
  absolute(kernel, 3, offsetOf),
  absolute(kernel, 2, offsetOf),
];

/** From addresses to offsets by section headers. */
export function offsetsBySections(sections: ReadonlyMap<string, Shdr>): (address: number) => number {
  const spans = [...sections.values()]
    .filter(({ sh_addr, sh_size, sh_type }) => sh_addr !== 0n && sh_size > 0 && sh_type !== SHT_NOBITS)
    .map(({ sh_addr, sh_size, sh_offset }) => ({
      start: Number(sh_addr & 0xffff_ffffn),
      size: sh_size,
      offset: sh_offset,
    }));
  return address => {
    const span = spans.find(({ start, size }) => address >= start && address - start < size);
    return span ? span.offset + address - span.start : 0;
  };
}

const IS_FIRST = new Uint8Array(256);
const IS_INNER = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') {
  IS_FIRST[char.charCodeAt(0)] = 1;
  IS_INNER[char.charCodeAt(0)] = 1;
}
for (const char of '0123456789.$') IS_INNER[char.charCodeAt(0)] = 1;

/** KSYM_NAME_LEN (include/linux/kallsyms.h). */
const LONGEST = 512;

/**
 * Bytes of the identifier at `at`; 0 where there is none. What stands before it is not asked: the linker lets a string
 * begin inside of a longer one with the same end.
 */
export function identifierLength(bytes: Uint8Array, at: number): number {
  if (at <= 0 || IS_FIRST[bytes[at] ?? 0] === 0) return 0;
  for (let i = at + 1; i < at + LONGEST; i++) {
    const byte = bytes[i] ?? 0x20;
    if (byte === 0) return i - at;
    if (IS_INNER[byte] === 0) return 0;
  }
  return 0;
}
