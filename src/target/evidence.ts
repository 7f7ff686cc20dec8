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
  // Names of drivers, which only these have: what is built as a module is not there at boot.
  'rsa-generic',
  'ecdsa-nist-p256-generic',
  'md5-generic',
  'sha1-generic',
  'sha256-generic',
  'sha512-generic',
  'sha3-256-generic',
  "can't patch static call site at %pS",
  '\0.platform\0',
  // arch/um/kernel/um_arch.c, in what it prints about its arguments.
  'User Mode Linux v%s',
  // Asked by rows of src/linux/generations.ts.
  'symbol name out of bounds in string table',
  'Invalid ELF header magic: != %s',
  'Only one .modinfo section must exist.',
  'Exactly one .gnu.linkonce.this_module section must exist.',
  'Invalid ELF section name table type: %u',
  '__version_ext_crcs',
  '%s: loading test module taints kernel.',
  '%s: Symbol %s has an invalid section index %u (max %u)',
  ': module using GPL-only symbols uses symbols %s from proprietary module %s.',
  "section size must match the kernel's built struct module size at run time",
  '%s: loading module anyway',
  'x86/modules: Invalid relocation target, existing value is nonzero',
  'overflow in relocation type %d val %llx sec',
  '\0.BTF.base\0',
  "Type tags don't precede modifiers",
  '.init.text.ftrace_trampoline',
] as const;

/** Structs, members and functions that BTF may declare. */
export const KERNEL_TYPES = [
  'struct module_memory',
  'struct execmem_cache',
  'struct symsearch.flagstab',
  'struct module.using_gplonly_symbols',
  'struct module.gpl_future_syms',
  'struct btf_header.layout_off',
  'struct kernel_param.mod',
  'struct ddebug_class_map',
  'struct printk_buffers',
  'struct relocation_head',
  'btf_module_notify()',
  'crypto_md5_update()',
  'crypto_sha1_update()',
  'crypto_sha256_update()',
  'crypto_sha512_update()',
  'crypto_sha3_update()',
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
