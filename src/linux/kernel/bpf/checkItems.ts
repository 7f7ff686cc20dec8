// What follows a type: members of structs, values of enumerations, variables of sections (kernel/bpf/btf.c).
import * as Kind from '../../../formats/btf/kinds';
import { EINVAL } from '../../errno';
import { TYPE_SIZE } from './btf';
import { describeMember, describeType, describeVariable } from './describeType';
import { INVALID_NAME_TEXT, INVALID_TYPE_ID_TEXT, isId, type Looked } from './looked';
import { isIdentifier } from './names';

const ITEM_SIZE = 12;
const ENUM_SIZE = 8;

/** 0, or the errno that the items of a type are refused with. */
export function checkItems(type: Looked): number {
  switch (type.kind) {
    case Kind.STRUCT:
    case Kind.UNION:
      return checkMembers(type);
    case Kind.ENUM:
      return checkValues(type, ENUM_SIZE);
    case Kind.ENUM64:
      return checkValues(type, ITEM_SIZE);
    case Kind.DATASEC:
      return checkVariables(type);
    default:
      return 0;
  }
}

/** The rest of btf_struct_check_meta(). */
function checkMembers(type: Looked): number {
  const { btf, at, kind, format } = type;
  const [size, count, flagged] = [btf.u32(at + 8), btf.vlenAt(at), btf.kflagAt(at)];
  let last = 0;
  for (let i = 0, member = at + TYPE_SIZE; i < count; i++, member += ITEM_SIZE) {
    const name = btf.u32(member);
    const offset = flagged ? btf.u32(member + 8) & 0xff_ffff : btf.u32(member + 8);
    const wrong = !btf.hasName(name)
      ? `Invalid member name_offset:${name}`
      : name !== 0 && !isIdentifier(btf, name, format)
        ? INVALID_NAME_TEXT
        : !isId(btf.u32(member + 4))
          ? INVALID_TYPE_ID_TEXT
          : last > offset || (kind === Kind.UNION && offset !== 0)
            ? 'Invalid member bits_offset'
            : Math.ceil(offset / 8) > size
              ? 'Member bits_offset exceeds its struct size'
              : null;
    if (wrong !== null) {
      describeMember(type, member, wrong);
      return EINVAL;
    }
    last = offset;
  }
  return 0;
}

/** The rest of btf_enum_check_meta() and btf_enum64_check_meta(). */
function checkValues(type: Looked, step: number): number {
  const { btf, at, format, log } = type;
  const count = btf.vlenAt(at);
  for (let i = 0; i < count; i++) {
    const name = btf.u32(at + TYPE_SIZE + i * step);
    if (!btf.hasName(name)) {
      log.print(`\tInvalid name_offset:${name}`);
      return EINVAL;
    }
    if (name === 0 || !isIdentifier(btf, name, format)) {
      describeType(type, INVALID_NAME_TEXT, false);
      return EINVAL;
    }
  }
  return 0;
}

/** The rest of btf_datasec_check_meta(). */
function checkVariables(type: Looked): number {
  const { btf, at } = type;
  const [size, count] = [btf.u32(at + 8), btf.vlenAt(at)];
  let [end, sum] = [0, 0];
  for (let i = 0, variable = at + TYPE_SIZE; i < count; i++, variable += ITEM_SIZE) {
    const [offset, length] = [btf.u32(variable + 4), btf.u32(variable + 8)];
    // As the kernel adds: in 32 bits.
    const next = (offset + length) >>> 0;
    const wrong = !isId(btf.u32(variable))
      ? INVALID_TYPE_ID_TEXT
      : offset < end || offset >= size
        ? 'Invalid offset'
        : length === 0 || length > size
          ? 'Invalid size'
          : next > size
            ? 'Invalid offset+size'
            : null;
    if (wrong !== null) {
      describeVariable(type, variable, wrong);
      return EINVAL;
    }
    end = next;
    sum += length;
  }
  if (size >= sum) return 0;
  describeType(type, 'Invalid btf_info size', false);
  return EINVAL;
}
