// MIPS, both classes and byte orders (arch/mips). Its kernels prepare no sections, and module_finalize() refuses nothing.
import { EI_CLASS, ELFCLASS32, ELFCLASS64, EM_MIPS } from '../../../formats/elf/constants';
import type { Ehdr } from '../../../formats/elf/header';
import type { KernelFacts } from '../../../target/types';
import type { Arch } from '../../kernel/module/types';
import type { Addresses } from '../addresses';
import { nothingToDo, type ArchName } from '../arch';
import { namesOf, typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocate, applyRelocateAdd } from './applyRelocate';
import { RELOCATIONS } from './relocations';

function mipsOf(name: ArchName, is64: boolean, littleEndian: boolean): Arch {
  return {
    ...unsimulated,
    name,
    machines: [EM_MIPS],
    is64,
    littleEndian,
    elfCheckArch: is64 ? elf64CheckArch : elf32CheckArch,
    isConfigured: config =>
      config['MIPS'] === 'y' &&
      (config['64BIT'] === 'y') === is64 &&
      (config['CPU_LITTLE_ENDIAN'] === 'y') === littleEndian,
    pageSize: config =>
      config['PAGE_SIZE_64KB'] ? 65536 : config['PAGE_SIZE_16KB'] ? 16384 : config['PAGE_SIZE_32KB'] ? 32768 : 4096,
    vermagic: config => {
      const family = FAMILIES.find(option => config[`CPU_${option}`]);
      return family === undefined ? null : `${WORDS[family] ?? family} ${is64 ? '64BIT' : '32BIT'} `;
    },
    prel32Exports: false,
    retpoline: false,
    ignoredUndefined: [],
    addresses: () => (is64 ? ADDRESSES_64 : ADDRESSES_32),
    frobArchSections: nothingToDo,
    applyRelocate,
    applyRelocateAdd: is64 ? applyRelocateAdd : 'unsupported',
    relocationTypes: typesOf(RELOCATIONS),
    foreignGot: namesOf('R_MIPS_', {
      GOT16: 9,
      CALL16: 11,
      GOT_DISP: 19,
      GOT_PAGE: 20,
      GOT_OFST: 21,
      GOT_HI16: 22,
      GOT_LO16: 23,
      CALL_HI16: 30,
      CALL_LO16: 31,
    }),
  };
}

/**
 * arch/mips/include/asm/spaces.h: XKSEG is mapped, CKSEG0 holds the kernel. Modules lie behind what the kernel itself mapped at
 * the start of their area.
 */
const ADDRESSES_64: Addresses = {
  kernelText: 0xffff_ffff_8010_0000n,
  modules: 0xffff_ffff_c010_0000n,
  moduleText: 0xffff_ffff_c040_0000n,
  moduleArea: 0x2000_0000,
  temporaryCopy: 0xc000_0000_0020_0000n,
  percpu: 0xffff_ffff_8200_0000n,
  heap: 0x9800_0000_1000_0000n,
};

const ADDRESSES_32: Addresses = {
  kernelText: 0x8010_0000n,
  modules: 0xc010_0000n,
  moduleText: 0xc040_0000n,
  moduleArea: 0x2000_0000,
  temporaryCopy: 0xe000_0000n,
  percpu: 0x8200_0000n,
  heap: 0x8300_0000n,
};

/** arch/mips/include/asm/vermagic.h, in its order. */
const FAMILIES = (
  'BMIPS MIPS32_R1 MIPS32_R2 MIPS32_R5 MIPS32_R6 MIPS64_R1 MIPS64_R2 MIPS64_R5 MIPS64_R6 R3000 TX39XX VR41XX R4300 R4X00 TX49XX R5000 ' +
  'R5500 NEVADA R10000 RM7000 SB1 LOONGSON32 LOONGSON2EF LOONGSON64 CAVIUM_OCTEON P5600 XLR XLP'
).split(' ');

const WORDS: Readonly<Record<string, string>> = { CAVIUM_OCTEON: 'OCTEON' };

const EF_MIPS_ABI2 = 0x20;
const EF_MIPS_FP64 = 0x200;
const EF_MIPS_ABI = 0xf000;
const EF_MIPS_ABI_O32 = 0x1000;

/** arch/mips/include/asm/elf.h, elf32_check_arch(): o32 alone; registers of 64 bits only where they are supported. */
function elf32CheckArch({ e_flags }: Ehdr, bytes: Uint8Array, config: KernelFacts['config']): boolean {
  if (bytes[EI_CLASS] !== ELFCLASS32 || (e_flags & EF_MIPS_ABI2) !== 0) return false;
  if ((e_flags & EF_MIPS_FP64) !== 0 && config['MIPS_O32_FP64_SUPPORT'] !== 'y') return false;
  return (e_flags & EF_MIPS_ABI) === 0 || (e_flags & EF_MIPS_ABI) === EF_MIPS_ABI_O32;
}

const elf64CheckArch = (_: Ehdr, bytes: Uint8Array): boolean => bytes[EI_CLASS] === ELFCLASS64;

export const mips = mipsOf('mips', false, false);
export const mipsel = mipsOf('mipsel', false, true);
export const mips64 = mipsOf('mips64', true, false);
export const mips64el = mipsOf('mips64el', true, true);
