// VERMAGIC_STRING: what a kernel compares with a module's `vermagic` (include/linux/vermagic.h and each arch's).
import type { Arch } from './types';

/** What cannot be told from the configuration alone. */
export interface VermagicForm {
  /**
   * Where both PREEMPT_RT and PREEMPT_BUILD can be set, which of them is named. True in recent kernels; earlier ones
   * asked PREEMPT_BUILD first, but none of their configurations had both.
   */
  readonly preemptRtFirst?: boolean;
  /** The hash in include/generated/randstruct_hash.h (randomize_layout_hash.h up to 5.18). */
  readonly randstructHash?: string | null;
}

/**
 * The kernel's VERMAGIC_STRING. Each part brings its trailing space, except the architecture's on arm64 and riscv and
 * the one about randomised structures, so most strings end with a space.
 */
export function vermagicString(
  release: string,
  config: Readonly<Record<string, string>>,
  arch: Arch,
  form: VermagicForm = {},
): string {
  const smp = config.SMP ? 'SMP ' : '';
  const unload = config.MODULE_UNLOAD ? 'mod_unload ' : '';
  const versions = config.MODVERSIONS ? 'modversions ' : '';
  const preempt = preemptPart(config, form.preemptRtFirst ?? true);
  const randstruct = randstructPart(config, form.randstructHash ?? '');
  return `${release} ${smp}${preempt}${unload}${versions}${archPart(arch, config)}${randstruct}`;
}

/**
 * PREEMPT_BUILD took over from PREEMPT in 5.16 (a8b76910e465); where both symbols exist, PREEMPT selects PREEMPT_BUILD,
 * so asking for either is right for all.
 */
function preemptPart(config: Readonly<Record<string, string>>, rtFirst: boolean): string {
  const rt = Boolean(config.PREEMPT_RT);
  const full = Boolean(config.PREEMPT_BUILD ?? config.PREEMPT);
  if (rt && full) return rtFirst ? 'preempt_rt ' : 'preempt ';
  if (rt) return 'preempt_rt ';
  return full ? 'preempt ' : '';
}

/** CONFIG_RANDSTRUCT since 5.19; the GCC plugin alone before that, under another word. */
function randstructPart(config: Readonly<Record<string, string>>, hash: string): string {
  if (config.RANDSTRUCT) return `RANDSTRUCT_${hash}`;
  return config.GCC_PLUGIN_RANDSTRUCT ? `RANDSTRUCT_PLUGIN_${hash}` : '';
}

/** MODULE_ARCH_VERMAGIC of arch/ARCH/include/asm/vermagic.h (asm/module.h up to 5.7). */
function archPart(arch: Arch, config: Readonly<Record<string, string>>): string {
  switch (arch) {
    case 'x86_64':
    case 's390x':
      return '';
    case 'i386':
      return i386Family(config);
    case 'arm64':
      return 'aarch64';
    case 'riscv64':
      return 'riscv';
    case 'arm':
      return armPart(config);
    case 'ppc64le':
      return ppcPart(config);
  }
}

/** CPU choices whose word is not simply the option's name without its M. */
const I386_WORDS: Readonly<Record<string, string>> = { MVIAC3_2: 'VIAC3-2', MGEODE_LX: 'GEODE' };

const I386_FAMILIES = (
  'M386 M486SX M486 M586 M586TSC M586MMX MCORE2 MATOM M686 MPENTIUMII MPENTIUMIII MPENTIUMM MPENTIUM4 MK6 MK7 MK8 ' +
  'MELAN MCRUSOE MEFFICEON MWINCHIPC6 MWINCHIP3D MCYRIXIII MVIAC3_2 MVIAC7 MGEODEGX1 MGEODE_LX'
).split(' ');

function i386Family(config: Readonly<Record<string, string>>): string {
  const family = I386_FAMILIES.find(option => config[option]);
  return family === undefined ? '' : `${I386_WORDS[family] ?? family.slice(1)} `;
}

/** __LINUX_ARM_ARCH__ is the lowest version a kernel for several CPUs is built for (arch/arm/Makefile). */
function armPart(config: Readonly<Record<string, string>>): string {
  const versions: [option: string, version: number][] = [
    ['CPU_32v3', 3],
    ['CPU_32v4', 4],
    ['CPU_32v4T', 4],
    ['CPU_32v5', 5],
    ['CPU_32v6', 6],
    ['CPU_32v6K', 6],
    ['CPU_32v7', 7],
    ['CPU_32v7M', 7],
  ];
  const version = versions.find(([option]) => config[option])?.[1] ?? 7;
  return `ARMv${version} ${config.THUMB2_KERNEL ? 'thumb2 ' : ''}${config.ARM_PATCH_PHYS_VIRT ? 'p2v8 ' : ''}`;
}

function ppcPart(config: Readonly<Record<string, string>>): string {
  const mprofile = config.MPROFILE_KERNEL ? 'mprofile-kernel ' : '';
  const ftrace = config.ARCH_USING_PATCHABLE_FUNCTION_ENTRY ? 'patchable-function-entry ' : mprofile;
  return ftrace + (config.RELOCATABLE ? 'relocatable ' : '');
}
