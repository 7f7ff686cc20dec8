// Every architecture that targets may have. A new one is a folder and a line here.
import type { ArchName } from './arch';
import type { Arch } from '../kernel/module/types';
import { arm } from './arm/arm';
import { arm64 } from './arm64/arm64';
import { loongarch64 } from './loongarch/loongarch64';
import { mips, mips64, mips64el, mipsel } from './mips/mips';
import { other32, other32be, other64, other64be } from './other/other';
import { ppc64le } from './powerpc/ppc64le';
import { riscv64 } from './riscv/riscv64';
import { s390x } from './s390/s390x';
import { i386 } from './x86/i386';
import { x86_64 } from './x86/x86_64';

/** By the name targets give; a missing one does not compile. */
export const ARCHES: Readonly<Record<ArchName, Arch>> = {
  x86_64,
  i386,
  arm64,
  arm,
  riscv64,
  ppc64le,
  s390x,
  mips,
  mipsel,
  mips64,
  mips64el,
  loongarch64,
  // These take what no other does.
  other32,
  other32be,
  other64,
  other64be,
};

/** The architecture whose kernels load modules with that e_machine in that class and byte order, or null. */
export function archOfMachine(e_machine: number): Arch | null {
  return Object.values(ARCHES).find(({ machines }) => machines?.includes(e_machine)) ?? null;
}

/** The architecture of a kernel with that configuration. */
export function archOfConfig(config: Readonly<Record<string, string>>): Arch {
  return Object.values(ARCHES).find(arch => arch.isConfigured(config)) ?? other64;
}

/** The architecture of a kernel image, by what its file says. */
export function archOfImage(image: {
  readonly machine: number | null;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}): Arch {
  const isLike = ({ is64, littleEndian }: Arch): boolean => is64 === image.is64 && littleEndian === image.littleEndian;
  const arches = Object.values(ARCHES).filter(isLike);
  const { machine } = image;
  return (
    arches.find(({ machines }) => machine !== null && machines?.includes(machine)) ??
    arches.find(({ machines }) => machines === null) ??
    other64
  );
}
