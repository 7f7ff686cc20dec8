// BPF Type Format, as far as it tells what `struct module` looks like (include/uapi/linux/btf.h).
import { ByteReader } from '../bytes/byteReader';
import { equalsCString, toBytes } from '../bytes/strings';
import { extraBytes, isComposite, isKnown, RESTRICT, STRUCT, TYPEDEF } from './kinds';

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
  const offset = (name: string): number | null => offsetIn(btf, found, name);
  return { size: btf.r.u32(found.at + 8), init: offset('init'), exit: offset('exit'), source };
}

/**
 * Offsets of members of `struct module` in bytes, by name, from raw BTF of either byte order. Bit fields and members that it
 * does not have are left out.
 */
export function structModuleMembers<M extends string>(
  bytes: Uint8Array,
  members: readonly M[],
): ReadonlyMap<M, number> {
  const btf = openBtf(bytes);
  const found = btf && findStruct(btf, toBytes('module'));
  const offsets = new Map<M, number>();
  if (!btf || !found) return offsets;
  for (const name of members) {
    const offset = offsetIn(btf, found, name);
    if (offset !== null) offsets.set(name, offset);
  }
  return offsets;
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
    // Behind a kind that is not known nothing can be located.
    if (!isKnown(kind)) break;
    if (kind === STRUCT && found < 0 && equalsCString(r.bytes, btf.strings + r.u32(at), name)) found = at;
    at += TYPE_SIZE + extraBytes(kind, vlenOf(info));
  }
  return found < 0 ? null : { at: found, offsets, count };
}

/** How deep anonymous members may nest; a hostile blob could nest a type in itself. */
const MAX_DEPTH = 8;
/** How many members are looked at; `struct module` has about 100. */
const MAX_MEMBERS = 10_000;

function offsetIn(btf: Btf, type: Found, name: string): number | null {
  return memberOffset(btf, type, toBytes(name), { members: MAX_MEMBERS, depth: 0 });
}

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
    if (isComposite(kind)) return { ...types, at };
    if (kind < TYPEDEF || kind > RESTRICT) return null;
    const next = btf.r.u32(at + 8);
    at = next < types.count ? (types.offsets[next] ?? 0) : 0;
  }
  return null;
}
