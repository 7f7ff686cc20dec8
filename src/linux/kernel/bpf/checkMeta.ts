// btf_check_all_metas() (kernel/bpf/btf.c): each type alone, as its kind's check_meta() sees it. The kernel does not check
// whether the types that a type of a module names make sense.
import { extraBytes } from '../../../formats/btf/kinds';
import { EINVAL } from '../../errno';
import { TYPE_SIZE, type Btf } from './btf';
import { checkKind } from './checkKinds';
import type { BtfFormat } from './format';
import type { VerifierLog } from './verifierLog';

/** Adds the types that are sound to the blob; 0, or the errno of the first that is not. */
export function checkAllMetas(btf: Btf, format: BtfFormat, log: VerifierLog): number {
  const { hdrLen, typeOff, typeLen } = btf.header;
  const end = hdrLen + typeOff + typeLen;
  let id = btf.base ? btf.startId : 1;
  for (let at = hdrLen + typeOff; at < end; id++) {
    const errno = checkMeta(btf, at, end - at, id, format, log);
    if (errno !== 0) return errno;
    btf.add(at);
    at += TYPE_SIZE + extraBytes(btf.kindAt(at), btf.vlenAt(at));
  }
  return 0;
}

/** btf_check_meta() */
function checkMeta(btf: Btf, at: number, left: number, id: number, format: BtfFormat, log: VerifierLog): number {
  const complain = (text: string): number => {
    log.print(`[${id}] ${text}`);
    return EINVAL;
  };
  if (left < TYPE_SIZE) return complain(`meta_left:${left} meta_needed:${TYPE_SIZE}`);
  const info = btf.u32(at + 4);
  if ((info & ~format.infoMask) !== 0) return complain(`Invalid btf_info:${info.toString(16)}`);
  const kind = btf.kindAt(at);
  if (kind === 0 || kind > format.lastKind) return complain(`Invalid kind:${kind}`);
  const name = btf.u32(at);
  if (!btf.hasName(name)) return complain(`Invalid name_offset:${name}`);
  return checkKind({ btf, at, id, kind, left: left - TYPE_SIZE, format, log });
}
