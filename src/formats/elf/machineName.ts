// What a file was built for, in words: for people who hold a module of another machine in hands.
import { readEhdr, declaredFormat } from './header';

/** Common names by e_machine (elf.h). */
const NAMES: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'x86',
  4: 'm68k',
  8: 'MIPS',
  15: 'PA-RISC',
  20: 'PowerPC',
  21: 'PowerPC',
  22: 'S/390',
  40: 'ARM',
  42: 'SuperH',
  43: 'SPARC',
  50: 'Itanium',
  62: 'x86',
  94: 'Xtensa',
  106: 'Blackfin',
  183: 'ARM',
  189: 'MicroBlaze',
  195: 'ARC',
  243: 'RISC-V',
  247: 'BPF',
  252: 'C-SKY',
  258: 'LoongArch',
  0x9026: 'Alpha',
};

/** Machines that come in either byte order, of which the rarer is named. */
const BIG_IS_USUAL: ReadonlySet<number> = new Set([2, 4, 15, 20, 22, 43]);

/** "32-bit ARM", "64-bit big-endian MIPS": the class, byte order and e_machine that an ELF file declares. */
export function machineName(file: Uint8Array): string {
  const format = declaredFormat(file);
  const { e_machine } = readEhdr(file, format);
  const bits = format.is64 ? '64-bit' : '32-bit';
  const order =
    format.littleEndian === BIG_IS_USUAL.has(e_machine) ? (format.littleEndian ? ' little-endian' : ' big-endian') : '';
  return `${bits}${order} ${NAMES[e_machine] ?? `machine ${e_machine}`}`;
}
