// apply_relocate() of arm (arch/arm/kernel/module.c): addends stand in the instructions. All numbers wrap at 32 bits.
import { err } from '../../../findings/types';
import { STT_FUNC } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import type { Errno } from '../../kernel/module/types';
import { applyEach } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';
import { getModulePlt, type ArmModule } from './plt';
import { isKnown, RELOCATIONS, type RelocationRow } from './relocations';

export const applyRelocate = applyEach<RelocationRow>({
  rela: false,
  rows: rowsByType(RELOCATIONS),
  check,
  apply,
  unknown,
});

function unknown(entry: Relocation): Errno {
  return entry.refuse('unknown', [err(`${entry.load.mod.name}: unknown relocation: ${entry.type}`)]);
}

/** Symbol and place are checked before the type is looked at; a symbol just behind the table passes. */
function check(entry: Relocation): Errno {
  const { load, section, target, symbol, offset, position } = entry;
  const symsec = load.info.sechdrs[load.info.index.sym];
  const symbols = Math.floor((symsec?.sh_size ?? 0) / structSizes(false).sym);
  const where = `${load.mod.name}: section ${section.index} reloc ${position}`;
  if (symbol > symbols) return entry.refuse('symbol', [err(`${where}: bad relocation sym offset`)]);
  // The last place is sh_size - 4 as an unsigned number: sections of less than four bytes have no last place.
  const last = (target.sh_size - 4) >>> 0;
  if ((offset | 0) >= 0 && offset <= last) return 0;
  const bounds = `out of bounds relocation, offset ${offset | 0} size ${target.sh_size}`;
  return entry.refuse('outside', [err(`${where} sym '${entry.symbolName}': ${bounds}`)]);
}

/** Where, in the words of most complaints. */
function complaint({ load, section, position, symbolName }: Relocation, text: string): string {
  return `${load.mod.name}: section ${section.index} reloc ${position} sym '${symbolName}': ${text}`;
}

function outOfRange(entry: Relocation): Errno {
  const { type, placeLow, low } = entry;
  const text = `relocation ${type} out of range (0x${placeLow.toString(16)} -> 0x${low.toString(16)})`;
  return entry.refuse('overflow', [err(complaint(entry, text))]);
}

function apply(entry: Relocation, row: RelocationRow): Errno {
  if (!isKnown(entry.load, row)) return unknown(entry);
  const { view, at, low, placeLow } = entry;
  const field = row.bytes === 0 ? 0 : view.getInt32(at, true);
  const value = row.pcRelative ? (low - placeLow) | 0 : low | 0;
  switch (row.operation) {
    case 'none':
      return 0;
    case 'add':
      view.setInt32(at, (field + value) | 0, true);
      return 0;
    case 'v4bx':
      // mov pc, Rm: condition and register stay.
      view.setInt32(at, (field & 0xf000_000f) | 0x01a0_f000, true);
      return 0;
    case 'branch':
      return branch(entry, field);
    case 'prel31': {
      const offset = ((field << 1) >> 1) + value;
      // The sum is cut to 32 bits before it is looked at.
      const cut = offset | 0;
      if (cut >= 0x4000_0000 || cut < -0x4000_0000) return outOfRange(entry);
      view.setInt32(at, (field & 0x8000_0000) | (cut & 0x7fff_ffff), true);
      return 0;
    }
    case 'mov': {
      const immediate = half(((field & 0xf_0000) >> 4) | (field & 0xfff), value, row.upper);
      view.setInt32(at, (field & 0xfff0_f000) | ((immediate & 0xf000) << 4) | (immediate & 0xfff), true);
      return 0;
    }
    case 'alu':
      view.setInt32(at, addImmediate(field, value, row.type === R_ARM_ALU_PC_G0_NC ? 0 : 1), true);
      return 0;
    case 'ldr':
      return loadImmediate(entry, field, value);
    case 'thumb-branch':
      return thumbBranch(entry);
    case 'thumb-mov':
      thumbMov(entry, value, row.upper);
      return 0;
  }
}

const R_ARM_ALU_PC_G0_NC = 57;

/** The 16 bits of MOVW or MOVT: those of the instruction are signed, and MOVT takes the upper half of the sum. */
function half(immediate: number, value: number, upper: boolean): number {
  const sum = ((immediate ^ 0x8000) - 0x8000 + value) | 0;
  return upper ? sum >> 16 : sum;
}

/** B and BL: 26 bits, signed. */
function branch(entry: Relocation, field: number): Errno {
  const { view, at, low, placeLow, load } = entry;
  if (load.facts.config['THUMB2_KERNEL'] === 'y') entry.dependsOnAddress();
  if (low & 3) {
    return entry.refuse('misaligned', [err(complaint(entry, 'unsupported interworking call (ARM -> Thumb)'))]);
  }
  let offset = (((field << 8) >> 6) + low - placeLow) | 0;
  const plts = pltsOf(entry);
  if (plts && !isWithin(offset, 0x0200_0000))
    offset = (getModulePlt(entry, plts, (offset + placeLow + 8) >>> 0) - placeLow - 8) | 0;
  if (!isWithin(offset, 0x0200_0000)) return outOfRange(entry);
  view.setInt32(at, (field & 0xff00_0000) | ((offset >> 2) & 0xff_ffff), true);
  return 0;
}

/** The lower bound itself is taken for too far. */
const isWithin = (offset: number, reach: number): boolean => offset > -reach && offset < reach;

function pltsOf({ load }: Relocation): ArmModule | null {
  return load.archSpecific?.kind === 'arm' ? (load.archSpecific as ArmModule) : null;
}

/** BL and B.W of Thumb-2: 25 bits, signed, scattered over two halfwords. */
function thumbBranch(entry: Relocation): Errno {
  const { view, at, low, placeLow } = entry;
  if (entry.symbolType === STT_FUNC && !(low & 1)) {
    return entry.refuse('misaligned', [err(complaint(entry, 'unsupported interworking call (Thumb -> ARM)'))]);
  }
  const upper = view.getUint16(at, true);
  const lower = view.getUint16(at + 2, true);
  const oldSign = (upper >> 10) & 1;
  const bit = (half: number, place: number): number => ~(((half >> place) & 1) ^ oldSign) & 1;
  const fixed = (oldSign << 24) | (bit(lower, 13) << 23) | (bit(lower, 11) << 22);
  const encoded = fixed | ((upper & 0x3ff) << 12) | ((lower & 0x7ff) << 1);
  let offset = (((encoded << 7) >> 7) + low - placeLow) | 0;
  const plts = pltsOf(entry);
  if (plts && !isWithin(offset, 0x0100_0000))
    offset = (getModulePlt(entry, plts, (offset + placeLow + 4) >>> 0) - placeLow - 4) | 0;
  if (!isWithin(offset, 0x0100_0000)) return outOfRange(entry);
  const sign = (offset >> 24) & 1;
  const j1 = sign ^ (~(offset >> 23) & 1);
  const j2 = sign ^ (~(offset >> 22) & 1);
  view.setUint16(at, (upper & 0xf800) | (sign << 10) | ((offset >> 12) & 0x3ff), true);
  view.setUint16(at + 2, (lower & 0xd000) | (j1 << 13) | (j2 << 11) | ((offset >> 1) & 0x7ff), true);
  return 0;
}

/** MOVW and MOVT of Thumb-2: imm4:i:imm3:imm8. */
function thumbMov({ view, at }: Relocation, value: number, upperHalf: boolean): void {
  const upper = view.getUint16(at, true);
  const lower = view.getUint16(at + 2, true);
  const high = ((upper & 0xf) << 12) | ((upper & 0x400) << 1);
  const offset = half(high | ((lower & 0x7000) >> 4) | (lower & 0xff), value, upperHalf);
  view.setUint16(at, (upper & 0xfbf0) | ((offset & 0xf000) >> 12) | ((offset & 0x800) >> 1), true);
  view.setUint16(at + 2, (lower & 0x8f00) | ((offset & 0x700) << 4) | (offset & 0xff), true);
}

/** get_group_rem(): takes groups of eight bits from the top of a value; where the next one begins, and what is left. */
function groupRemainder(group: number, value: number): readonly [shift: number, rest: number] {
  let left = value >>> 0;
  for (let i = group; ; i--) {
    const shift = left === 0 ? 32 : Math.clz32(left) & ~1;
    const rest = left;
    if (left === 0) return [shift, rest];
    left &= 0xff_ffff >>> shift;
    if (i === 0) return [shift, rest];
  }
}

/** ADD or SUB with one group of the offset as its immediate. */
function addImmediate(insn: number, value: number, group: number): number {
  const rotation = (insn & 0xf00) >> 7;
  const byte = insn & 0xff;
  let offset = rotation === 0 ? byte : (byte >>> rotation) | (byte << (32 - rotation)) | 0;
  if (insn & (1 << 22)) offset = -offset | 0;
  offset = (offset + value) | 0;
  const negative = offset < 0;
  const opcode = negative ? (insn & ~(1 << 23)) | (1 << 22) : (insn & ~(1 << 22)) | (1 << 23);
  const [shift, rest] = groupRemainder(group, negative ? -offset | 0 : offset);
  // As a signed number is shifted to the right.
  const immediate = shift < 24 ? ((rest | 0) >> (24 - shift)) | ((shift + 8) << 7) : rest;
  return (opcode & ~0xfff) | immediate;
}

/** LDR with what two groups leave over. */
function loadImmediate(entry: Relocation, insn: number, value: number): Errno {
  let offset = insn & 0xfff;
  if (~insn & (1 << 23)) offset = -offset | 0;
  offset = (offset + value) | 0;
  const opcode = offset < 0 ? insn & ~(1 << 23) : insn | (1 << 23);
  const [, rest] = groupRemainder(2, offset < 0 ? -offset | 0 : offset);
  if ((rest | 0) > 0xfff) return outOfRange(entry);
  entry.view.setInt32(entry.at, (opcode & ~0xfff) | rest, true);
  return 0;
}
