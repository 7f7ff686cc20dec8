// What a command line says about loading a module, as the kernel gets it: parameters in one string, and flags.
import { MODULE_INIT_IGNORE_MODVERSIONS, MODULE_INIT_IGNORE_VERMAGIC } from '../../linux/kernel/module/initFlags';

/** What the kernel gets of text typed in a terminal: one char for each byte of it in UTF-8. */
export function bytesOfText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Options that make the kernel ignore a check, of which `force` stands for both. */
export interface ForceOptions {
  readonly force?: boolean;
  readonly forceModversion?: boolean;
  readonly forceVermagic?: boolean;
}

/** Flags of finit_module(2). */
export function forceFlags({ force, forceModversion, forceVermagic }: ForceOptions): number {
  return (
    (force || forceModversion ? MODULE_INIT_IGNORE_MODVERSIONS : 0) |
    (force || forceVermagic ? MODULE_INIT_IGNORE_VERMAGIC : 0)
  );
}
