// apply_relocate_add() of 64-bit LoongArch (arch/loongarch/kernel/module.c).
import { err, warn } from '../../../findings/types';
import { STB_WEAK } from '../../../formats/elf/constants';
import { EINVAL, ENOENT } from '../../errno';
import type { Symtab } from '../../kernel/module/symtab';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { applyEach, SKIPPED } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';
import { writeField } from './fields';
import { PcaddPairs } from './pcaddPairs';
import {
  isSubtraction,
  lastType,
  R_LARCH_B26,
  R_LARCH_GOT_PCADD_HI20,
  R_LARCH_PCALA64_LO20,
  R_LARCH_PCALA_LO12,
  RELOCATIONS,
  type RelocationRow,
} from './relocations';
import { emitGotEntry, emitPltEntry, loongArchModule } from './sections';
import { RelaStack } from './stack';

const ROWS = rowsByType(RELOCATIONS);
/** How far a branch reaches in either direction; bytes. */
const SZ_128M = 2 ** 27;

export function applyRelocateAdd(load: Load, symtab: Symtab, section: LoadedSection, target: LoadedSection): Errno {
  const stack = new RelaStack();
  const pairs = new PcaddPairs(load, symtab, section, target);
  const { rows } = load.features;
  const knows = { always: true, pcrel: rows.has('larchPcrel'), pcadd: rows.has('larchPcadd') };
  return applyEach<RelocationRow>({
    rela: true,
    rows: ROWS,
    check,
    apply: (entry, row) => (knows[row.since] ? apply(entry, row, stack, pairs) : refuseType(entry)),
    unknown: refuseType,
  })(load, symtab, section, target);
}

/** What pr_err() of this file prints. */
const line = ({ load }: Relocation, text: string): string => `kmod: ${load.mod.name}: ${text}`;

function check(entry: Relocation): Errno {
  if (!entry.isErrorValue()) return 0;
  if (entry.binding === STB_WEAK) return SKIPPED;
  return entry.refuse('symbol', [warn(line(entry, `Unknown symbol ${entry.symbolName}`))], ENOENT);
}

function refuseType(entry: Relocation): Errno {
  const { type, load } = entry;
  const text =
    type > lastType(load.features.rows.has('larchPcadd'))
      ? `Unknown relocation type ${type}`
      : isSubtraction(type)
        ? `Unsupport relocation type ${type}`
        : `Unsupport relocation type ${type}, please add its support.`;
  return entry.refuse('unknown', [err(line(entry, text))], EINVAL);
}

function apply(entry: Relocation, row: RelocationRow, stack: RelaStack, pairs: PcaddPairs): Errno {
  const { view, at, load } = entry;
  switch (row.operation) {
    case 'none':
      return 0;
    case 'unsupported':
      return refuseType(entry);
    case 'word':
      view.setUint32(at, entry.low, true);
      return 0;
    case 'wide':
      writeWide(entry);
      return 0;
    case 'pcrel32':
      entry.subtractPlace();
      view.setUint32(at, entry.low, true);
      return 0;
    case 'pcrel64':
      entry.subtractPlace();
      writeWide(entry);
      return 0;
    case 'add':
    case 'sub':
      addInPlace(entry, row);
      return 0;
    case 'push-absolute':
      return stack.push(entry, entry.wide);
    case 'push-pcrel':
      return stack.push(entry, entry.wide - entry.place);
    case 'push-plt':
      viaPlt(entry);
      entry.subtractPlace();
      return stack.push(entry, entry.wide);
    case 'push-dup':
      return stack.duplicate(entry);
    case 'stack':
      return stack.compute(entry, row.type);
    case 'pop':
      return stack.write(entry, row, () => {
        const text = line(entry, `Unsupport relocation type ${row.type}`);
        return entry.refuse('unknown', [err(text)], EINVAL);
      });
    case 'branch':
      return branch(entry, row);
    case 'page':
      page(entry, row.type);
      return 0;
    case 'got-page':
      if (!toGot(entry)) return badGot(entry);
      // R_LARCH_GOT_PC_HI20 and _LO12 are four behind those of the page itself.
      page(entry, row.type - 4);
      return 0;
    case 'pcadd-high':
      if (row.type === R_LARCH_GOT_PCADD_HI20 && !toGot(entry)) return badGot(entry);
      writeField(view, at, row.field, (entry.low + 0x800 - entry.placeLow) >> 12);
      return 0;
    case 'pcadd-low': {
      const offset = pairs.offsetOf(entry);
      if (offset === null) {
        const text = `kmod: ${load.mod.name}: Can not find HI20 relocation information`;
        return entry.refuse('unpaired', [err(text)], EINVAL);
      }
      writeField(view, at, row.field, offset);
      return 0;
    }
  }
}

function writeWide({ view, at, low, high }: Relocation): void {
  view.setUint32(at, low, true);
  view.setInt32(at + 4, high, true);
}

function addInPlace(entry: Relocation, { bytes, operation }: RelocationRow): void {
  const { view, at, wide } = entry;
  const change = operation === 'add' ? wide : -wide;
  if (bytes === 8) view.setBigInt64(at, BigInt.asIntN(64, view.getBigInt64(at, true) + change), true);
  else view.setInt32(at, Number(BigInt.asIntN(32, BigInt(view.getInt32(at, true)) + change)), true);
}

function setValue(entry: Relocation, value: bigint): void {
  entry.set(Number(BigInt.asUintN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

/** Makes the value the address of a PLT entry where the target is too far away. */
function viaPlt(entry: Relocation): void {
  const state = loongArchModule(entry.load);
  entry.subtractPlace();
  const { value } = entry;
  entry.restore();
  if (state && (value >= SZ_128M || value < -SZ_128M)) setValue(entry, emitPltEntry(entry, state, entry.wide));
}

/** Makes the value the address of its GOT entry; false where more are wanted than were counted. */
function toGot(entry: Relocation): boolean {
  const state = loongArchModule(entry.load);
  const address = state ? emitGotEntry(entry, state, entry.wide) : null;
  if (address !== null) setValue(entry, address);
  return address !== null;
}

function badGot(entry: Relocation): Errno {
  const text = `${entry.load.mod.name}: module contains bad GOT relocation`;
  return entry.refuse('no-room', [err(text)], EINVAL);
}

function branch(entry: Relocation, { field, bits }: RelocationRow): Errno {
  viaPlt(entry);
  entry.subtractPlace();
  const complain = (kind: 'overflow' | 'misaligned', what: string): Errno => {
    const { load, wide } = entry;
    const text = `jump offset = 0x${wide.toString(16)} ${what}! dangerous R_LARCH_B26 (${R_LARCH_B26}) relocation`;
    return entry.refuse(kind, [err(`kmod: module ${load.mod.name}: ${text}`)]);
  };
  if ((entry.low & 3) !== 0) return complain('misaligned', 'unaligned');
  const reach = 2 ** (bits - 1);
  if (entry.value < -reach || entry.value >= reach) return complain('overflow', 'overflow');
  writeField(entry.view, entry.at, field, entry.low >> 2);
  return 0;
}

/** Parts of an address that is told as pages from here and the place in the page. */
function page(entry: Relocation, type: number): void {
  const { view, at, low, placeLow } = entry;
  const pages = (((low + 0x800) & ~0xfff) - (placeLow & ~0xfff)) | 0;
  if (type === R_LARCH_PCALA_LO12) writeField(view, at, 'i12', low);
  else if (type < R_LARCH_PCALA_LO12) writeField(view, at, 'i20', pages >> 12);
  else {
    // What is left of 64 bits when the lower 32 are done.
    const anchor = (entry.place & ~0xfffn) + BigInt(pages);
    const rest = BigInt.asIntN(64, entry.wide - anchor);
    if (type === R_LARCH_PCALA64_LO20) writeField(view, at, 'i20', Number(BigInt.asUintN(20, rest >> 32n)));
    else writeField(view, at, 'i12', Number(BigInt.asUintN(12, rest >> 52n)));
  }
}
