// Sections the loader looks for by name, told apart by the hash of the name and then by its bytes.
import { hashBytes, sameBytes } from '../../formats/bytes/hash';
import { toBytes } from '../../formats/bytes/strings';

const NAMES = [
  '',
  '.modinfo',
  '__versions',
  '.gnu.linkonce.this_module',
  '__ksymtab',
  '__ksymtab_gpl',
  '__kcrctab',
  '__kcrctab_gpl',
  '__kflagstab',
  '__param',
  '.data..percpu',
  '.BTF',
  '.BTF.base',
  '.ctors',
  '.init_array',
  '__obsparm',
  '__version_ext_crcs',
  '__version_ext_names',
  '__ksymtab_gpl_future',
  '__ksymtab_unused',
  '__ksymtab_unused_gpl',
] as const;

export type KnownSection = Exclude<(typeof NAMES)[number], ''>;

/** A section by what the loader takes it for; 0 stands for every other one. */
export type SectionKind = number;

export const KINDS = NAMES.length;

const BYTES = NAMES.map(toBytes);
const BY_HASH: ReadonlyMap<number, SectionKind> = new Map(
  BYTES.map((bytes, kind) => [hashBytes(bytes, 0, bytes.length), kind]),
);

export const kindOf = (name: KnownSection): SectionKind => NAMES.indexOf(name);

/** The kind of a section whose name is the `length` bytes at `start` and has that {@link hashBytes}. */
export function kindOfName(file: Uint8Array, start: number, length: number, hash: number): SectionKind {
  const kind = BY_HASH.get(hash) ?? 0;
  const name = BYTES[kind];
  return name?.length === length && sameBytes(file, start, name, 0, length) ? kind : 0;
}
