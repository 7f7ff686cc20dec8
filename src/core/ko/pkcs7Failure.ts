// How the kernel's parser refuses a signature.

export interface Failure {
  readonly ok: false;
  readonly errno: number;
  readonly reason: string;
}

export const EINVAL = 22;
export const ENOPKG = 65;
export const EBADMSG = 74;
export const EMSGSIZE = 90;
export const EKEYREJECTED = 129;

/** @param reason what the signature is or does, to follow "The signature" */
export function failed(errno: number, reason: string): Failure {
  return { ok: false, errno, reason: `The signature ${reason}.` };
}
