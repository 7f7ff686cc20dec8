// What a kernel image is asked: its own words, and what its BTF declares. Generation rows and the configuration ask by these names.
import type { BtfDeclaration } from '../formats/btf/declared';

/** Byte strings that stand in the image where a kernel has what they are about, and nowhere else. */
export const KERNEL_TEXTS = [
  // Levels are part of a format: KERN_ERR is \x01 and 3.
  '\x013%s: module uses symbol (%s) from namespace %s, but does not import it.',
  '\x014%s: module uses symbol (%s) from namespace %s, but does not import it.',
  '%s: %s: kernel tainted.',
  'Kernel is locked down from %s; see man kernel_lockdown.7',
  'module.sig_enforce',
  'has invalid WRITE|EXEC flags',
  'failed to validate module [%s] BTF: %ld',
  'Kernel module BTF mismatch detected',
  'decompression failed with status %d',
  'module verification failed: signature and/or required key missing - tainting kernel',
  'loading module not compiled with retpoline compiler',
  'rsa-generic',
  'ecdsa-nist-p256',
  "can't patch static call site at %pS",
  '\0.platform\0',
  'symbol name out of bounds in string table',
] as const;

/** Structs, members and functions that BTF may declare. */
export const KERNEL_TYPES = [
  'struct module_memory',
  'struct execmem_cache',
  'btf_module_notify()',
] as const satisfies readonly BtfDeclaration[];

export type KernelText = (typeof KERNEL_TEXTS)[number];
export type KernelType = (typeof KERNEL_TYPES)[number];

/** What was found in one image. */
export interface ImageEvidence {
  readonly texts: readonly KernelText[];
  /** null where the image has no BTF. */
  readonly types: readonly KernelType[] | null;
}

/** Reads what a snapshot kept; null for anything else. What is not asked any more is left out. */
export function parseEvidence(value: unknown): ImageEvidence | null {
  if (typeof value !== 'object' || value === null) return null;
  const { texts, types } = value as Record<string, unknown>;
  if (!Array.isArray(texts)) return null;
  return {
    texts: KERNEL_TEXTS.filter(text => texts.includes(text)),
    types: Array.isArray(types) ? KERNEL_TYPES.filter(type => types.includes(type)) : null,
  };
}
