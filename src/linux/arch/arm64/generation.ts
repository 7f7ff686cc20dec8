// What differs between kernels of arm64.
import type { Load } from '../../kernel/module/types';

type Asked = Pick<Load, 'features' | 'facts'>;

/** Modules have PLT sections: by choice up to 6.4 (ARM64_MODULE_PLTS), always after. */
export function hasPlts({ features, facts }: Asked): boolean {
  return features.rows.has('arm64MandatoryPlts') || facts.config['ARM64_MODULE_PLTS'] === 'y';
}

/** Branches are counted: up to 6.4 only where the kernel may lie far from its modules. */
export function countsBranches({ features, facts }: Asked): boolean {
  return features.rows.has('arm64MandatoryPlts') || facts.config['RANDOMIZE_BASE'] === 'y';
}

/** Sections that jumps to ftrace are made in. */
export function trampolineSections({ features }: Asked): readonly string[] {
  const core = '.text.ftrace_trampoline';
  return features.rows.has('arm64InitTrampoline') ? [core, '.init.text.ftrace_trampoline'] : [core];
}

/** NR_FTRACE_PLTS (asm/ftrace.h): with saved registers ftrace has a second entry point. */
export function trampolineEntries({ facts }: Asked): number {
  return facts.config['HAVE_DYNAMIC_FTRACE_WITH_REGS'] === 'y' ? 2 : 1;
}

/** pr_fmt() of arch/arm64/kernel/module.c */
export function printPrefix({ features }: Asked): string {
  return features.rows.has('arm64ModulePrefix') ? 'Modules: ' : '';
}

/** ARM64_WORKAROUND_843419: an ADRP in the last eight bytes of a page may give a wrong address. */
export function worksAround843419({ facts, machine }: Pick<Load, 'facts' | 'machine'>): boolean {
  return machine.errata.has(843419) && facts.config['ARM64_ERRATUM_843419'] === 'y';
}

/** is_forbidden_offset_for_adrp() */
export function isForbiddenForAdrp(load: Pick<Load, 'facts' | 'machine'>, address: bigint): boolean {
  return (address & 0xfffn) >= 0xff8n && worksAround843419(load);
}
