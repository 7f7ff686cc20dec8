// btf_check_type_tags(), since 7.x btf_check_modifier_chain_length() (kernel/bpf/btf.c): modifiers must end somewhere.
import { isModifier, TYPE_TAG } from '../../../formats/btf/kinds';
import { EINVAL, ELOOP } from '../../errno';
import type { Btf } from './btf';
import type { BtfFormat } from './format';
import type { VerifierLog } from './verifierLog';

const LONGEST_CHAIN = 32;

/** Follows the modifiers of all types from `start` on; 0 or an errno. */
export function checkChains(btf: Btf, start: number, format: BtfFormat, log: VerifierLog): number {
  if (!format.chainsChecked) return 0;
  let good = start - 1;
  for (let id = start; id < btf.count; id++) {
    if (!isModifier(btf.kindOf(id))) continue;
    const errno = checkChain(btf, id, good, format, log);
    if (errno !== 0) return errno;
    good = id;
  }
  return 0;
}

/** @param good the last type whose chain is known to be sound */
function checkChain(btf: Btf, start: number, good: number, { tagsFirst }: BtfFormat, log: VerifierLog): number {
  let id = start;
  let kind = btf.kindOf(id);
  let inTags = kind === TYPE_TAG;
  for (let left = LONGEST_CHAIN; isModifier(kind); left--) {
    if (left === 0) {
      log.print('Max chain length or cycle detected');
      return ELOOP;
    }
    if (kind !== TYPE_TAG) inTags = false;
    else if (tagsFirst && !inTags) {
      log.print("Type tags don't precede modifiers");
      return EINVAL;
    }
    if (id <= good) return 0;
    const found = btf.find(id);
    if (!found) return EINVAL;
    id = found.btf.u32(found.at + 8);
    kind = btf.kindOf(id);
    if (kind < 0) return EINVAL;
  }
  return 0;
}
