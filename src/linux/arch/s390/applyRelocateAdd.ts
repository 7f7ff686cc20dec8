// apply_relocate_add() of s390 (arch/s390/kernel/module.c). Everything is big-endian.
import { err } from '../../../findings/types';
import { ENOEXEC } from '../../errno';
import type { Errno, Load } from '../../kernel/module/types';
import type { Region } from '../../kernel/module/regions';
import { applyEach } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';
import { PLT_ENTRY_SIZE, type S390Module } from './frobArchSections';
import { RELOCATIONS, type RelocationRow } from './relocations';

const TWO_16 = 2 ** 16;
const TWO_32 = 2 ** 32;

export const applyRelocateAdd = applyEach<RelocationRow>({
  rela: true,
  rows: rowsByType(RELOCATIONS),
  apply,
  unknown: entry => {
    const text = `module ${entry.load.mod.name}: unknown relocation: ${entry.type}`;
    return entry.refuse('unknown', [err(text)]);
  },
});

function apply(entry: Relocation, row: RelocationRow): Errno {
  switch (row.operation) {
    case 'none':
      return 0;
    case 'absolute':
      break;
    case 'relative':
      entry.subtractPlace();
      break;
    case 'shared':
      // Nothing is printed.
      return entry.refuse('unknown', [], ENOEXEC);
    default:
      if (!throughTables(entry, row)) return 0;
  }
  if (applyRelaBits(entry, row)) return 0;
  const value = `r_type ${entry.type}, value 0x${entry.wide.toString(16)}`;
  const text = `module ${entry.load.mod.name}: relocation error for symbol ${entry.symbolName} (${value})`;
  return entry.refuse(entry.low & ((1 << row.shift) - 1) ? 'misaligned' : 'overflow', [err(text)]);
}

/** apply_rela_bits(): whether the value fits, and is stored. */
function applyRelaBits(entry: Relocation, { bits, signed, shift }: RelocationRow): boolean {
  const { view, at } = entry;
  if (entry.low & ((1 << shift) - 1)) return false;
  if (bits === 64) {
    view.setInt32(at, entry.high);
    view.setUint32(at + 4, entry.low);
    return true;
  }
  const reach = 2 ** (bits - 1 + shift);
  // An unsigned value whose upper half is set is negative here, and as far out of range.
  if (!(signed ? entry.within(-reach, reach - 1) : entry.within(0, 2 * reach - 1))) return false;
  const value = shift === 0 ? entry.low | 0 : (entry.low >>> 1) | (entry.high << 31);
  if (bits === 8) view.setUint8(at, value & 0xff);
  else if (bits === 12) view.setUint16(at, (value & 0xfff) | (view.getUint16(at) & 0xf000));
  else if (bits === 16) view.setUint16(at, value & 0xffff);
  else if (bits === 20) {
    const kept = view.getInt32(at) & 0xf000_00ff;
    view.setInt32(at, ((value & 0xfff) << 16) | ((value & 0xf_f000) >> 4) | kept);
  } else view.setInt32(at, value);
  return true;
}

function setValue(entry: Relocation, value: bigint): void {
  entry.set(Number(BigInt.asUintN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

/** The memory for code, at whose start GOT and PLT lie. */
function codeRegion({ regions }: Load): Region | undefined {
  return regions.find(({ name }) => name === 'core' || name === 'MOD_TEXT');
}

/** Sets the value of relocations that go by way of a table; false where the tables are not there. */
function throughTables(entry: Relocation, { operation, bits, shift }: RelocationRow): boolean {
  const { load, symbol } = entry;
  const state = load.archSpecific?.kind === 's390x' ? (load.archSpecific as S390Module) : null;
  const region = codeRegion(load);
  if (!state || !region) return false;
  const addend = BigInt.asIntN(64, (BigInt(entry.addendHigh) << 32n) | BigInt(entry.addendLow >>> 0));
  const S = entry.symbolValue;
  // The GOT is the first thing there.
  const { base } = region;
  switch (operation) {
    case 'got':
    case 'got-entry': {
      const offset = state.got.get(symbol) ?? 0;
      viewOf(region).setBigUint64(offset, S);
      entry.leadsThrough('GOT', '<got>', offset, S);
      setValue(entry, BigInt(offset) + addend + (operation === 'got' ? 0n : base - entry.place));
      return true;
    }
    case 'plt-offset': {
      const offset = emitPlt(state, region, symbol, S);
      entry.leadsThrough('PLT', '<plt>', offset, S);
      setValue(entry, BigInt(state.pltOffset + offset) + addend);
      return true;
    }
    case 'plt': {
      const offset = emitPlt(state, region, symbol, S);
      // What can be reached directly is.
      entry.set(Number(BigInt.asUintN(32, S)), Number(BigInt.asIntN(32, S >> 32n)));
      entry.subtractPlace();
      const near = shift === 1 && (bits === 16 ? isNear16(entry.value) : isNear32(entry.value));
      if (!near) {
        entry.leadsThrough('PLT', '<plt>', offset, S);
        setValue(entry, base + BigInt(state.pltOffset + offset));
        entry.subtractPlace();
      }
      entry.add(entry.addendLow, entry.addendHigh);
      return true;
    }
    case 'got-offset':
      entry.subtract(Number(BigInt.asUintN(32, base)), Number(BigInt.asIntN(32, base >> 32n)));
      return true;
    default:
      setValue(entry, base + addend - entry.place);
      return true;
  }
}

/** val - loc + 0xffff < 0x1ffffe: further than the field reaches, so that some of these are refused after all. */
const isNear16 = (distance: number): boolean => distance > -TWO_16 && distance < 0x1f_fffe - 0xffff;

/** val - loc + 0xffffffff < 0x1fffffffe */
const isNear32 = (distance: number): boolean => distance > -TWO_32 && distance < TWO_32 - 1;

function viewOf({ image }: Region): DataView {
  return new DataView(image.buffer, image.byteOffset, image.byteLength);
}

/** Writes the PLT entry of a symbol; its offset in the PLT. */
function emitPlt(state: S390Module, region: Region, symbol: number, value: bigint): number {
  const offset = state.plt.get(symbol) ?? 0;
  const view = viewOf(region);
  const at = state.pltOffset + offset;
  if (at + PLT_ENTRY_SIZE > view.byteLength) return offset;
  // basr 1,0; lg 1,12(1)
  view.setUint32(at, 0x0d10_e310);
  view.setUint32(at + 4, 0x100c_0004);
  if (state.expolines) {
    const jump = state.pltOffset + state.pltSize - PLT_ENTRY_SIZE;
    // brcl 0xf,__jump_r1
    view.setUint16(at + 8, 0xc0f4);
    view.setInt32(at + 10, Math.trunc((jump - (at + 8)) / 2));
  } else {
    // br %r1; the rest is left as it was.
    view.setUint32(at + 8, 0x07f1_0000);
  }
  view.setBigUint64(at + 14, value);
  return offset;
}
