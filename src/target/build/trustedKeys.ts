// The certificates a kernel was built to trust, where its build tree still has them (certs/Makefile).
import type { TrustedKeys } from '../types';
import { certificatesIn } from './certificates';
import type { TargetFiles } from '../files';

/**
 * Certificates of the built-in trusted keyring: the module signing key's own, and those of CONFIG_SYSTEM_TRUSTED_KEYS.
 * null when the tree holds no signing certificate, as in headers packages: then the keyring is not known.
 */
export function readTrustedKeys(
  build: string,
  config: Readonly<Record<string, string>>,
  disk: TargetFiles,
): TrustedKeys | null {
  const signing = [
    'certs/signing_key.x509',
    // A private key and its certificate in one file; its place can be configured.
    ...(config.MODULE_SIG_KEY && !config.MODULE_SIG_KEY.startsWith('pkcs11:') ? [config.MODULE_SIG_KEY] : []),
    'certs/signing_key.pem',
  ];
  const additional = [
    'certs/x509_certificate_list',
    ...(config.SYSTEM_TRUSTED_KEYS ? [config.SYSTEM_TRUSTED_KEYS] : []),
  ];
  const own = firstCertificates(build, signing, disk);
  // The additional ones alone would make every module of the kernel's own look like a stranger's.
  if (!own) return null;
  const others = firstCertificates(build, additional, disk);
  return {
    certificates: [...own.certificates, ...(others?.certificates ?? [])],
    source: others ? `${own.source} and ${others.source}` : own.source,
  };
}

/** The certificates of the first file with at least one. Paths are relative to the build directory, as make takes them. */
function firstCertificates(build: string, files: readonly string[], disk: TargetFiles): TrustedKeys | null {
  for (const file of files) {
    const source = disk.path.resolve(build, file);
    const bytes = disk.read(source);
    const certificates = bytes ? certificatesIn(bytes) : [];
    if (certificates.length > 0) return { certificates, source };
  }
  return null;
}
