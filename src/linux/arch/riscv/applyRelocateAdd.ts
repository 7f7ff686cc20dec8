// apply_relocate_add() of RISC-V (arch/riscv/kernel/module.c).
import { err, warn } from '../../../findings/types';
import { STB_WEAK } from '../../../formats/elf/constants';
import { EINVAL, ENOENT } from '../../errno';
import type { Symtab } from '../../kernel/module/symtab';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { applyEach, SKIPPED } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import { rowsByType } from '../rows';
import { Accumulated } from './accumulated';
import { HiLoPairs, upper20 } from './hiLoPairs';
import { RELOCATIONS, type RelocationRow } from './relocations';
import { emitGotEntry, emitPltEntry, riscvModule } from './sections';

const TWO_11 = 2 ** 11;
const TWO_31 = 2 ** 31;
const ROWS = rowsByType(RELOCATIONS);

export function applyRelocateAdd(load: Load, symtab: Symtab, section: LoadedSection, target: LoadedSection): Errno {
  const pairs = new HiLoPairs(load, symtab, section, target);
  const sums = load.features.rows.has('riscvAccumulates') ? new Accumulated() : null;
  const errno = applyEach<RelocationRow>({
    rela: true,
    rows: ROWS,
    check,
    apply: (entry, row) => apply(entry, row, pairs, sums),
    unknown,
  })(load, symtab, section, target);
  if (errno === 0) sums?.store(load, section, target);
  return errno;
}

function unknown(entry: Relocation): Errno {
  return entry.refuse('unknown', [err(`${entry.load.mod.name}: Unknown relocation type ${entry.type}`)], EINVAL);
}

function check(entry: Relocation): Errno {
  if (!entry.isErrorValue()) return 0;
  if (entry.binding === STB_WEAK) return SKIPPED;
  return entry.refuse('symbol', [warn(`${entry.load.mod.name}: Unknown symbol ${entry.symbolName}`)], ENOENT);
}

/** riscv_insn_valid_32bit_offset(): what auipc and jalr reach together. */
const reaches = (entry: Relocation): boolean => entry.within(-TWO_31 - TWO_11, TWO_31 - TWO_11 - 1);

function tooFar(entry: Relocation): Errno {
  entry.restore();
  const target = entry.wide.toString(16).padStart(16, '0');
  const text = `target ${target} can not be addressed by the 32-bit offset from PC = ${pointer(entry)}`;
  return entry.refuse('overflow', [err(`${entry.load.mod.name}: ${text}`)], EINVAL);
}

/** %p */
const pointer = ({ place }: Relocation): string => place.toString(16).padStart(16, '0');

/** riscv_insn_rmw() */
function change(view: DataView, at: number, keep: number, set: number): void {
  view.setInt32(at, (view.getInt32(at, true) & keep) | set, true);
}

/** Immediates of S-type instructions are split. */
const storeImmediate = (low: number): number => ((low & 0xfe0) << 20) | ((low & 0x1f) << 7);

function apply(entry: Relocation, row: RelocationRow, pairs: HiLoPairs, sums: Accumulated | null): Errno {
  const { view, at, load } = entry;
  if (row.recent && !sums) return unknown(entry);
  switch (row.operation) {
    case 'nothing':
      return 0;
    case 'word':
      if (entry.high !== 0) {
        const text = `value ${entry.wide.toString(16).padStart(16, '0')} out of range for 32-bit field`;
        return entry.refuse('overflow', [err(`${load.mod.name}: ${text}`)], EINVAL);
      }
      view.setUint32(at, entry.low, true);
      return 0;
    case 'wide':
      view.setUint32(at, entry.low, true);
      view.setInt32(at + 4, entry.high, true);
      return 0;
    case 'branch':
    case 'jal':
    case 'rvc-branch':
    case 'rvc-jump':
      entry.subtractPlace();
      jump(view, at, row.operation, entry.low | 0);
      return 0;
    case 'pcrel':
      entry.subtractPlace();
      if (!reaches(entry)) return tooFar(entry);
      change(view, at, 0xfff, upper20(entry.low));
      return 0;
    case 'got':
      return got(entry);
    case 'call':
    case 'call-plt':
      return call(entry, row.operation === 'call-plt');
    case 'low-i':
    case 'low-s': {
      const low = pairs.lowOf(entry);
      if (low === null) {
        const text = `${load.mod.name}: Can not find HI20 relocation information`;
        return entry.refuse('unpaired', [err(text)], EINVAL);
      }
      if (row.operation === 'low-i') change(view, at, 0xf_ffff, (low & 0xfff) << 20);
      else change(view, at, 0x1ff_f07f, storeImmediate(low));
      return 0;
    }
    case 'hi20':
      if (load.facts.config['CMODEL_MEDLOW'] === 'y') return tooFar(entry);
      change(view, at, 0xfff, upper20(entry.low));
      return 0;
    case 'lo12-i':
      change(view, at, 0xf_ffff, ((entry.low - upper20(entry.low)) & 0xfff) << 20);
      return 0;
    case 'lo12-s':
      change(view, at, 0x1ff_f07f, storeImmediate((entry.low - upper20(entry.low)) & 0xfff));
      return 0;
    case 'pcrel32':
      entry.subtractPlace();
      view.setUint32(at, entry.low, true);
      return 0;
    case 'plt32':
      if (!viaPlt(entry)) return tooFar(entry);
      view.setUint32(at, entry.low, true);
      return 0;
    case 'add':
    case 'sub':
    case 'set':
    case 'uleb-set':
    case 'uleb-sub':
      if (sums) sums.add(entry, row);
      else addInPlace(entry, row);
      return 0;
    case 'align': {
      const text = `The unexpected relocation type 'R_RISCV_ALIGN' from PC = ${pointer(entry)}`;
      return entry.refuse('unknown', [err(`${load.mod.name}: ${text}`)], EINVAL);
    }
    case 'dynamic': {
      const text = `Dynamic linking not supported in kernel modules PC = ${pointer(entry)}`;
      return entry.refuse('unknown', [err(`${load.mod.name}: ${text}`)], EINVAL);
    }
    case 'tls': {
      const text = `Thread local storage not supported in kernel modules PC = ${pointer(entry)}`;
      return entry.refuse('unknown', [err(`${load.mod.name}: ${text}`)], EINVAL);
    }
  }
}

/** Offsets of branches are scattered over the instruction, and cut without a check. */
function jump(view: DataView, at: number, operation: 'branch' | 'jal' | 'rvc-branch' | 'rvc-jump', o: number): void {
  if (operation === 'branch') {
    const set = ((o & 0x1000) << 19) | ((o & 0x800) >> 4) | ((o & 0x7e0) << 20) | ((o & 0x1e) << 7);
    change(view, at, 0x1ff_f07f, set);
  } else if (operation === 'jal') {
    change(view, at, 0xfff, ((o & 0x10_0000) << 11) | (o & 0xf_f000) | ((o & 0x800) << 9) | ((o & 0x7fe) << 20));
  } else if (operation === 'rvc-branch') {
    const set = ((o & 0x100) << 4) | ((o & 0xc0) >> 1) | ((o & 0x20) >> 3) | ((o & 0x18) << 7) | ((o & 6) << 2);
    view.setUint16(at, (view.getUint16(at, true) & 0xe383) | set, true);
  } else {
    const high = ((o & 0x800) << 1) | ((o & 0x400) >> 2) | ((o & 0x300) << 1) | ((o & 0x80) >> 1) | ((o & 0x40) << 1);
    const set = high | ((o & 0x20) >> 3) | ((o & 0x10) << 7) | ((o & 0xe) << 2);
    view.setUint16(at, (view.getUint16(at, true) & 0xe003) | set, true);
  }
}

function setValue(entry: Relocation, value: bigint): void {
  entry.set(Number(BigInt.asUintN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

/** R_RISCV_GOT_HI20: there is always an entry, and nobody checks how far it is. */
function got(entry: Relocation): Errno {
  const state = riscvModule(entry.load);
  if (!state) {
    const value = entry.wide.toString(16).padStart(16, '0');
    const text = `can not generate the GOT entry for symbol = ${value} from PC = ${pointer(entry)}`;
    return entry.refuse('no-room', [err(`${entry.load.mod.name}: ${text}`)], EINVAL);
  }
  setValue(entry, emitGotEntry(entry, state, entry.wide));
  entry.subtractPlace();
  change(entry.view, entry.at, 0xfff, upper20(entry.low));
  return 0;
}

/** Makes the value the distance to the target, or to a PLT entry where that is too far. */
function viaPlt(entry: Relocation): boolean {
  entry.subtractPlace();
  if (entry.value >= -TWO_31 - TWO_11 && entry.value < TWO_31 - TWO_11) return true;
  const state = riscvModule(entry.load);
  if (!state) return false;
  entry.restore();
  setValue(entry, emitPltEntry(entry, state, entry.wide));
  entry.subtractPlace();
  return true;
}

function call(entry: Relocation, plt: boolean): Errno {
  if (plt) {
    if (!viaPlt(entry)) return tooFar(entry);
  } else {
    entry.subtractPlace();
    if (!reaches(entry)) return tooFar(entry);
  }
  const { view, at, low } = entry;
  change(view, at, 0xfff, upper20(low));
  change(view, at + 4, 0xf_ffff, ((low - upper20(low)) & 0xfff) << 20);
  return 0;
}

/** Up to 6.6: ADD and SUB change the field at once. */
function addInPlace(entry: Relocation, { bytes, operation }: RelocationRow): void {
  const { view, at } = entry;
  const old = bytes === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
  const sum = operation === 'add' ? old + entry.wide : old - entry.wide;
  if (bytes === 8) view.setBigUint64(at, BigInt.asUintN(64, sum), true);
  else view.setUint32(at, Number(BigInt.asUintN(32, sum)), true);
}
