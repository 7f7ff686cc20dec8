// Every other architecture: class and byte order are told, and what depends on neither relocations nor section preparation is
// simulated. The last in the registry.
import type { Arch } from '../../kernel/module/types';
import { pages4K, type ArchName } from '../arch';
import { unsimulated } from '../unsimulated';

/** Architectures whose words in vermagic are not written down here: theirs is known from a module of the kernel's own only. */
const WITH_WORDS = ['ARC', 'HEXAGON', 'IA64', 'SUPERH', 'XTENSA', 'PPC', 'ARM', 'ARM64', 'RISCV', 'MIPS', 'LOONGARCH'];

function otherOf(name: ArchName, is64: boolean, littleEndian: boolean): Arch {
  const top = is64 ? 0xffff_ffff_0000_0000n : 0n;
  return {
    ...unsimulated,
    name,
    machines: null,
    is64,
    littleEndian,
    // Where neither is said the byte order is the usual one.
    isConfigured: config => (config['64BIT'] === 'y') === is64 && isBigEndian(config) === !littleEndian,
    pageSize: pages4K,
    vermagic: config => (WITH_WORDS.some(option => config[option] === 'y') ? null : ''),
    prel32Exports: false,
    retpoline: false,
    ignoredUndefined: [],
    addresses: () => ({
      kernelText: top + 0x8010_0000n,
      modules: top + 0xc000_0000n,
      moduleText: top + 0xc040_0000n,
      moduleArea: 0x2000_0000,
      temporaryCopy: top + 0xe000_0000n,
      percpu: top + 0x8200_0000n,
      heap: top + 0x8300_0000n,
    }),
  };
}

/** SPARC, PA-RISC and m68k have one byte order and no option for it. */
function isBigEndian(config: Readonly<Record<string, string>>): boolean {
  return ['CPU_BIG_ENDIAN', 'SPARC', 'PARISC', 'M68K', 'OPENRISC'].some(option => config[option] === 'y');
}

export const other32 = otherOf('other32', false, true);
export const other32be = otherOf('other32be', false, false);
export const other64 = otherOf('other64', true, true);
export const other64be = otherOf('other64be', true, false);
