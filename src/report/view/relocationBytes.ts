// The memory around one relocated field, as it was just before that entry was applied, and just after.
import type { Load } from '../../linux/kernel/module/types';
import type { Region } from '../../linux/kernel/module/regions';
import type { LoadTrace } from '../../linux/trace/types';
import type { RelocationBytes, StepRelocations } from './types';

/** Bytes shown before and after the field. */
const AROUND = 8;

/**
 * Null for an entry that was not tried, or whose section is not in module memory.
 *
 * @param index of the relocation in the order of apply_relocations()
 */
export function relocationBytes(
  load: Load,
  { images }: LoadTrace,
  relocations: StepRelocations,
  index: number,
): RelocationBytes | null {
  const region = regionOf(load, relocations, index);
  const image = region && images[load.regions.indexOf(region)];
  if (!region || !image) return null;
  const field = startOf(load, relocations, index);
  const length = widthOf(relocations, index);
  const start = Math.max(0, field - AROUND);
  const end = Math.min(image.length, field + length + AROUND);
  const { littleEndian } = load.features;
  const before = image.slice(start, end);
  // What earlier entries wrote nearby is there already.
  for (let i = 0; i < index; i++) {
    const other = startOf(load, relocations, i);
    if (other < end && other + 8 > start && regionOf(load, relocations, i) === region)
      write(before, other - start, relocations.after[i] ?? 0n, widthOf(relocations, i), littleEndian);
  }
  const after = before.slice();
  write(after, field - start, relocations.after[index] ?? 0n, length, littleEndian);
  return {
    address: `0x${(region.base + BigInt(start)).toString(16)}`,
    before,
    after,
    fieldStart: field - start,
    fieldLength: length,
  };
}

function regionOf({ info }: Load, { target }: StepRelocations, index: number): Region | null {
  return info.sechdrs[target[index] ?? 0]?.place?.region ?? null;
}

/** bytes from the start of the region */
function startOf({ info }: Load, { target, offset }: StepRelocations, index: number): number {
  return (info.sechdrs[target[index] ?? 0]?.place?.offset ?? 0) + (offset[index] ?? 0);
}

function widthOf({ type, typeWidths }: StepRelocations, index: number): number {
  return typeWidths[type[index] ?? 0] ?? 0;
}

/** Puts a number at a place of `bytes`; what lies outside is left out. */
function write(bytes: Uint8Array, start: number, value: bigint, width: number, littleEndian: boolean): void {
  for (let i = 0; i < width; i++) {
    const shift = BigInt(8 * (littleEndian ? i : width - 1 - i));
    if (start + i >= 0 && start + i < bytes.length) bytes[start + i] = Number((value >> shift) & 0xffn);
  }
}
