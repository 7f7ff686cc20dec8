// A kernel to boot in tests, and modules whose init does something else.
import { ensureKernel } from '../../../kernel/lib/ensureKernel';
import { labKernel } from '../../../kernel/lib/kernels';
import { ensurePrograms } from '../../../kernel/lib/machine';
import { applyRecipe } from '../../../kernel/lib/recipe';
import { fixture } from '../../../support/recorded';

/** Why nothing can be booted here, or false. */
export function whyNoBoot(): string | false {
  return ensurePrograms('modules on real kernels in QEMU', ['qemu-system-x86_64']) ?? ensureKernel('6.1') ?? false;
}

/** The /lib/modules/RELEASE directory of a kernel in the lab, beside its image. */
export const modulesOf = (key: string): string => labKernel(key).modules;

/** x86_64 code that takes the place of an init. */
export const INITS = {
  /** ud2 */
  crash: '0f0b',
  /** hlt, and again */
  hang: 'f4ebfd',
} as const;

/** The call of __fentry__ comes first, and is patched by the kernel. */
const BEHIND_FENTRY = 5;

/** A module of the 6.1 fixtures with another init. */
export function withInit(code: string): Uint8Array {
  const ko = fixture('6.1', 'minimal');
  const at = ko.section('.init.text').sh_offset + Number(ko.symbol('init_module').st_value) + BEHIND_FENTRY;
  return applyRecipe(ko.bytes, { patches: [[at, code]] });
}
