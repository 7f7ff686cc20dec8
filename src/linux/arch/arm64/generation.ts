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
