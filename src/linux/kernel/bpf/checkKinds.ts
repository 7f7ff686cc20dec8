// check_meta() of each kind (kernel/bpf/btf.c, struct btf_kind_operations).
import * as Kind from '../../../formats/btf/kinds';
import { EINVAL, ENOTSUPP } from '../../errno';
import { TYPE_SIZE } from './btf';
import { checkItems } from './checkItems';
import { describeType } from './describeType';
import { INVALID_NAME_TEXT, INVALID_TYPE_ID_TEXT, isId, MAX_TYPE, type Looked } from './looked';
import { isIdentifier, isSectionName } from './names';

const BTF_INT_MASK = 0x0fff_ffff;
const FLOAT_SIZES: readonly number[] = [2, 4, 8, 12, 16];
const BTF_FUNC_GLOBAL = 1;
const BTF_VAR_GLOBAL_ALLOCATED = 1;

/** What is wrong with a type: what is said, and whether its details are told before. */
interface Wrong {
  readonly text: string;
  readonly basic?: boolean;
  readonly errno?: number;
}

const ZERO_VLEN = { text: 'vlen != 0' };
const KIND_FLAG = { text: 'Invalid btf_info kind_flag' };
const INVALID_NAME = { text: INVALID_NAME_TEXT };
const INVALID_TYPE_ID = { text: INVALID_TYPE_ID_TEXT };

/** 0, or the errno that a type is refused with. */
export function checkKind(type: Looked): number {
  const wrong = tooShort(type) ?? headOf(type);
  if (wrong) {
    describeType(type, wrong.text, wrong.basic ?? false);
    return wrong.errno ?? EINVAL;
  }
  return checkItems(type);
}

function tooShort({ btf, at, kind, left }: Looked): Wrong | null {
  const needed = Kind.extraBytes(kind, btf.vlenAt(at));
  return left < needed ? { text: `meta_left:${left} meta_needed:${needed}`, basic: true } : null;
}

/** What stands in struct btf_type, and in the one record behind it; null when it is sound. */
function headOf(type: Looked): Wrong | null {
  switch (type.kind) {
    case Kind.INT:
      return plain(type) ?? wrongInt(type);
    case Kind.ARRAY:
      return wrongArray(type);
    case Kind.STRUCT:
    case Kind.UNION:
      return optionalName(type);
    case Kind.ENUM:
    case Kind.ENUM64:
      return wrongEnum(type);
    case Kind.FWD:
      return wrongForward(type);
    case Kind.FUNC:
      return wrongFunction(type);
    case Kind.FUNC_PROTO:
      return noName(type) ?? unflagged(type);
    case Kind.VAR:
      return plain(type) ?? wrongVariable(type);
    case Kind.DATASEC:
      return wrongDatasec(type);
    case Kind.FLOAT:
      return plain(type) ?? (FLOAT_SIZES.includes(sizeOf(type)) ? null : { text: 'Invalid type_size' });
    case Kind.DECL_TAG:
      return wrongDeclTag(type);
    default:
      return wrongReference(type);
  }
}

/** The word after info: a size or an id. */
const sizeOf = ({ btf, at }: Looked): number => btf.u32(at + 8);
const nameOf = ({ btf, at }: Looked): number => btf.u32(at);
const noVlen = ({ btf, at }: Looked): Wrong | null => (btf.vlenAt(at) === 0 ? null : ZERO_VLEN);
const unflagged = ({ btf, at }: Looked): Wrong | null => (btf.kflagAt(at) ? KIND_FLAG : null);
const plain = (type: Looked): Wrong | null => noVlen(type) ?? unflagged(type);
const noName = (type: Looked): Wrong | null => (nameOf(type) === 0 ? null : INVALID_NAME);

function optionalName(type: Looked): Wrong | null {
  const name = nameOf(type);
  return name === 0 || isIdentifier(type.btf, name, type.format) ? null : INVALID_NAME;
}

function properName(type: Looked): Wrong | null {
  return nameOf(type) === 0 ? INVALID_NAME : optionalName(type);
}

function wrongInt(type: Looked): Wrong | null {
  const data = type.btf.u32(type.at + TYPE_SIZE);
  if ((data & ~BTF_INT_MASK) !== 0) return { text: `Invalid int_data:${data.toString(16)}`, basic: true };
  const bits = (data & 0xff) + ((data >>> 16) & 0xff);
  if (bits > 128) return { text: 'nr_bits exceeds 128' };
  if (Math.ceil(bits / 8) > sizeOf(type)) return { text: 'nr_bits exceeds type_size' };
  // One of signed, char and bool.
  return [0, 1, 2, 4].includes(data >>> 24) ? null : { text: 'Unsupported encoding', errno: ENOTSUPP };
}

function wrongArray(type: Looked): Wrong | null {
  const { btf, at } = type;
  const head = noName(type) ?? plain(type) ?? (sizeOf(type) === 0 ? null : { text: 'size != 0' });
  if (head) return head;
  if (!isId(btf.u32(at + TYPE_SIZE))) return { text: 'Invalid elem' };
  return isId(btf.u32(at + TYPE_SIZE + 4)) ? null : { text: 'Invalid index' };
}

function wrongEnum(type: Looked): Wrong | null {
  if (!type.format.flaggedEnums && unflagged(type)) return KIND_FLAG;
  return [1, 2, 4, 8].includes(sizeOf(type)) ? optionalName(type) : { text: 'Unexpected size' };
}

function wrongForward(type: Looked): Wrong | null {
  return noVlen(type) ?? (sizeOf(type) === 0 ? properName(type) : { text: 'type != 0' });
}

function wrongFunction(type: Looked): Wrong | null {
  if (properName(type)) return INVALID_NAME;
  return type.btf.vlenAt(type.at) > BTF_FUNC_GLOBAL ? { text: 'Invalid func linkage' } : unflagged(type);
}

function wrongVariable(type: Looked): Wrong | null {
  if (properName(type)) return INVALID_NAME;
  if (!isId(sizeOf(type))) return INVALID_TYPE_ID;
  return type.btf.u32(type.at + TYPE_SIZE) > BTF_VAR_GLOBAL_ALLOCATED ? { text: 'Linkage not supported' } : null;
}

function wrongDatasec(type: Looked): Wrong | null {
  const name = nameOf(type);
  if (sizeOf(type) === 0) return { text: 'size == 0' };
  return unflagged(type) ?? (name !== 0 && isSectionName(type.btf, name, type.format) ? null : INVALID_NAME);
}

function wrongDeclTag(type: Looked): Wrong | null {
  if (!type.btf.name(nameOf(type))) return { text: 'Invalid value' };
  const head = noVlen(type) ?? (type.format.flaggedTags ? null : unflagged(type));
  if (head) return head;
  return (type.btf.u32(type.at + TYPE_SIZE) | 0) < -1 ? { text: 'Invalid component_idx' } : null;
}

/** btf_ref_type_check_meta() */
function wrongReference(type: Looked): Wrong | null {
  const { btf, kind, format } = type;
  const head = noVlen(type) ?? (kind === Kind.TYPE_TAG && format.flaggedTags ? null : unflagged(type));
  if (head) return head;
  if (sizeOf(type) > MAX_TYPE) return INVALID_TYPE_ID;
  if (kind === Kind.TYPEDEF) return properName(type);
  if (kind === Kind.TYPE_TAG) return btf.name(nameOf(type)) ? null : INVALID_NAME;
  return noName(type);
}
