// A type while it is checked, and what several checks share.
import type { Btf } from './btf';
import type { BtfFormat } from './format';
import type { VerifierLog } from './verifierLog';

/** A type that is being checked. */
export interface Looked {
  readonly btf: Btf;
  readonly at: number;
  readonly id: number;
  readonly kind: number;
  /** Bytes of the section behind struct btf_type. */
  readonly left: number;
  readonly format: BtfFormat;
  readonly log: VerifierLog;
}

/** BTF_MAX_TYPE */
export const MAX_TYPE = 0xf_ffff;
/** Neither void nor beyond BTF_MAX_TYPE; whether that type is there is not asked. */
export const isId = (id: number): boolean => id !== 0 && id <= MAX_TYPE;

export const INVALID_NAME_TEXT = 'Invalid name';
export const INVALID_TYPE_ID_TEXT = 'Invalid type_id';
