// Addresses for symbols of vmlinux: the real ones where the target tells them, else plausible ones.
import type { ExportIndex } from '../../../target/exportTable';
import type { KernelFacts } from '../../../target/types';

/** Where x86_64 kernels map their text; any address in the top 2 GiB behaves the same in every relocation check. */
const KERNEL_TEXT = 0xffff_ffff_8100_0000n;

/** Distinct exports stay distinct, 16 bytes apart, as functions are. */
export function kernelAddress(facts: KernelFacts, name: string, index: ExportIndex): bigint {
  return facts.addresses?.get(name) ?? KERNEL_TEXT + BigInt(index) * 16n;
}
