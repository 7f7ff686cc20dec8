// What module_frob_arch_sections() of several architectures have in common: sections that have to be there, and their entries.
import { archSections } from '../../findings/archSections';
import { err } from '../../findings/types';
import { ENOEXEC } from '../errno';
import type { Errno, Load, LoadedSection } from '../kernel/module/types';

/** struct mod_section: entries by the value they lead to. */
export interface Entries {
  readonly section: LoadedSection;
  /** How many were counted before the layout. */
  readonly max: number;
  /** Number of the entry by value. */
  readonly of: Map<bigint, number>;
}

/** Refuses a module without a section that the architecture needs; `line` is the kernel's. */
export function missingSection(load: Load, line: string): Errno {
  load.report(archSections, { module: load.mod.name, arch: load.arch.name, lines: [err(line)], section: null });
  return ENOEXEC;
}

/** The two halves of a 64-bit value, the lower first. */
export function halvesOf(value: bigint): readonly [low: number, high: number] {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}

/** Writes little-endian words into a section, `at` bytes from its start; what does not fit is left out. */
export function writeWords({ place, sh_size }: LoadedSection, at: number, words: readonly number[]): void {
  if (!place) return;
  const { image } = place.region;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  for (const [i, word] of words.entries()) {
    const offset = place.offset + at + 4 * i;
    if (at + 4 * i + 4 <= sh_size && offset + 4 <= image.length) view.setInt32(offset, word, true);
  }
}
