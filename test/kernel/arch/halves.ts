// MIPS: upper halves of addresses wait for a lower half, and the kernel's loop stays at a weak symbol with the value of an error.
import type { Patch } from '../lib/recipe';
import type { Case } from '../lib/recording';
import { insmod, testCase } from '../cases/kit';
import type { ArchKit } from './cases';
import type { ArchKo } from './archKo';

const SHN_ABS = 0xfff1;
const STB_GLOBAL = 1;
const STB_WEAK = 2;
const [NONE, JUMP, HI16, LO16, R_64, UNKNOWN] = [0, 4, 5, 6, 18, 99];

interface Entry {
  readonly type: number;
  /** Its symbol is the one that is moved about. */
  readonly moved?: boolean;
  /** The word that stands in the field. */
  readonly field?: number;
}

/** The first entries of the table of data, changed; one symbol lies at `value`, and has that binding. */
function entriesCase(ko: ArchKo, name: string, entries: readonly Entry[], value: bigint, binding = STB_GLOBAL): Case {
  const section = ko.relocationsOf('suite_places');
  const [moved, target] = [ko.symbol('suite_moved'), ko.symbol('suite_target')];
  const data = ko.section('suite_places').sh_offset;
  const patches: Patch[] = [
    ko.set('sym', moved, 'st_shndx', SHN_ABS),
    ko.set('sym', moved, 'st_value', value),
    ko.set('sym', moved, 'st_info', binding << 4),
  ];
  for (const [index, { type, moved: isMoved = true, field = 0 }] of entries.entries()) {
    patches.push(...ko.setEntry(section, index, type, isMoved ? moved : target));
    patches.push(ko.number(data + ko.relocations(section).offset(index), 4, field));
  }
  return testCase(name, insmod(ko.module(patches)));
}

const VALUES = [0n, 1n, 0x7fffn, 0x8000n, 0xffffn, 0x1234_8000n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_8000n];
const FIELDS = [0, 1, 0x7fff, 0x8000, 0xffff];

/** Tables without addends: halves belong together. */
function pairs(ko: ArchKo): Case[] {
  const lo = { type: LO16 };
  const hi = { type: HI16 };
  const other = { type: HI16, moved: false };
  const rest = { type: NONE };
  const of = (name: string, ...entries: readonly Entry[]): Case =>
    entriesCase(ko, `halves/${name}`, entries, 0x1234_9000n);
  return [
    ...VALUES.flatMap(value =>
      FIELDS.map(field =>
        entriesCase(
          ko,
          `halves/pair/${value.toString(16)}/${field.toString(16)}`,
          [{ type: HI16, field: 0x3c02_0001 }, { type: LO16, field: 0x2442_0000 + field }, rest],
          value,
        ),
      ),
    ),
    of('two-upper', hi, hi, lo),
    of('lower-alone', lo, rest, rest),
    of('lower-twice', hi, lo, lo),
    of('upper-alone', hi, rest, rest),
    of('upper-last', rest, rest, hi),
    of('lower-first', lo, hi, rest),
    of('other-lower', other, lo, rest),
    of('other-upper-between', hi, other, lo),
    of('other-upper-first', other, hi, lo),
    of('upper-then-unknown', hi, { type: UNKNOWN }, lo),
    of('upper-then-wide', hi, { type: R_64 }, lo),
    of('upper-then-jump', hi, { type: JUMP }, lo),
    entriesCase(ko, 'halves/upper-then-odd-jump', [hi, { type: JUMP }, lo], 0x1234_9001n),
  ];
}

/** A symbol whose value looks like an error. */
function errors(ko: ArchKo): Case[] {
  const { is64 } = ko.format;
  const top = is64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  const use = { type: is64 ? R_64 : 2 };
  const unknown = { type: UNKNOWN, moved: false };
  const other = { type: NONE, moved: false };
  return [top, top - 4094n, top - 4095n].flatMap(value => {
    const name = `error-value/${(top - value).toString()}`;
    return [
      entriesCase(ko, `${name}/first`, [use, other, other], value),
      entriesCase(ko, `${name}/none`, [{ type: NONE }, other, other], value),
      entriesCase(ko, `${name}/weak`, [use, other, other], value, STB_WEAK),
      entriesCase(ko, `${name}/weak-then-unknown`, [use, unknown, other], value, STB_WEAK),
      entriesCase(ko, `${name}/unknown-then-weak`, [unknown, use, other], value, STB_WEAK),
      entriesCase(ko, `${name}/weak-then-strong`, [use, other, unknown], value, STB_WEAK),
      entriesCase(ko, `${name}/upper-then-weak`, [{ type: HI16, moved: false }, use, other], value, STB_WEAK),
    ];
  });
}

/** Tables with addends: each of the four quarters stands alone, and only the first of three types counts. */
function packed(ko: ArchKo): Case[] {
  const section = ko.relocationsOf('suite_places');
  const at = section.sh_offset + 8;
  const types = (name: string, bytes: string): Case =>
    testCase(
      `packed/${name}`,
      insmod(ko.module([...ko.setEntry(section, 0, R_64, ko.symbol('suite_target')), [at + 4, bytes]])),
    );
  return [
    types('special-symbol', '01000012'),
    types('second-type', '00000412'),
    types('third-type', '00630012'),
    types('all', 'ffffff12'),
    types('unknown-first', '12121263'),
    types('none-first', '63636300'),
  ];
}

/** Of kernels for MIPS only. */
export function mipsCases(kit: ArchKit): Case[] {
  if (!kit.arch.startsWith('mips')) return [];
  const ko = kit.ko('places');
  return [...(ko.format.is64 ? packed(ko) : pairs(ko)), ...errors(ko)];
}
