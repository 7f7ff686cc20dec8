// What a kernel exports, looked up in the bytes of Module.symvers: no object and no string per symbol.
import { hashBytes, keyedHash, newHashKey, sameBytes, type HashKey } from '../formats/bytes/hash';
import { byteString, toBytes } from '../formats/bytes/strings';
import { fieldEnd, isGplType, isType, lineEnd, newlines, nextFieldEnd } from './symversFields';

/** One row of an {@link ExportTable}, made on demand. Strings are byte strings. */
export interface ExportedSymbol {
  readonly name: string;
  /** Unsigned; 0 when the kernel has no CONFIG_MODVERSIONS. */
  readonly crc: number;
  /** `vmlinux` or the path of the module without `.ko`, as Module.symvers has it. */
  readonly owner: string;
  readonly gplOnly: boolean;
  /** null when the symbol is in no namespace. */
  readonly namespace: string | null;
  /** Spelling of the type column: EXPORT_SYMBOL, EXPORT_SYMBOL_GPL, EXPORT_UNUSED_SYMBOL ...; may be empty. */
  readonly type: string;
}

/** Index of a row, or -1 where none was found. */
export type ExportIndex = number;

/** One entry per row; the arrays may be longer than `count`. */
export interface ExportColumns {
  readonly count: number;
  /** Where the name starts in the text, and its length, in bytes. */
  readonly nameStart: Uint32Array;
  readonly nameLength: Uint32Array;
  /** {@link hashBytes} of the name. */
  readonly hashes: Int32Array;
  readonly crcs: Uint32Array;
}

/** Rows by their hashes: what takes longest to make of a table. */
export interface ExportHashes {
  readonly buckets: Int32Array;
  readonly chain: Int32Array;
  /** Bytes of the longest name. */
  readonly longest: number;
}

/** A bucket with more rows than this holds names chosen to collide. */
const MOST_IN_A_BUCKET = 32;

/**
 * Exports in the order they are listed. A name with several exporters keeps all its rows.
 *
 * Only names and CRCs are kept in columns. The other fields of the few rows a module uses are read from the text when
 * asked for, which makes opening a kernel several times cheaper.
 */
export class ExportTable {
  /** Number of rows; they are numbered from 0. */
  readonly size: number;
  private readonly buckets: Int32Array;
  private readonly chain: Int32Array;
  private readonly hashes: Int32Array;
  /** null where the plain hash is used: see {@link MOST_IN_A_BUCKET}. */
  private readonly key: HashKey | null;
  private readonly longest: number;
  private lineEnds: Uint32Array | null = null;

  /**
   * @param text Module.symvers; must not change afterwards
   * @param skippedLines lines of it that said nothing understandable
   * @param kept what {@link parts} gave for the same text
   */
  constructor(
    readonly text: Uint8Array,
    private readonly columns: ExportColumns,
    readonly skippedLines: number,
    kept: ExportHashes | null = null,
  ) {
    this.size = columns.count;
    if (kept) {
      ({ buckets: this.buckets, chain: this.chain, longest: this.longest } = kept);
      [this.hashes, this.key] = [columns.hashes, null];
      return;
    }
    let longest = 0;
    let buckets = 16;
    while (buckets < this.size) buckets *= 2;
    this.buckets = new Int32Array(buckets);
    this.chain = new Int32Array(this.size);
    const fullest = this.fill(columns.hashes);
    this.key = fullest > MOST_IN_A_BUCKET ? newHashKey() : null;
    this.hashes = this.key ? this.keyedHashes(this.key) : columns.hashes;
    if (this.key) this.fill(this.hashes);
    for (let i = 0; i < this.size; i++) {
      const length = columns.nameLength[i] ?? 0;
      if (length > longest) longest = length;
    }
    this.longest = longest;
  }

  /** What the table was made of, to make it again sooner; null for one whose names collide, which has a key of this process. */
  parts(): { readonly columns: ExportColumns; readonly hashes: ExportHashes } | null {
    const { buckets, chain, longest, columns } = this;
    return this.key ? null : { columns, hashes: { buckets, chain, longest } };
  }

  /** Chains the rows by their hashes. The length of the longest chain. */
  private fill(hashes: Int32Array): number {
    const { buckets, chain } = this;
    const lengths = new Uint32Array(buckets.length);
    let longest = 0;
    buckets.fill(-1);
    // From the last row to the first, so that a chain runs through equal names in the order they were listed.
    for (let i = this.size - 1; i >= 0; i--) {
      const bucket = (hashes[i] ?? 0) & (buckets.length - 1);
      chain[i] = buckets[bucket] ?? -1;
      buckets[bucket] = i;
      const length = (lengths[bucket] = (lengths[bucket] ?? 0) + 1);
      if (length > longest) longest = length;
    }
    return longest;
  }

  private keyedHashes(key: HashKey): Int32Array {
    const { nameStart, nameLength } = this.columns;
    return Int32Array.from({ length: this.size }, (_, i) => {
      const start = nameStart[i] ?? 0;
      return keyedHash(this.text, start, start + (nameLength[i] ?? 0), key);
    });
  }

  /** First row whose name is the `length` bytes at `start` of `bytes`, or -1. Allocates nothing. */
  find(bytes: Uint8Array, start: number, length: number): ExportIndex {
    if (length > this.longest) return -1;
    const end = start + length;
    const hash = this.key ? keyedHash(bytes, start, end, this.key) : hashBytes(bytes, start, end);
    const first = this.buckets[hash & (this.buckets.length - 1)] ?? -1;
    return this.scan(first, hash, bytes, start, length);
  }

  /** First row with this name (a byte string), or -1. */
  findName(name: string): ExportIndex {
    if (name.length > this.longest) return -1;
    return this.find(toBytes(name), 0, name.length);
  }

  /** First row with that name that vmlinux itself exports, or -1; the name as for {@link find}. */
  findInVmlinux(bytes: Uint8Array, start: number, length: number): ExportIndex {
    let index = this.find(bytes, start, length);
    while (index >= 0 && !this.isVmlinux(index)) index = this.findNext(index);
    return index;
  }

  /** The next row with the same name as row `index`, or -1. */
  findNext(index: ExportIndex): ExportIndex {
    if (index < 0 || index >= this.size) return -1;
    const { nameStart, nameLength } = this.columns;
    const next = this.chain[index] ?? -1;
    return this.scan(next, this.hashes[index] ?? 0, this.text, nameStart[index] ?? 0, nameLength[index] ?? 0);
  }

  /** First row of this table with the name of a row of another, or -1. */
  findNameOf(other: ExportTable, index: ExportIndex): ExportIndex {
    const { nameStart, nameLength } = other.columns;
    return this.find(other.text, nameStart[index] ?? 0, nameLength[index] ?? 0);
  }

  /** Whether a row and one of another table have the same CRC, type and namespace. */
  isLike(index: ExportIndex, other: ExportTable, otherIndex: ExportIndex): boolean {
    if (this.crc(index) !== other.crc(otherIndex)) return false;
    // Usually the lines are equal, which takes no string to see.
    const [start, otherStart] = [this.nameEnd(index), other.nameEnd(otherIndex)];
    const [end, otherEnd] = [lineEnd(this.text, start), lineEnd(other.text, otherStart)];
    if (end - start === otherEnd - otherStart && sameBytes(this.text, start, other.text, otherStart, end - start))
      return true;
    return this.gplOnly(index) === other.gplOnly(otherIndex) && this.namespace(index) === other.namespace(otherIndex);
  }

  /**
   * The same for tables that list the same of vmlinux, line for line and in any order; for others the same only by a chance of
   * one in 2^63.
   */
  vmlinuxDigest(): string {
    let [count, sum, product] = [0, 0, 1];
    for (let i = 0; i < this.size; i++) {
      if (!this.isVmlinux(i)) continue;
      const start = this.columns.nameStart[i] ?? 0;
      const hash = hashBytes(this.text, start, lineEnd(this.text, start)) ^ Math.imul(this.crc(i), CRC_FACTOR);
      count++;
      sum = (sum + hash) | 0;
      product = Math.imul(product, hash | 1);
    }
    return [count, sum, product].join(' ');
  }

  private nameEnd(index: ExportIndex): number {
    return (this.columns.nameStart[index] ?? 0) + (this.columns.nameLength[index] ?? 0);
  }

  /** Modules of the kernel's own that export a name, by path without suffix, in the order they are listed. */
  moduleOwners(name: string): string[] {
    const owners: string[] = [];
    for (let index = this.findName(name); index >= 0; index = this.findNext(index))
      if (!this.isVmlinux(index)) owners.push(this.owner(index));
    return owners;
  }

  name(index: ExportIndex): string {
    const start = this.columns.nameStart[index] ?? 0;
    return byteString(this.text, start, start + (this.columns.nameLength[index] ?? 0));
  }

  /** Unsigned CRC of a row; 0 when the kernel has none. */
  crc(index: ExportIndex): number {
    return this.columns.crcs[index] ?? 0;
  }

  /** Whether only modules with a GPL-compatible licence may use the symbol. */
  gplOnly(index: ExportIndex): boolean {
    return isGplType(this.fields(index).type);
  }

  isVmlinux(index: ExportIndex): boolean {
    const { text, columns } = this;
    const start = (columns.nameStart[index] ?? 0) + (columns.nameLength[index] ?? 0) + 1;
    const end = fieldEnd(text, start);
    // The usual order of columns, which needs no string.
    if (isType(text, end + 1, nextFieldEnd(text, end)))
      return end - start === VMLINUX.length && sameBytes(text, start, VMLINUX, 0, VMLINUX.length);
    return this.fields(index).owner === 'vmlinux';
  }

  /** `vmlinux` or the path of the module without `.ko`. */
  owner(index: ExportIndex): string {
    return this.fields(index).owner;
  }

  /** null when the symbol is in no namespace. */
  namespace(index: ExportIndex): string | null {
    return this.fields(index).namespace || null;
  }

  /** Spelling of the type column; empty where there is none. */
  type(index: ExportIndex): string {
    return this.fields(index).type;
  }

  row(index: ExportIndex): ExportedSymbol {
    const { owner, type, namespace } = this.fields(index);
    return {
      name: this.name(index),
      crc: this.crc(index),
      owner,
      gplOnly: isGplType(type),
      namespace: namespace || null,
      type,
    };
  }

  /** Line of a row in Module.symvers, from 1. */
  line(index: ExportIndex): number {
    this.lineEnds ??= newlines(this.text);
    const start = this.columns.nameStart[index] ?? 0;
    let [low, high] = [0, this.lineEnds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.lineEnds[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }

  /**
   * The fields after the name. The columns are `owner type namespace` (type and namespace may be missing), or in 5.4 and
   * 5.5 `namespace owner type`. Only the type starts with EXPORT_, so its place tells the order.
   */
  private fields(index: ExportIndex): { owner: string; type: string; namespace: string } {
    if (index < 0 || index >= this.size) return { owner: '', type: '', namespace: '' };
    const { text, columns } = this;
    const start = (columns.nameStart[index] ?? 0) + (columns.nameLength[index] ?? 0) + 1;
    const end = fieldEnd(text, start);
    const nextEnd = nextFieldEnd(text, end);
    const lastEnd = nextFieldEnd(text, nextEnd);
    const third = byteString(text, start, end);
    const fourth = byteString(text, end + 1, nextEnd);
    const fifth = byteString(text, nextEnd + 1, lastEnd);
    const namespaceThird = !isType(text, end + 1, nextEnd) && isType(text, nextEnd + 1, lastEnd);
    return namespaceThird
      ? { namespace: third, owner: fourth, type: fifth }
      : { owner: third, type: fourth, namespace: fifth };
  }

  private scan(first: ExportIndex, hash: number, bytes: Uint8Array, start: number, length: number): ExportIndex {
    const { hashes } = this;
    const { nameStart, nameLength } = this.columns;
    for (let i = first; i >= 0; i = this.chain[i] ?? -1) {
      if (hashes[i] !== hash || nameLength[i] !== length) continue;
      if (sameBytes(this.text, nameStart[i] ?? 0, bytes, start, length)) return i;
    }
    return -1;
  }
}

/** Odd, so that no CRC becomes another's. */
const CRC_FACTOR = 0x9e3779b1;
const VMLINUX = toBytes('vmlinux');
