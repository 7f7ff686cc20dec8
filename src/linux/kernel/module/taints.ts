// Taint bits and their letters (kernel/panic.c taint_flags, include/linux/panic.h).
import { lockDebuggingDisabled } from '../../../findings/lockDebuggingDisabled';
import type { Load, Module } from './types';

export const TAINT_PROPRIETARY_MODULE = 0;
export const TAINT_FORCED_MODULE = 1;
export const TAINT_FORCED_RMMOD = 3;
export const TAINT_USER = 6;
export const TAINT_CRAP = 10;
export const TAINT_OOT_MODULE = 12;
export const TAINT_UNSIGNED_MODULE = 13;
export const TAINT_LIVEPATCH = 15;
export const TAINT_TEST = 18;

const LETTERS = 'PFSRMBUDAWCIOELKXTNJ';

/** Letters of the bits in `taints`, in the order /proc/modules prints them. */
export function taintLetters(taints: number): string {
  let letters = '';
  for (let bit = 0; bit < LETTERS.length; bit++) if (taints & (1 << bit)) letters += LETTERS.charAt(bit);
  return letters;
}

/** Bits that are marked as those of modules in taint_flags (kernel/panic.c), which kernels before 7.x print alone. */
const OF_MODULES = [0, 1, 10, 12, 13, 15, 16, 17, 18];
/** Letters of a kernel before the taint of test modules, and before that of fwctl. */
const BEFORE_TEST = 18;
const BEFORE_FWCTL = 19;

/** The bits of mod->taints that a kernel prints of a module. */
export function printedTaints({ testTaint, rows }: Load['features']): number {
  const known = rows.has('fwctlTaint') ? LETTERS.length : testTaint ? BEFORE_FWCTL : BEFORE_TEST;
  const all = Array.from({ length: known }, (_, bit) => bit);
  const printed = rows.has('allTaintsOfModules') ? all : all.filter(bit => OF_MODULES.includes(bit));
  return printed.reduce((bits, bit) => bits | (1 << bit), 0);
}

export function kernelTainted(load: Load, bit: number): boolean {
  return (load.machine.taints & (1 << bit)) !== 0;
}

/**
 * add_taint(): proprietary and forced modules make lock debugging unreliable, which is said once per boot.
 *
 * @param lockdepOk LOCKDEP_STILL_OK
 */
export function addTaint(
  load: Load,
  bit: number,
  lockdepOk = bit !== TAINT_PROPRIETARY_MODULE && bit !== TAINT_FORCED_MODULE,
): void {
  if (!lockdepOk && load.features.rows.has('lockDebuggingLine')) load.report(lockDebuggingDisabled, {});
  load.machine.taints |= 1 << bit;
}

/** add_taint_module() */
export function addTaintModule(load: Load, mod: Module, bit: number, lockdepOk?: boolean): void {
  addTaint(load, bit, lockdepOk);
  mod.taints |= 1 << bit;
}
