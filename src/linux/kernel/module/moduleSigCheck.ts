// module_sig_check() and mod_verify_sig(): the signature trailer, then the policy of the kernel.
import { note } from '../../../findings/notes';
import { readModuleSignature, type ModuleSignature } from '../../../formats/ko/signature';
import { lockdownRestricts } from '../../../findings/lockdownRestricts';
import { signatureMalformed } from '../../../findings/signatureMalformed';
import { signatureParser } from '../../../findings/signatureParser';
import { signatureRefused } from '../../../findings/signatureRefused';
import { unsignedRejected } from '../../../findings/unsignedRejected';
import { MODULE_INIT_COMPRESSED_FILE } from './initFlags';
import { EBADMSG, EKEYREJECTED, ENODATA, ENOKEY, ENOPKG, EPERM } from '../../errno';
import type { Errno, Load } from './types';

const PKEY_ID_PKCS7 = 2;
const TRAILER_SIZE = 12;
const MARKER_SIZE = 28;

/** The only errors that do not refuse a module by themselves, as the kernel words them. */
const SOFT_ERRORS: ReadonlyMap<Errno, string> = new Map([
  [ENODATA, 'unsigned module'],
  [ENOPKG, 'module with unsupported crypto'],
  [ENOKEY, 'module with unavailable key'],
]);

export function moduleSigCheck(load: Load): Errno {
  const { rows } = load.features;
  if (!load.features.moduleSig) {
    if (load.facts.profile && rows.has('signatures')) load.notChecked(note('profile-signatures'));
    else load.skip(rows.has('signatures') ? note('signatures-off') : note('no-signatures'));
    return 0;
  }
  const result = verifyTrailer(load);
  const { boot } = load.machine;
  load.observer?.checked('verified', result === 0 ? note('yes') : note('no'));
  load.observer?.checked('sig_enforce', load.features.moduleSigForce || boot.sigEnforce ? 1 : 0);
  load.observer?.checked('lockdown', boot.lockdown);
  if (result === 0) {
    load.info.sigOk = true;
    return 0;
  }
  if (!rows.has('signatureReasons')) return policyBefore54(load, result === ENODATA ? ENOKEY : result);
  const reason = SOFT_ERRORS.get(result);
  if (reason === undefined) {
    // A damaged signature is fatal and silent even where no signature is asked for.
    load.report(signatureRefused, { errno: result });
    return result;
  }
  load.note(note('verbatim', { text: reason }));
  return applyPolicy(load, reason);
}

/** A force flag makes the signature count as absent: what was signed is no longer what is loaded. */
function signatureCounts(load: Load): boolean {
  const { flags } = load.options;
  return load.features.signatureWithAnyFlags ? (flags & ~MODULE_INIT_COMPRESSED_FILE) === 0 : flags === 0;
}

function verifyTrailer(load: Load): Errno {
  const { info } = load;
  const signature = signatureCounts(load) ? readModuleSignature(info.bytes.subarray(0, info.len)) : null;
  load.observer?.checked('signature', signature ? note('bytes', { count: signature.sig_len }) : note('none'));
  if (!signature) return ENODATA;
  info.len -= MARKER_SIZE;
  const malformed = checkTrailer(load, signature);
  if (malformed !== 0) return malformed;
  if (!load.features.rows.has('pkcs7Signatures')) {
    load.notChecked(note('signature-era'));
    return 0;
  }
  info.len = signature.elfLength;
  return verifyPkcs7(load, signature);
}

/** mod_check_sig() (kernel/module_signature.c) */
function checkTrailer(load: Load, signature: ModuleSignature): Errno {
  const { len } = load.info;
  if (len <= TRAILER_SIZE || signature.sig_len >= len - TRAILER_SIZE) return EBADMSG;
  if (!load.features.rows.has('pkcs7Signatures')) return checkTrailerBefore43(load, signature);
  if (signature.id_type !== PKEY_ID_PKCS7) {
    load.report(signatureMalformed, { problem: 'id-type' });
    return ENOPKG;
  }
  const others = [signature.algo, signature.hash, signature.signer_len, signature.key_id_len, ...signature.pad];
  if (others.some(field => field !== 0)) {
    load.report(signatureMalformed, { problem: 'params' });
    return EBADMSG;
  }
  return 0;
}

const PKEY_ALGO_RSA = 1;
const PKEY_ID_X509 = 1;
/** Values of enum pkey_hash_algo up to 4.2. */
const PKEY_HASH__LAST = 8;

/**
 * 3.7 to 4.2 (kernel/module_signing.c, mod_verify_sig()): the name of the signer and the identifier of its key lie before the
 * signature, which is an MPI of RSA.
 */
function checkTrailerBefore43({ info }: Load, signature: ModuleSignature): Errno {
  const { algo, hash, id_type, signer_len, key_id_len, sig_len } = signature;
  const left = info.len - TRAILER_SIZE - sig_len;
  if (signer_len + key_id_len >= left) return EBADMSG;
  info.len = left - signer_len - key_id_len;
  return algo !== PKEY_ALGO_RSA || id_type !== PKEY_ID_X509 || hash >= PKEY_HASH__LAST ? ENOPKG : 0;
}

/** Up to 5.3 no lockdown, no line, and one error that an unsigned module shares with one of an unknown signer. */
function policyBefore54(load: Load, errno: Errno): Errno {
  if (errno === ENOKEY && !load.features.moduleSigForce && !load.machine.boot.sigEnforce) return 0;
  load.report(signatureRefused, { errno });
  return errno;
}

function verifyPkcs7(load: Load, signature: ModuleSignature): Errno {
  const { info, machine } = load;
  if (!machine.verifyPkcs7) {
    load.notChecked(note('no-signature-verifier'));
    return 0;
  }
  const pkcs7 = info.bytes.subarray(signature.sigStart, signature.sigEnd);
  const verdict = machine.verifyPkcs7(info.bytes.subarray(0, info.len), pkcs7, load.facts);
  if (verdict.log.length > 0) load.report(signatureParser, { lines: verdict.log });
  if (verdict.checked) load.note(verdict.note);
  else load.notChecked(verdict.note);
  return verdict.errno;
}

function applyPolicy(load: Load, reason: string): Errno {
  const { boot } = load.machine;
  if (load.features.moduleSigForce || boot.sigEnforce) {
    load.report(unsignedRejected, { reason });
    return EKEYREJECTED;
  }
  if (load.features.lockdown && boot.lockdown !== 'none') {
    load.report(lockdownRestricts, { comm: load.options.comm, what: 'unsigned module loading' });
    return EPERM;
  }
  return 0;
}
