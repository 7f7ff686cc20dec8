// VERMAGIC_STRING: what a kernel compares with a module's `vermagic` (include/linux/vermagic.h and each arch's).

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
 *
 * @param archWords MODULE_ARCH_VERMAGIC: see src/linux/arch
 */
export function vermagicString(
  release: string,
  config: Readonly<Record<string, string>>,
  archWords: string,
  form: VermagicForm = {},
): string {
  const smp = config.SMP ? 'SMP ' : '';
  const unload = config.MODULE_UNLOAD ? 'mod_unload ' : '';
  const versions = config.MODVERSIONS ? 'modversions ' : '';
  const preempt = preemptPart(config, form.preemptRtFirst ?? true);
  const randstruct = randstructPart(config, form.randstructHash ?? '');
  return `${release} ${smp}${preempt}${unload}${versions}${archWords}${randstruct}`;
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
