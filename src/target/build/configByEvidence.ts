// The configuration of a kernel that does not carry one: what its version magic, functions and texts show of it.
import { parseSymvers } from '../symvers';
import type { ImageEvidence, KernelText, KernelType } from '../evidence';

interface Image {
  readonly vermagic: string | null;
  readonly machine: number | null;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly evidence: ImageEvidence;
  readonly exports: { readonly symvers: Uint8Array } | null;
}

/** What shows that an option is set: any of these. */
interface Sign {
  readonly word?: string;
  readonly type?: KernelType;
  readonly text?: KernelText;
  /** A symbol that vmlinux exports. */
  readonly exported?: string;
}

/** Options that the loader asks for, of those an image shows. */
const SIGNS: Readonly<Record<string, Sign>> = {
  SMP: { word: 'SMP' },
  PREEMPT_BUILD: { word: 'preempt' },
  PREEMPT_RT: { word: 'preempt_rt' },
  MODULE_UNLOAD: { word: 'mod_unload' },
  MODVERSIONS: { word: 'modversions' },
  MODULE_SIG: { text: 'module verification failed: signature and/or required key missing - tainting kernel' },
  MODULE_FORCE_LOAD: { text: '%s: %s: kernel tainted.' },
  SECURITY_LOCKDOWN_LSM: { text: 'Kernel is locked down from %s; see man kernel_lockdown.7' },
  STRICT_MODULE_RWX: { text: 'has invalid WRITE|EXEC flags' },
  // MITIGATION_RETPOLINE since 6.9: either is asked for.
  RETPOLINE: { text: 'loading module not compiled with retpoline compiler' },
  MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS: {
    text: '\x014%s: module uses symbol (%s) from namespace %s, but does not import it.',
  },
  MODULE_ALLOW_BTF_MISMATCH: { text: 'Kernel module BTF mismatch detected' },
  DEBUG_INFO_BTF_MODULES: { type: 'btf_module_notify()', text: 'failed to validate module [%s] BTF: %ld' },
  MODULE_DECOMPRESS: { text: 'decompression failed with status %d' },
  CRYPTO_RSA: { text: 'rsa-generic' },
  CRYPTO_ECDSA: { text: 'ecdsa-nist-p256' },
  LIVEPATCH: { exported: 'klp_enable_patch' },
  DYNAMIC_DEBUG: { exported: '__dynamic_pr_debug' },
  KALLSYMS: { exported: 'sprint_symbol' },
  HAVE_STATIC_CALL_INLINE: { text: "can't patch static call site at %pS" },
  INTEGRITY_PLATFORM_KEYRING: { text: '\0.platform\0' },
  ARCH_HAS_EXECMEM_ROX: { type: 'struct execmem_cache' },
};

/** Options that are set, as far as the image shows; an architecture's own name among them. */
export function configByEvidence(image: Image): Record<string, string> {
  const words = new Set((image.vermagic ?? '').split(' ').slice(1));
  const config = Object.create(null) as Record<string, string>;
  const exports = image.exports && parseSymvers(image.exports.symvers);
  for (const [option, { word, type, text, exported }] of Object.entries(SIGNS)) {
    const isSet =
      (word !== undefined && words.has(word)) ||
      (type !== undefined && image.evidence.types?.includes(type) === true) ||
      (text !== undefined && image.evidence.texts.includes(text)) ||
      (exported !== undefined && (exports?.findName(exported) ?? -1) >= 0);
    if (isSet) config[option] = 'y';
  }
  // A parameter only where the option leaves the choice (kernel/module/signing.c).
  if (config['MODULE_SIG'] && !image.evidence.texts.includes('module.sig_enforce')) config['MODULE_SIG_FORCE'] = 'y';
  for (const option of ARCH_OPTIONS[image.machine ?? 0] ?? []) config[option] = 'y';
  if (image.is64) config['64BIT'] = 'y';
  config[image.littleEndian ? 'CPU_LITTLE_ENDIAN' : 'CPU_BIG_ENDIAN'] = 'y';
  return config;
}

/** By e_machine: what names the architecture in a configuration. */
const ARCH_OPTIONS: Readonly<Record<number, readonly string[]>> = {
  3: ['X86', 'X86_32'],
  62: ['X86', 'X86_64'],
  183: ['ARM64'],
  40: ['ARM'],
  243: ['RISCV'],
  21: ['PPC', 'PPC64'],
  22: ['S390'],
  8: ['MIPS'],
  258: ['LOONGARCH'],
};
