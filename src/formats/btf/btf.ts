// BPF Type Format, as far as it tells what `struct module` looks like (include/uapi/linux/btf.h).
import { ByteReader } from '../bytes/byteReader';
import { equalsCString, toBytes } from '../bytes/strings';

/** What the loader needs of `struct module`; all in bytes, offsets from its start. */
export interface StructModuleFacts {
  /** sizeof(struct module) */
  readonly size: number;
  /** offsetof(struct module, init) and exit; null when the source of the facts does not tell. */
  readonly init: number | null;
  readonly exit: number | null;
  /** Where this was learnt, for the person reading: a path and what was read in it. */
  readonly source: string;
}

/** Raw BTF in its two parts that matter here. */
export interface Btf {
  readonly r: ByteReader;
  /** Bytes from the start of the blob; types end before `typeEnd`, strings before `stringEnd`. */
  readonly typeStart: number;
  readonly typeEnd: number;
  readonly strings: number;
  readonly stringEnd: number;
}

/**
 * Size of `struct module` and offsets of its members `init` and `exit`, from raw BTF (the contents of a vmlinux's .BTF
 * section or of /sys/kernel/btf/vmlinux), of either byte order. null when the bytes are not BTF or do not describe it.
 * Never throws; the work is bounded by the length of the blob.
 */
export function structModuleFromBtf(bytes: Uint8Array, source: string): StructModuleFacts | null {
  const btf = openBtf(bytes);
  const found = btf && findStruct(btf, toBytes('module'));
  if (!btf || !found) return null;
  const init = memberOffset(btf, found, toBytes('init'), { members: MAX_MEMBERS, depth: 0 });
  const exit = memberOffset(btf, found, toBytes('exit'), { members: MAX_MEMBERS, depth: 0 });
  return { size: btf.r.u32(found.at + 8), init, exit, source };
}

/**
 * Offsets of members of a struct in bytes, from raw BTF of either byte order: null for one that is not there or is a bit
 * field, nothing at all where the bytes do not describe the struct.
 */
export function membersFromBtf(bytes: Uint8Array, struct: string, members: readonly string[]): (number | null)[] {
  const btf = openBtf(bytes);
  const found = btf && findStruct(btf, toBytes(struct));
  if (!btf || !found) return [];
  return members.map(name => memberOffset(btf, found, toBytes(name), { members: MAX_MEMBERS, depth: 0 }));
}

const BTF_MAGIC = 0xeb9f;
const HEADER_SIZE = 24;
const TYPE_SIZE = 12;
const MEMBER_SIZE = 12;

/** The parts of raw BTF of either byte order; null when the bytes are not BTF. */
export function openBtf(bytes: Uint8Array): Btf | null {
  const r = [true, false].map(little => new ByteReader(bytes, little)).find(reader => reader.u16(0) === BTF_MAGIC);
  if (!r) return null;
  const headerLength = r.u32(4);
  if (headerLength < HEADER_SIZE) return null;
  const typeStart = headerLength + r.u32(8);
  const strings = headerLength + r.u32(16);
  if (!r.contains(typeStart, r.u32(12)) || !r.contains(strings, r.u32(20))) return null;
  return { r, typeStart, typeEnd: typeStart + r.u32(12), strings, stringEnd: strings + r.u32(20) };
}

/** A found type, and where every type up to the end stands, by id. */
interface Found {
  readonly at: number;
  readonly offsets: Uint32Array;
  readonly count: number;
}

const KIND_PTR = 2;
const KIND_STRUCT = 4;
const KIND_UNION = 5;
const KIND_TYPEDEF = 8;
const KIND_RESTRICT = 11;

// Kinds had 5 bits and vlen 16 before recent kernels widened both; the bits in between were zero.
export const kindOf = (info: number): number => (info >>> 24) & 0x7f;
export const vlenOf = (info: number): number => info & 0xff_ffff;

function findStruct(btf: Btf, name: Uint8Array): Found | null {
  const { r } = btf;
  const offsets = new Uint32Array(Math.ceil((btf.typeEnd - btf.typeStart) / TYPE_SIZE) + 1);
  // Id 0 is void and has no entry.
  let count = 1;
  let found = -1;
  for (let at = btf.typeStart; at + TYPE_SIZE <= btf.typeEnd; count++) {
    offsets[count] = at;
    const info = r.u32(at + 4);
    const kind = kindOf(info);
    const extra = extraBytes(kind, vlenOf(info));
    if (extra < 0) break;
    if (kind === KIND_STRUCT && found < 0 && equalsCString(r.bytes, btf.strings + r.u32(at), name)) found = at;
    at += TYPE_SIZE + extra;
  }
  return found < 0 ? null : { at: found, offsets, count };
}

/** Bytes of a type after its first 12, or -1 for a kind not known, after which nothing can be located. */
export function extraBytes(kind: number, vlen: number): number {
  switch (kind) {
    case KIND_PTR:
    case 7: // FWD
    case KIND_TYPEDEF:
    case 9: // VOLATILE
    case 10: // CONST
    case KIND_RESTRICT:
    case 12: // FUNC
    case 16: // FLOAT
    case 18: // TYPE_TAG
      return 0;
    case 1: // INT
    case 14: // VAR
    case 17: // DECL_TAG
      return 4;
    case 3: // ARRAY
      return 12;
    case KIND_STRUCT:
    case KIND_UNION:
    case 15: // DATASEC
    case 19: // ENUM64
      return 12 * vlen;
    case 6: // ENUM
    case 13: // FUNC_PROTO
      return 8 * vlen;
    default:
      return -1;
  }
}

/** How deep anonymous members may nest; a hostile blob could nest a type in itself. */
const MAX_DEPTH = 8;
/** How many members are looked at; `struct module` has about 100. */
const MAX_MEMBERS = 10_000;

/**
 * Byte offset of a member, looked for in anonymous structs and unions too; null when absent or a bit field.
 * @param left how many more members may be looked at, counted down, and how deep this type is nested
 */
function memberOffset(
  btf: Btf,
  type: Found,
  name: Uint8Array,
  left: { members: number; depth: number },
): number | null {
  const { r } = btf;
  const info = r.u32(type.at + 4);
  // With the flag set, the high byte of an offset is the size of a bit field.
  const bitsMask = info >>> 31 ? 0xff_ffff : 0xffff_ffff;
  const first = type.at + TYPE_SIZE;
  const members = Math.min(vlenOf(info), Math.floor((btf.typeEnd - first) / MEMBER_SIZE));
  for (let i = 0; i < members && left.members-- > 0; i++) {
    const at = first + i * MEMBER_SIZE;
    const bits = (r.u32(at + 8) & bitsMask) >>> 0;
    const nameAt = btf.strings + r.u32(at);
    if (equalsCString(r.bytes, nameAt, name)) return bits % 8 === 0 ? bits / 8 : null;
    if (r.u8(nameAt) !== 0 || left.depth >= MAX_DEPTH) continue;
    const inner = structById(btf, type, r.u32(at + 4));
    left.depth++;
    const within = inner && memberOffset(btf, inner, name, left);
    left.depth--;
    if (within !== null) return Math.floor(bits / 8) + within;
  }
  return null;
}

/** The struct or union with this id, looked up through qualifiers and typedefs. */
function structById(btf: Btf, types: Found, id: number): Found | null {
  let at = id < types.count ? (types.offsets[id] ?? 0) : 0;
  for (let step = 0; step < MAX_DEPTH && at > 0; step++) {
    const kind = kindOf(btf.r.u32(at + 4));
    if (kind === KIND_STRUCT || kind === KIND_UNION) return { ...types, at };
    if (kind < KIND_TYPEDEF || kind > KIND_RESTRICT) return null;
    const next = btf.r.u32(at + 8);
    at = next < types.count ? (types.offsets[next] ?? 0) : 0;
  }
  return null;
}
