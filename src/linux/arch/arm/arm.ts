// arm, EABI (arch/arm).
import { EM_ARM } from '../../../formats/elf/constants';
import type { Ehdr } from '../../../formats/elf/header';
import type { Arch } from '../../kernel/module/types';
import type { Addresses } from '../addresses';
import { pages4K } from '../arch';
import { namesOf, typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocate } from './applyRelocate';
import { frobArchSections } from './frobArchSections';
import { RELOCATIONS } from './relocations';

export const arm: Arch = {
  ...unsimulated,
  name: 'arm',
  machines: [EM_ARM],
  is64: false,
  littleEndian: true,
  elfCheckArch,
  isConfigured: config => config['ARM'] === 'y' && config['CPU_BIG_ENDIAN'] !== 'y',
  pageSize: pages4K,
  vermagic: config =>
    `ARMv${armVersion(config)} ${config['THUMB2_KERNEL'] ? 'thumb2 ' : ''}${config['ARM_PATCH_PHYS_VIRT'] ? 'p2v8 ' : ''}`,
  prel32Exports: false,
  retpoline: false,
  ignoredUndefined: [],
  addresses,
  frobArchSections,
  sectionPrefixes: {
    init: ['.init', '.ARM.extab.init', '.ARM.exidx.init'],
    exit: ['.exit', '.ARM.extab.exit', '.ARM.exidx.exit'],
  },
  applyRelocate,
  applyRelocateAdd: 'unsupported',
  relocationTypes: typesOf(RELOCATIONS),
  foreignGot: namesOf('R_ARM_', {
    GOTOFF32: 24,
    BASE_PREL: 25,
    GOT_BREL: 26,
    GOT_ABS: 95,
    GOT_PREL: 96,
    GOT_BREL12: 97,
    GOTOFF12: 98,
  }),
};

const EF_ARM_EABI_MASK = 0xff00_0000;
const EF_ARM_APCS_26 = 0x08;

/**
 * arch/arm/include/asm/memory.h: modules lie in the 16 MiB below PAGE_OFFSET, and in the last 8 of them where branches are those of
 * Thumb-2. With PLTs, what finds no room there goes to vmalloc space (module_alloc()).
 */
function addresses(config: Readonly<Record<string, string>>): Addresses {
  const thumb = config['THUMB2_KERNEL'] === 'y';
  const modules = thumb ? 0xbf80_0000n : 0xbf00_0000n;
  const area = thumb ? 0x0080_0000 : 0x0100_0000;
  return {
    // Bit 0 of the address of a function tells Thumb-2 code.
    kernelText: thumb ? 0xc010_0001n : 0xc010_0000n,
    modules,
    moduleText: modules + 0x40_0000n,
    moduleArea: config['ARM_MODULE_PLTS'] === 'y' ? VMALLOC_DEFAULT_SIZE : area,
    temporaryCopy: 0xf080_0000n,
    percpu: 0xc1a0_0000n,
    heap: 0xc200_0000n,
  };
}

/** arch/arm/mm/mmu.c: 240 MiB, unless vmalloc= says otherwise. */
const VMALLOC_DEFAULT_SIZE = 240 << 20;

/** arch/arm/kernel/elf.c; every processor that Linux runs on today knows Thumb and VFP, and none has 26-bit addresses. */
function elfCheckArch({ e_entry, e_flags }: Ehdr): boolean {
  const entry = Number(BigInt.asUintN(2, e_entry));
  if ((entry & 1) === 0 && entry !== 0) return false;
  return (e_flags & EF_ARM_EABI_MASK) !== 0 || (e_flags & EF_ARM_APCS_26) === 0;
}

/**
 * __LINUX_ARM_ARCH__: the lowest version a kernel for several CPUs is built for. CPU_32v6K says that the CPU has those
 * instructions, and counts only together with CPU_32v6 (arch/arm/Makefile).
 */
function armVersion(config: Readonly<Record<string, string>>): number {
  const versions = [
    ['CPU_32v3', 3],
    ['CPU_32v4', 4],
    ['CPU_32v4T', 4],
    ['CPU_32v5', 5],
    ['CPU_32v6', 6],
    ['CPU_32v7', 7],
    ['CPU_32v7M', 7],
  ] as const;
  return versions.find(([option]) => config[option])?.[1] ?? 7;
}
