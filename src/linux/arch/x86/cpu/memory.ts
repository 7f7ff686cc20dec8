// Memory as evaluated code sees it: areas that are not changed, and the bytes written over them.
import type { Size, Value } from './value';

/** A stretch of memory and what code may do with it, as the page tables of the kernel would let it. */
export interface Area {
  readonly base: bigint;
  /** null: the contents are not known, as those of a fresh stack. */
  readonly bytes: Uint8Array | null;
  readonly length: number;
  readonly writable: boolean;
  readonly executable: boolean;
  /** Written bytes outlive the evaluation. */
  readonly kept: boolean;
}

/** In the low byte what was written, and above it a bit for each bit that is not known. */
type Cell = number;

const UNKNOWN_CELL: Cell = 0xff00;
const MOST_WRITTEN = 1 << 16;

export class CpuMemory {
  private readonly areas: Area[];
  private readonly written = new Map<bigint, Cell>();

  constructor(areas: readonly Area[]) {
    this.areas = [...areas];
  }

  /** Adds memory that came into being meanwhile. */
  add(area: Area): void {
    this.areas.push(area);
  }

  /** The value at an address, or null where code must not read, or we cannot tell what it would. */
  read(address: bigint, size: Size): Value | null {
    const area = this.find(address, size);
    // Text as data: the kernel may have patched it.
    if (!area || area.executable) return null;
    let bits = 0n;
    let unknown = 0n;
    for (let i = size - 1; i >= 0; i--) {
      const cell = this.cell(area, address + BigInt(i));
      bits = (bits << 8n) | BigInt(cell & 0xff);
      unknown = (unknown << 8n) | BigInt(cell >> 8);
    }
    return { bits, unknown };
  }

  /** False where code must not write. */
  write(address: bigint, size: Size, value: Value): boolean {
    const area = this.find(address, size);
    if (!area?.writable || this.written.size > MOST_WRITTEN) return false;
    for (let i = 0; i < size; i++) {
      const shift = BigInt(8 * i);
      const cell = Number((value.bits >> shift) & 0xffn) | (Number((value.unknown >> shift) & 0xffn) << 8);
      this.written.set(address + BigInt(i), cell);
    }
    return true;
  }

  /** A byte, or null where there is none that is known. */
  byte(address: bigint): number | null {
    const value = this.read(address, 1);
    return value?.unknown === 0n ? Number(value.bits) : null;
  }

  isCode(address: bigint): boolean {
    return this.find(address, 1)?.executable ?? false;
  }

  /** Up to `most` bytes of code; shorter where the area ends, null where there is no code. */
  code(address: bigint, most: number): Uint8Array | null {
    const area = this.find(address, 1);
    if (!area?.executable || !area.bytes) return null;
    const offset = Number(address - area.base);
    return area.bytes.subarray(offset, Math.min(offset + most, area.length));
  }

  /** What was written and outlives the evaluation, or null when part of it is not known. */
  changes(): ReadonlyMap<bigint, number> | null {
    const changes = new Map<bigint, number>();
    for (const [address, cell] of this.written) {
      if (!this.find(address, 1)?.kept) continue;
      if (cell > 0xff) return null;
      changes.set(address, cell);
    }
    return changes;
  }

  private find(address: bigint, size: number): Area | undefined {
    return this.areas.find(({ base, length }) => address >= base && address + BigInt(size) <= base + BigInt(length));
  }

  private cell(area: Area, address: bigint): Cell {
    const written = this.written.get(address);
    if (written !== undefined) return written;
    return area.bytes?.[Number(address - area.base)] ?? UNKNOWN_CELL;
  }
}
