// Relocations into struct module other than those of init and exit, which no build makes.
import { note } from '../../../findings/notes';
import { SHT_RELA } from '../../../formats/elf/constants';
import { Relocations } from '../../../formats/elf/relocations';
import { uncheckedField } from '../../../findings/uncheckedField';
import { fillStructModule } from './fillStructModule';
import { sectionBytes } from './loadInfo';
import type { Load, LoadedSection } from './types';

/** A place in struct module that a relocation wants to write to. */
export interface StructWrite {
  /** In bytes, from the start of the structure. */
  readonly offset: number;
  /** What is there before, of the shortest field that a relocation writes. */
  readonly before: Uint8Array;
}

const SHORTEST = 4;
const MOST = 1000;

/**
 * By then the kernel uses other members itself. Those that are set are put where the relocations find them.
 *
 * @returns places of the relocations that no build makes, at most {@link MOST}
 */
export function prepareStructModule(load: Load, section: LoadedSection, target: LoadedSection): StructWrite[] {
  const offsets = unusualOffsets(load, section, target);
  const unknown = offsets.length > 0 ? fillStructModule(load) : [];
  const open = offsets.find(offset => unknown.some(({ from, to }) => offset + SHORTEST > from && offset < to));
  if (open !== undefined) load.leaveUnchecked(note('this-module-relocation', { offset: open }));
  return offsets.map(offset => ({ offset, before: bytesAt(load, offset).slice() }));
}

function unusualOffsets({ facts, features, info }: Load, section: LoadedSection, target: LoadedSection): number[] {
  const { init, exit } = facts.structModule ?? { init: null, exit: null };
  const offsets: number[] = [];
  if (init === null || exit === null) return offsets;
  const table = new Relocations(
    sectionBytes(info, section.index),
    features.is64,
    features.littleEndian,
    section.sh_type === SHT_RELA,
    info.ehdr.e_machine,
  );
  for (let i = 0; i < table.count && offsets.length < MOST; i++) {
    const offset = table.offset(i);
    // R_..._NONE is 0 everywhere, and writes nothing.
    if (table.type(i) !== 0 && offset !== init && offset !== exit && offset < target.sh_size) offsets.push(offset);
  }
  return offsets;
}

/** The kernel goes on with what a relocation wrote into a member that was free, which is not simulated. */
export function noteStructWrites(load: Load, writes: readonly StructWrite[]): void {
  const written = writes.find(({ offset, before }) => bytesAt(load, offset).some((byte, i) => byte !== before[i]));
  if (written) load.report(uncheckedField, { field: note('this-module-relocation', { offset: written.offset }) });
}

function bytesAt({ info }: Load, offset: number): Uint8Array {
  const place = info.sechdrs[info.index.mod]?.place;
  const at = (place?.offset ?? 0) + offset;
  return place ? place.region.image.subarray(at, at + SHORTEST) : new Uint8Array();
}
