// apply_relocate_add() of arm64 (arch/arm64/kernel/module.c).
import { err, type LogLine } from '../../../findings/types';
import type { Errno } from '../../kernel/module/types';
import { applyEach } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';
import { hasPlts, isForbiddenForAdrp, printPrefix } from './generation';
import { branch, withImmediate } from './insn';
import { moduleEmitPltEntry, moduleEmitVeneerForAdrp } from './plt';
import { IMM_ADR, RELOCATIONS, type RelocationRow } from './relocations';

const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;
const U16_MAX = 0xffff;

export const applyRelocateAdd = applyEach<RelocationRow>({
  rela: true,
  rows: rowsByType(RELOCATIONS),
  apply,
  unknown: entry => entry.refuse('unknown', [line(entry, `unsupported RELA relocation: ${entry.type}`)]),
});

function apply(entry: Relocation, row: RelocationRow): Errno {
  switch (row.operation) {
    case 'none':
      return 0;
    case 'data':
      return relocData(entry, row) ? 0 : overflow(entry);
    case 'movw':
      return relocInsnMovw(entry, row) || !row.checked ? 0 : overflow(entry);
    case 'page':
      if (isForbiddenForAdrp(entry.load, entry.place)) return relocForbiddenAdrp(entry);
      return relocInsnAdrp(entry) || !row.checked ? 0 : overflow(entry);
    case 'immediate':
      return relocInsnImm(entry, row) ? 0 : overflow(entry);
    case 'branch':
      return relocBranch(entry, row);
  }
}

/** What the kernel prints as val is S + A. */
function overflow(entry: Relocation): Errno {
  entry.restore();
  return overflowOf(entry);
}

function overflowOf(entry: Relocation): Errno {
  return entry.refuse('overflow', [
    line(entry, `overflow in relocation type ${entry.type} val ${entry.wide.toString(16)}`),
  ]);
}

function line({ load }: Relocation, text: string): LogLine {
  return err(`${printPrefix(load)}module ${load.mod.name}: ${text}`);
}

/** reloc_data() */
function relocData(entry: Relocation, { bytes, pcRelative }: RelocationRow): boolean {
  const { view, at } = entry;
  if (pcRelative) entry.subtractPlace();
  const { low, high } = entry;
  if (bytes === 8) {
    view.setUint32(at, low, true);
    view.setInt32(at + 4, high, true);
    return true;
  }
  if (bytes === 4) {
    view.setUint32(at, low, true);
    return pcRelative ? entry.within(-TWO_31, TWO_31 - 1) : entry.within(0, TWO_32 - 1);
  }
  view.setUint16(at, low & U16_MAX, true);
  return pcRelative ? entry.within(-0x8000, 0x7fff) : entry.within(0, U16_MAX);
}

/** reloc_insn_movw() */
function relocInsnMovw(entry: Relocation, { pcRelative, shift, signed }: RelocationRow): boolean {
  const { view, at } = entry;
  if (pcRelative) entry.subtractPlace();
  let { low, high } = entry;
  let insn = view.getUint32(at, true);
  if (signed) {
    // MOVZ for what is not negative, else MOVN of the inverted value.
    insn &= ~(3 << 29);
    if (high >= 0) insn |= 2 << 29;
    else [low, high] = [~low >>> 0, ~high];
  }
  const immediate = shift === 0 ? low : shift === 16 ? (low >>> 16) | (high << 16) : shift === 32 ? high : high >> 16;
  view.setUint32(at, ((insn & ~(U16_MAX << 5)) | ((immediate & U16_MAX) << 5)) >>> 0, true);
  if (shift === 0) return high === 0 && low <= U16_MAX;
  if (shift === 16) return high === 0;
  return shift === 48 ? high >= 0 : high >= 0 && high <= U16_MAX;
}

/** reloc_insn_imm(): whether the value fits, where that is checked. */
function relocInsnImm(entry: Relocation, { pcRelative, shift, mask, reach, field, checked }: RelocationRow): boolean {
  const { view, at } = entry;
  if (pcRelative) entry.subtractPlace();
  view.setUint32(at, withImmediate(view.getUint32(at, true), field, (entry.low >>> shift) & mask), true);
  return !checked || entry.within(-reach, reach - 1);
}

const ADR_REACH = 2 ** 20;

/** reloc_insn_adrp() for an ADRP that may give a wrong address: an ADR where it reaches, else a jump to a veneer. */
function relocForbiddenAdrp(entry: Relocation): Errno {
  const { view, at } = entry;
  entry.set((entry.low & ~0xfff) >>> 0, entry.high);
  const page = entry.wide;
  entry.subtractPlace();
  const insn = withImmediate(view.getUint32(at, true), IMM_ADR, entry.low & 0x1f_ffff);
  if (entry.value >= -ADR_REACH && entry.value < ADR_REACH) {
    view.setUint32(at, (insn & 0x7fff_ffff) >>> 0, true);
    return 0;
  }
  const veneer = moduleEmitVeneerForAdrp(entry, insn, page);
  if (veneer === null) return entry.refuse('no-room', []);
  view.setUint32(at, branch(entry.place, veneer), true);
  return 0;
}

/** reloc_insn_adrp(): pages of 4 KiB in 21 bits. */
function relocInsnAdrp(entry: Relocation): boolean {
  const { view, at } = entry;
  entry.set((entry.low & ~0xfff) >>> 0, entry.high);
  entry.subtract((entry.placeLow & ~0xfff) >>> 0, entry.placeHigh);
  const pages = (entry.low >>> 12) | (entry.high << 20);
  const insn = view.getUint32(at, true);
  view.setUint32(at, ((insn & ~0x60ff_ffe0) | ((pages & 3) << 29) | (((pages >>> 2) & 0x7_ffff) << 5)) >>> 0, true);
  return entry.within(-TWO_32, TWO_32 - 1);
}

const BRANCH_REACH = 2 ** 27;

/** JUMP26 and CALL26: what lies too far is reached by way of a PLT entry. */
function relocBranch(entry: Relocation, { field, shift }: RelocationRow): Errno {
  const { view, at } = entry;
  entry.subtractPlace();
  if (!reaches(entry) && hasPlts(entry.load)) {
    entry.restore();
    const plt = moduleEmitPltEntry(entry);
    if (plt === null) return entry.refuse('no-room', []);
    entry.set(Number(BigInt.asUintN(32, plt)), Number(BigInt.asIntN(32, plt >> 32n)));
    entry.subtractPlace();
  }
  view.setUint32(at, withImmediate(view.getUint32(at, true), field, entry.low >>> shift), true);
  if (reaches(entry)) return 0;
  entry.add(entry.placeLow, entry.placeHigh);
  return overflowOf(entry);
}

const reaches = ({ value }: Relocation): boolean => value >= -BRANCH_REACH && value < BRANCH_REACH;
