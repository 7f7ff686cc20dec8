// Names of symbols as numbers: every name is kept once, as bytes, and no string is made until one is shown.
import { FNV_OFFSET, FNV_PRIME, keyedHash, newHashKey, type HashKey } from '../bytes/hash';
import { byteString, LONGEST_NAME, toBytes } from '../bytes/strings';

/** Number of a name in one {@link SymbolNames}; they are given out from 0. */
export type SymbolId = number;

/** A look-up that passes more slots than this has met names chosen to collide: a half-full table of other names needs fewer. */
const MOST_PROBES = 128;

export class SymbolNames {
  private text = new Uint8Array(1 << 16);
  /** Where each name starts; the next one's start is its end. */
  private starts = new Uint32Array(1 << 12);
  /** Open addressing, two words a slot: the hash, and id + 1 or 0 for a free one. Always at least half free. */
  private slots = new Int32Array(1 << 14);
  private count = 0;
  /** null while the plain hash is used: see {@link MOST_PROBES}. */
  private key: HashKey | null = null;
  /** Names that were asked for as strings, by id. */
  private readonly texts: string[] = [];
  private readonly ids = new Map<string, SymbolId>();
  /** By id: in which call of {@link areDistinct} the name was seen last. */
  private seen = new Uint32Array(0);
  private calls = 0;
  private viewed: Uint8Array | null = null;
  private view: DataView = new DataView(this.text.buffer);
  private textView: DataView = this.view;

  get size(): number {
    return this.count;
  }

  /** The id of the name that is the bytes from `start` up to, not including, `end`. */
  add(bytes: Uint8Array, start: number, end: number): SymbolId {
    return this.addCut(bytes, start, end);
  }

  private find(bytes: Uint8Array, start: number, end: number, hash: number): SymbolId {
    const { slots, starts } = this;
    const length = end - start;
    const mask = slots.length - 1;
    let probes = 0;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      if (++probes > MOST_PROBES && !this.key) {
        this.useKey();
        return this.find(bytes, start, end, this.hash(bytes, start, end, hash));
      }
      const id = (slots[slot + 1] ?? 0) - 1;
      if (id < 0) {
        slots[slot] = hash;
        slots[slot + 1] = this.count + 1;
        return this.append(bytes, start, end);
      }
      if (slots[slot] !== hash) continue;
      const at = starts[id] ?? 0;
      if ((starts[id + 1] ?? 0) - at === length && this.isSame(at, bytes, start, length)) return id;
    }
  }

  private isSame(at: number, bytes: Uint8Array, start: number, length: number): boolean {
    const { text, textView } = this;
    const view = this.viewOf(bytes);
    let i = 0;
    for (; i + 4 <= length; i += 4) if (textView.getInt32(at + i) !== view.getInt32(start + i)) return false;
    for (; i < length; i++) if (text[at + i] !== bytes[start + i]) return false;
    return true;
  }

  addName(name: string): SymbolId {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const id = this.add(toBytes(name), 0, name.length);
    this.ids.set(name, id);
    return id;
  }

  name(id: SymbolId): string {
    return (this.texts[id] ??= byteString(this.text, this.start(id), this.end(id)));
  }

  /** The NUL-terminated name at `offset`, cut at {@link LONGEST_NAME}: a byte string, the same one each time. */
  textAt(bytes: Uint8Array, offset: number): string {
    return this.name(this.addAt(bytes, offset));
  }

  /** The id of the name that {@link textAt} reads; nothing is read outside of `bytes`. */
  addAt(bytes: Uint8Array, offset: number): SymbolId {
    return this.addCut(bytes, offset, Math.min(bytes.length, offset + LONGEST_NAME));
  }

  /** The name at `start`, which ends at a NUL or at `limit`. Four bytes at a time: names are most of what is read of a module. */
  private addCut(bytes: Uint8Array, start: number, limit: number): SymbolId {
    if (start < 0 || start >= limit) return this.find(bytes, 0, 0, this.hash(bytes, 0, 0, FNV_OFFSET));
    const view = this.viewOf(bytes);
    let hash = FNV_OFFSET;
    let end = start;
    for (; end + 4 <= limit; end += 4) {
      const word = view.getInt32(end, true);
      // One of the four is NUL.
      if (((word - 0x0101_0101) & ~word & 0x8080_8080) !== 0) break;
      hash = Math.imul(hash ^ word, FNV_PRIME);
      hash ^= hash >>> 15;
    }
    for (; end < limit; end++) {
      const byte = bytes[end] ?? 0;
      if (byte === 0) break;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    }
    return this.find(bytes, start, end, this.key ? this.hash(bytes, start, end, hash) : hash);
  }

  private hash(bytes: Uint8Array, start: number, end: number, plain: number): number {
    return this.key ? keyedHash(bytes, start, end, this.key) : plain;
  }

  /** Switches to the keyed hash, because the names collide under the plain one. */
  private useKey(): void {
    const key = (this.key = newHashKey());
    this.slots.fill(0);
    for (let id = 0; id < this.count; id++) this.place(keyedHash(this.text, this.start(id), this.end(id), key), id + 1);
  }

  /** One view for all names of the same bytes. */
  private viewOf(bytes: Uint8Array): DataView {
    if (this.viewed !== bytes) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.view;
  }

  /** Whether no name comes twice in `ids`, from the index `first` on. */
  areDistinct(ids: Int32Array, first: number): boolean {
    if (this.seen.length < this.count) this.seen = grown(this.seen, new Uint32Array(this.starts.length));
    const call = ++this.calls;
    const { seen } = this;
    for (let i = first; i < ids.length; i++) {
      const id = ids[i] ?? 0;
      if (seen[id] === call) return false;
      seen[id] = call;
    }
    return true;
  }

  /** Calls `use` with the bytes of the name and where it lies in them. */
  withBytes<T>(id: SymbolId, use: (bytes: Uint8Array, start: number, length: number) => T): T {
    return use(this.text, this.start(id), this.end(id) - this.start(id));
  }

  private start(id: SymbolId): number {
    return this.starts[id] ?? 0;
  }

  private end(id: SymbolId): number {
    return this.starts[id + 1] ?? 0;
  }

  private append(bytes: Uint8Array, start: number, end: number): SymbolId {
    const id = this.count++;
    const at = this.start(id);
    const after = at + end - start;
    if (after > this.text.length) {
      this.text = grown(this.text, new Uint8Array(2 * after));
      this.textView = new DataView(this.text.buffer);
    }
    if (id + 2 > this.starts.length) this.starts = grown(this.starts, new Uint32Array(2 * this.starts.length));
    this.text.set(bytes.subarray(start, end), at);
    this.starts[id + 1] = after;
    if (4 * this.count > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let from = 0; from < old.length; from += 2) {
      const entry = old[from + 1] ?? 0;
      if (entry !== 0) this.place(old[from] ?? 0, entry);
    }
  }

  private place(hash: number, entry: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    slots[slot] = hash;
    slots[slot + 1] = entry;
  }
}

function grown<T extends Uint8Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
