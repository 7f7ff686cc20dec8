// arm, EABI (arch/arm): relocations, PLT and unwind sections are not simulated yet.
import { EM_ARM } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { pages4K } from '../arch';
import { unsimulated } from '../unsimulated';

export const arm: Arch = {
  ...unsimulated,
  name: 'arm',
  machines: [EM_ARM],
  is64: false,
  littleEndian: true,
  isConfigured: config => config['ARM'] === 'y',
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
};

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
