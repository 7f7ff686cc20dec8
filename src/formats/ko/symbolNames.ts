// Names of symbols as numbers: every name is kept once, as bytes, and no string is made until one is shown.
import { FNV_OFFSET, FNV_PRIME, sameBytes } from '../bytes/hash';
import { byteString, LONGEST_NAME, toBytes } from '../bytes/strings';

/** Number of a name in one {@link SymbolNames}; they are given out from 0. */
export type SymbolId = number;

export class SymbolNames {
  private text = new Uint8Array(1 << 16);
  /** Where each name starts; the next one's start is its end. */
  private starts = new Uint32Array(1 << 12);
  private hashes = new Int32Array(1 << 12);
  /** Open addressing: id + 1, 0 for a free slot. Always at least half free. */
  private slots = new Uint32Array(1 << 13);
  private count = 0;
  /** Names that were asked for as strings, by id. */
  private readonly texts: string[] = [];
  private readonly ids = new Map<string, SymbolId>();
  private viewed: Uint8Array | null = null;
  private view: DataView = new DataView(this.text.buffer);

  get size(): number {
    return this.count;
  }

  /** The id of the name that is the bytes from `start` up to, not including, `end`. */
  add(bytes: Uint8Array, start: number, end: number): SymbolId {
    return this.addCut(bytes, start, end);
  }

  private find(bytes: Uint8Array, start: number, end: number, hash: number): SymbolId {
    const length = end - start;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = (this.slots[slot] ?? 0) - 1;
      if (id < 0) {
        this.slots[slot] = this.count + 1;
        return this.append(bytes, start, end, hash);
      }
      if (this.hashes[id] !== hash || this.end(id) - this.start(id) !== length) continue;
      if (sameBytes(this.text, this.start(id), bytes, start, length)) return id;
    }
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
    if (start < 0 || start >= limit) return this.find(bytes, 0, 0, FNV_OFFSET);
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
    return this.find(bytes, start, end, hash);
  }

  /** One view for all names of the same bytes. */
  private viewOf(bytes: Uint8Array): DataView {
    if (this.viewed !== bytes) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.view;
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

  private append(bytes: Uint8Array, start: number, end: number, hash: number): SymbolId {
    const id = this.count++;
    const at = this.start(id);
    const after = at + end - start;
    if (after > this.text.length) this.text = grown(this.text, new Uint8Array(2 * after));
    if (id + 2 > this.starts.length) {
      this.starts = grown(this.starts, new Uint32Array(2 * this.starts.length));
      this.hashes = grown(this.hashes, new Int32Array(2 * this.hashes.length));
    }
    this.text.set(bytes.subarray(start, end), at);
    this.starts[id + 1] = after;
    this.hashes[id] = hash;
    if (2 * this.count > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    this.slots = new Uint32Array(2 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = (this.hashes[id] ?? 0) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = id + 1;
    }
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
