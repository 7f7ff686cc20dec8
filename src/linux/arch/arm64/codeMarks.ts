// Landing pads for indirect branches, which kernels built with BTI enforce in modules and do not check at load
// (arch/arm64/kernel/module.c maps the text of every module as guarded).
import { btiMissing } from '../../../findings/btiMissing';
import type { Load } from '../../kernel/module/types';
import { calledIndirectly, codeOf, functionsOf, MOST_NAMES } from '../functions';

const R_AARCH64_ABS64 = 257;

/** bti c, bti jc, paciasp, pacibsp: what an indirect call may land on. */
const PADS: ReadonlySet<number> = new Set([0xd503245f, 0xd50324df, 0xd503233f, 0xd503237f]);

/** Reports functions without a pad. */
export function codeMarks(load: Load): void {
  if (load.facts.config['ARM64_BTI_KERNEL'] !== 'y') return;
  const bare = calledIndirectly(load, functionsOf(load), R_AARCH64_ABS64).filter(each => {
    const code = codeOf(load, each);
    if (each.start + 4 > code.length) return false;
    const word = new DataView(code.buffer, code.byteOffset + each.start, 4).getUint32(0, true);
    return !PADS.has(word);
  });
  if (bare.length === 0) return;
  const functions = bare.slice(0, MOST_NAMES).map(({ name }) => name);
  load.report(btiMissing, { module: load.mod.name, functions, count: bare.length });
}
