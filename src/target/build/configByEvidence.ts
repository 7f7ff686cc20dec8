// The configuration of a kernel that does not carry one: what its version magic, functions and texts show of it.
import { parseSymvers } from '../symvers';
import type { ImageEvidence, KernelText, KernelType } from '../evidence';

interface Image {
  readonly vermagic: string | null;
  readonly evidence: ImageEvidence;
  readonly exports: { readonly symvers: Uint8Array } | null;
  readonly kallsymsHoldsData: boolean | null;
}

/** What shows that an option is set. One of them is enough. */
interface Sign {
  readonly word?: string;
  readonly type?: KernelType;
  readonly texts?: readonly KernelText[];
  /** A symbol that vmlinux exports. */
  readonly exported?: string;
  readonly isShown?: (image: Image) => boolean;
}

/** Options that the loader asks for, of those an image shows. */
const SIGNS: Readonly<Record<string, Sign>> = {
  UML: { texts: ['User Mode Linux v%s'] },
  SMP: { word: 'SMP' },
  PREEMPT_BUILD: { word: 'preempt' },
  PREEMPT_RT: { word: 'preempt_rt' },
  MODULE_UNLOAD: { word: 'mod_unload' },
  MODVERSIONS: { word: 'modversions' },
  MODULE_SIG: { texts: ['module verification failed: signature and/or required key missing - tainting kernel'] },
  MODULE_FORCE_LOAD: { texts: ['%s: %s: kernel tainted.'] },
  SECURITY_LOCKDOWN_LSM: { texts: ['Kernel is locked down from %s; see man kernel_lockdown.7'] },
  STRICT_MODULE_RWX: { texts: ['has invalid WRITE|EXEC flags'] },
  // MITIGATION_RETPOLINE since 6.9: either is asked for.
  RETPOLINE: { texts: ['loading module not compiled with retpoline compiler'] },
  MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS: {
    texts: ['\x014%s: module uses symbol (%s) from namespace %s, but does not import it.'],
  },
  MODULE_ALLOW_BTF_MISMATCH: { texts: ['Kernel module BTF mismatch detected'] },
  DEBUG_INFO_BTF_MODULES: { type: 'btf_module_notify()', texts: ['failed to validate module [%s] BTF: %ld'] },
  MODULE_DECOMPRESS: { texts: ['decompression failed with status %d'] },
  CRYPTO_RSA: { texts: ['rsa-generic'] },
  CRYPTO_ECDSA: { texts: ['ecdsa-nist-p256-generic'] },
  CRYPTO_MD5: { type: 'crypto_md5_update()', texts: ['md5-generic'] },
  CRYPTO_SHA1: { type: 'crypto_sha1_update()', texts: ['sha1-generic'] },
  CRYPTO_SHA256: { type: 'crypto_sha256_update()', texts: ['sha256-generic'] },
  CRYPTO_SHA512: { type: 'crypto_sha512_update()', texts: ['sha512-generic'] },
  CRYPTO_SHA3: { type: 'crypto_sha3_update()', texts: ['sha3-256-generic'] },
  LIVEPATCH: { exported: 'klp_enable_patch' },
  DYNAMIC_DEBUG: { exported: '__dynamic_pr_debug' },
  KALLSYMS: { exported: 'sprint_symbol' },
  // LIVEPATCH depends on it (kernel/livepatch/Kconfig), and where the table of symbols is not understood, that shows it.
  KALLSYMS_ALL: { exported: 'klp_enable_patch', isShown: ({ kallsymsHoldsData }) => kallsymsHoldsData === true },
  HAVE_STATIC_CALL_INLINE: { texts: ["can't patch static call site at %pS"] },
  INTEGRITY_PLATFORM_KEYRING: { texts: ['\0.platform\0'] },
  ARCH_HAS_EXECMEM_ROX: { type: 'struct execmem_cache' },
};

/** Options of the loader that the image shows to be set. The architecture is told by the image itself, and not by options. */
export function configByEvidence(image: Image): Record<string, string> {
  const words = new Set((image.vermagic ?? '').split(' ').slice(1));
  const config = Object.create(null) as Record<string, string>;
  const exports = image.exports && parseSymvers(image.exports.symvers);
  for (const [option, { word, type, texts = [], exported, isShown }] of Object.entries(SIGNS)) {
    const isSet =
      (word !== undefined && words.has(word)) ||
      isShown?.(image) === true ||
      (type !== undefined && image.evidence.types?.includes(type) === true) ||
      texts.some(text => image.evidence.texts.includes(text)) ||
      (exported !== undefined && (exports?.findName(exported) ?? -1) >= 0);
    if (isSet) config[option] = 'y';
  }
  // A parameter only where the option leaves the choice (kernel/module/signing.c).
  if (config['MODULE_SIG'] && !image.evidence.texts.includes('module.sig_enforce')) config['MODULE_SIG_FORCE'] = 'y';
  return config;
}
