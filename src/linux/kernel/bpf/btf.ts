// struct btf (kernel/bpf/btf.c): a blob of types and strings that may build on another one.
import { extraBytes } from '../../../formats/btf/kinds';
import { byteString, stringEnd } from '../../../formats/bytes/strings';
import { MAX_NAME_OFFSET, type BtfFormat } from './format';
import type { BtfHeader } from './header';

export const TYPE_SIZE = 12;

/** Where void stands. */
const NOWHERE = -1;

/** What a blob asks of the one that it builds on. */
export interface BtfBase {
  readonly count: number;
  /** Behind the last string. */
  readonly endStrOff: number;
  readonly identifiers: Uint8Array;
  find(id: number): { readonly btf: Btf; readonly at: number } | null;
  kindOf(id: number): number;
  string(offset: number): { readonly bytes: Uint8Array; readonly at: number } | null;
}

/** One blob. Ids and offsets of strings count on from those of its base. */
export class Btf implements BtfBase {
  readonly bytes: Uint8Array;
  readonly startId: number;
  readonly startStrOff: number;
  readonly endStrOff: number;
  private readonly view: DataView;
  private readonly strings: number;
  private known: Uint8Array | null = null;
  /** Where each own type stands; the first of a blob without base is void, and stands nowhere. */
  private places = new Int32Array(64);
  private placed = 0;

  constructor(
    readonly header: BtfHeader,
    readonly base: BtfBase | null,
    private readonly format: BtfFormat,
  ) {
    const { bytes } = header.r;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.startId = base ? base.count : 0;
    this.startStrOff = base ? base.endStrOff : 0;
    this.endStrOff = this.startStrOff + header.strLen;
    this.strings = header.hdrLen + header.strOff;
  }

  /** What is known of each string of this blob, by its offset: whether it is an identifier. 0 where it was not looked at yet. */
  get identifiers(): Uint8Array {
    return (this.known ??= new Uint8Array(this.endStrOff));
  }

  /** btf_nr_types(): one more than the last id. */
  get count(): number {
    return this.startId + this.placed;
  }

  /** btf_add_type() */
  add(at: number): void {
    if (this.placed === 0 && !this.base) this.places[this.placed++] = NOWHERE;
    if (this.placed === this.places.length) this.growTo(2 * this.placed);
    this.places[this.placed++] = at;
  }

  private growTo(types: number): void {
    const larger = new Int32Array(types);
    larger.set(this.places.subarray(0, this.placed));
    this.places = larger;
  }

  /** Takes all types as they stand, of a blob that was checked before or is the kernel's own. */
  addAll(): void {
    const { hdrLen, typeOff, typeLen } = this.header;
    const end = Math.min(hdrLen + typeOff + typeLen, this.bytes.length);
    // Room for as many as there can be: what stays unused is never touched. Only then one loop, which runs before it is compiled.
    this.growTo(this.placed + 1 + Math.ceil(Math.max(0, end - hdrLen - typeOff) / TYPE_SIZE));
    const { view, format, places } = this;
    const { kindMask, vlenMask } = format;
    const { littleEndian } = this.header.r;
    let { placed } = this;
    if (placed === 0 && !this.base) places[placed++] = NOWHERE;
    for (let at = hdrLen + typeOff; at + TYPE_SIZE <= end;) {
      places[placed++] = at;
      const info = view.getUint32(at + 4, littleEndian);
      at += TYPE_SIZE + extraBytes((info >>> 24) & kindMask, info & vlenMask);
    }
    this.placed = placed;
  }

  /** The word at a place of this blob, which must lie inside. */
  u32(at: number): number {
    return this.view.getUint32(at, this.header.r.littleEndian);
  }

  kindAt(at: number): number {
    return (this.u32(at + 4) >>> 24) & this.format.kindMask;
  }

  vlenAt(at: number): number {
    return this.u32(at + 4) & this.format.vlenMask;
  }

  kflagAt(at: number): boolean {
    return this.u32(at + 4) >>> 31 === 1;
  }

  /** btf_type_by_id(): the blob that holds a type, and where; null for an id that is not there. */
  find(id: number): { readonly btf: Btf; readonly at: number } | null {
    if (this.base && id < this.startId) return this.base.find(id);
    const index = id - this.startId;
    return index < this.placed ? { btf: this, at: this.places[index] ?? NOWHERE } : null;
  }

  /** The kind of a type: 0 for void, -1 for an id that is not there. */
  kindOf(id: number): number {
    if (this.base && id < this.startId) return this.base.kindOf(id);
    const found = this.find(id);
    if (!found) return -1;
    return found.at < 0 ? 0 : this.kindAt(found.at);
  }

  /** btf_name_offset_valid() */
  hasName(offset: number): boolean {
    return offset <= MAX_NAME_OFFSET && offset < this.endStrOff;
  }

  /** btf_str_by_offset(): where a string stands in which bytes; null behind the last one. */
  string(offset: number): { readonly bytes: Uint8Array; readonly at: number } | null {
    if (this.base && offset < this.startStrOff) return this.base.string(offset);
    const own = offset - this.startStrOff;
    return own < this.header.strLen ? { bytes: this.bytes, at: this.strings + own } : null;
  }

  /** __btf_name_by_offset(), as a byte string. */
  nameForLog(offset: number): string {
    return offset === 0 ? '(anon)' : (this.name(offset) ?? '(invalid-name-offset)');
  }

  /** btf_name_by_offset(), as a byte string; null where there is none. */
  name(offset: number): string | null {
    const found = this.string(offset);
    return found && byteString(found.bytes, found.at, stringEnd(found.bytes, found.at));
  }
}
