// apply_relocate() and apply_relocate_add() of MIPS (arch/mips/kernel/module.c): one function for both.
import { err, warn, type LogLine } from '../../../findings/types';
import { STB_WEAK } from '../../../formats/elf/constants';
import { EINVAL, ENOENT } from '../../errno';
import type { Symtab } from '../../kernel/module/symtab';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { applyEach, STOPPED } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';
import { Hi16Chain } from './hi16';
import { RELOCATIONS, relocationsOfRel, type RelocationRow } from './relocations';

const ROWS = rowsByType(RELOCATIONS);
const ROWS_REL = { 32: rowsByType(relocationsOfRel(false)), 64: rowsByType(relocationsOfRel(true)) };

/** SHT_REL: what o32 modules have, though 64-bit kernels take it too. The addend stands in the field. */
export function applyRelocate(load: Load, symtab: Symtab, section: LoadedSection, target: LoadedSection): Errno {
  const chain = new Hi16Chain();
  const errno = applyEach<RelocationRow>({
    rela: false,
    rows: ROWS_REL[symtab.is64 ? 64 : 32],
    check: symtab.is64 ? checkPacked : check,
    apply: (entry, row) => applyRel(entry, row, chain),
    unknown,
  })(load, symtab, section, target);
  return errno === 0 ? chain.end() : errno;
}

/** SHT_RELA: what n64 modules have. */
export const applyRelocateAdd = applyEach<RelocationRow>({
  rela: true,
  rows: ROWS,
  check: checkPacked,
  apply: applyRela,
  unknown,
});

function unknown(entry: Relocation): Errno {
  return entry.refuse('unknown', [err(`${entry.load.mod.name}: Unknown relocation type ${entry.type}`)], EINVAL);
}

/** A weak symbol with such a value makes the kernel stay at its entry: the rest of the table is not applied. */
function check(entry: Relocation): Errno {
  if (!entry.isErrorValue()) return 0;
  if (entry.binding === STB_WEAK) return STOPPED;
  return entry.refuse('symbol', [warn(`${entry.load.mod.name}: Unknown symbol ${entry.symbolName}`)], ENOENT);
}

/** The entry was read as other architectures have it: of Elf64_Mips_Rela the symbol comes first and the type is one byte. */
function checkPacked(entry: Relocation): Errno {
  const { type, symbol } = entry;
  if (entry.symtab.littleEndian) {
    entry.symbol = type;
    entry.type = symbol >>> 24;
  } else entry.type = type & 0xff;
  return check(entry);
}

const line = ({ load }: Relocation, text: string): LogLine => err(`module ${load.mod.name}: ${text}`);

const overflow = (entry: Relocation): Errno => entry.refuse('overflow', [line(entry, 'relocation overflow')]);

const dangerous = (entry: Relocation, type: string): Errno =>
  entry.refuse('misaligned', [line(entry, `dangerous R_MIPS_${type} relocation`)]);

function applyRel(entry: Relocation, row: RelocationRow, chain: Hi16Chain): Errno {
  const { view, at, symtab } = entry;
  switch (row.operation) {
    case 'none':
      return 0;
    case 'hi16':
      chain.push(entry);
      return 0;
    case 'lo16':
      return chain.apply(entry) ? 0 : entry.refuse('unpaired', [line(entry, 'dangerous R_MIPS_LO16 relocation')]);
    case 'word':
    case 'jump':
    case 'branch':
      return common(entry, row, view.getUint32(at, symtab.littleEndian));
    case 'wide':
    case 'higher':
    case 'highest':
      // WARN_ON(): nothing but a stack dump is printed.
      return entry.refuse('unknown', [], EINVAL);
  }
}

function applyRela(entry: Relocation, row: RelocationRow): Errno {
  const { view, at, symtab } = entry;
  const { littleEndian } = symtab;
  switch (row.operation) {
    case 'none':
      return 0;
    case 'word':
    case 'jump':
    case 'branch':
      return common(entry, row, 0);
    case 'wide':
      view.setUint32(at + (littleEndian ? 0 : 4), entry.low, littleEndian);
      view.setInt32(at + (littleEndian ? 4 : 0), entry.high, littleEndian);
      return 0;
    case 'lo16':
      setHalf(entry, entry.low);
      return 0;
    case 'hi16':
      entry.add(0x8000, 0);
      setHalf(entry, entry.low >>> 16);
      return 0;
    case 'higher':
      entry.add(0x8000_8000, 0);
      setHalf(entry, entry.high);
      return 0;
    case 'highest':
      entry.add(0x8000_8000, 0x8000);
      setHalf(entry, entry.high >>> 16);
      return 0;
  }
}

/** The immediate of an instruction: its low half. */
function setHalf({ view, at, symtab: { littleEndian } }: Relocation, value: number): void {
  view.setInt32(at, (view.getInt32(at, littleEndian) & 0xffff_0000) | (value & 0xffff), littleEndian);
}

/** What both kinds of table do alike. `base` is what stands in the field, or 0 where the entry has an addend. */
function common(entry: Relocation, { operation, bits }: RelocationRow, base: number): Errno {
  const { view, at, symtab } = entry;
  const { littleEndian } = symtab;
  if (operation === 'word') {
    view.setInt32(at, (base + entry.low) | 0, littleEndian);
    return 0;
  }
  if (entry.low % 4 !== 0) return dangerous(entry, operation === 'jump' ? '26' : `PC${bits}`);
  if (operation === 'jump') {
    // The jump stays in the 256 MiB of the instruction behind it.
    entry.dependsOnAddress();
    if (entry.low >>> 28 !== (entry.placeLow + 4) >>> 28) return overflow(entry);
    setField(entry, 26, base + (entry.low >>> 2));
    return 0;
  }
  const reach = 2 ** (bits - 1);
  const addend = (base << (32 - bits)) >> (32 - bits);
  if (symtab.is64) entry.subtractPlace();
  else entry.set((entry.low - entry.placeLow) >>> 0, (entry.low - entry.placeLow) >> 31);
  const fits = entry.within(-(reach + addend) * 4, (reach - addend) * 4 - 1);
  const offset = addend + Math.floor(entry.value / 4);
  if (!fits) {
    entry.restore();
    return overflow(entry);
  }
  setField(entry, bits, offset);
  return 0;
}

/** Writes the low `bits` of the instruction. */
function setField({ view, at, symtab: { littleEndian } }: Relocation, bits: number, value: number): void {
  const mask = 2 ** bits - 1;
  view.setInt32(at, (view.getInt32(at, littleEndian) & ~mask) | (value & mask), littleEndian);
}
