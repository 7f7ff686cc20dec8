// arm, EABI (arch/arm).
import { EM_ARM } from '../../../formats/elf/constants';
import type { Ehdr } from '../../../formats/elf/header';
import type { Arch } from '../../kernel/module/types';
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
  // arch/arm/include/asm/memory.h: modules lie in the 16 MiB below PAGE_OFFSET.
  addresses: {
    kernelText: 0xc010_0000n,
    modules: 0xbf00_0000n,
    moduleText: 0xbf40_0000n,
    moduleArea: 0x0100_0000,
    temporaryCopy: 0xf080_0000n,
    percpu: 0xc1a0_0000n,
    heap: 0xc200_0000n,
  },
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
