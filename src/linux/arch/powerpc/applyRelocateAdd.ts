// apply_relocate_add() of 64-bit PowerPC, ELFv2 (arch/powerpc/kernel/module_64.c).
import { note } from '../../../findings/notes';
import { err } from '../../../findings/types';
import { SHN_LIVEPATCH, SHN_UNDEF } from '../../../formats/elf/constants';
import { cString } from '../../../formats/bytes/strings';
import type { Symtab } from '../../kernel/module/symtab';
import type { Errno, Load } from '../../kernel/module/types';
import { applyEach } from '../applyEach';
import type { Relocation } from '../relocationEntry';
import type { ApplyRelocations } from '../arch';
import { rowsByType } from '../rows';
import { RELOCATIONS, type RelocationRow } from './relocations';
import { isFtraceCall, ppc64Module, stubFor, tocPointer, type Ppc64Module } from './stubs';

/** Its assemblers leave it undefined; the first relocation section gives it the TOC pointer. */
export const DOT_TOC = '.TOC.';

const TWO_15 = 2 ** 15;
const TWO_25 = 2 ** 25;
const TWO_31 = 2 ** 31;
const NOP = 0x6000_0000;
/** ld r2,24(r1) */
const LD_TOC = 0xe841_0018;
/** PPC_LI_MASK */
const TARGET = 0x03ff_fffc;

const each = applyEach<RelocationRow>({
  rela: true,
  rows: rowsByType(RELOCATIONS),
  apply,
  unknown: entry => entry.refuse('unknown', [line(entry, `Unknown ADD relocation: ${entry.type}`)]),
});

export const applyRelocateAdd: ApplyRelocations<Load> = (load, symtab, section, target) => {
  const state = ppc64Module(load);
  if (!state) {
    load.leaveUnchecked(note('relocations-not-simulated', { arch: load.arch.name }));
    return 0;
  }
  if (!state.tocFixed) {
    fixDotToc(load, symtab, tocPointer(state));
    state.tocFixed = true;
  }
  return each(load, symtab, section, target);
};

/** find_dot_toc() */
function fixDotToc({ info }: Load, { view, count, entrySize, valueOffset }: Symtab, value: bigint): void {
  for (let i = 1; i < count; i++) {
    const at = i * entrySize;
    const name = info.strtab + view.getUint32(at, true);
    // Few names begin with a dot.
    if (view.getUint16(at + 6, true) !== SHN_UNDEF || info.bytes[name] !== 0x2e) continue;
    if (cString(info.bytes, name) !== DOT_TOC) continue;
    view.setBigUint64(at + valueOffset, value, true);
    return;
  }
}

/** pr_fmt() names the file. */
const line = ({ load }: Relocation, text: string): ReturnType<typeof err> =>
  err(`module_64: ${load.mod.name}: ${text}`);

function apply(entry: Relocation, row: RelocationRow): Errno {
  const { view, at, load } = entry;
  const state = ppc64Module(load);
  if (!state) return 0;
  switch (row.operation) {
    case 'nothing':
      return 0;
    case 'word':
      view.setUint32(at, entry.low, true);
      return 0;
    case 'wide':
      write64(entry);
      return 0;
    case 'toc':
      setValue(entry, tocPointer(state));
      write64(entry);
      return 0;
    case 'rel64':
      entry.subtractPlace();
      write64(entry);
      return 0;
    case 'toc16':
    case 'toc16-lo':
    case 'toc16-ds':
    case 'toc16-lo-ds':
    case 'toc16-ha':
      return tocRelative(entry, row, state);
    case 'branch':
      return branch(entry, state);
    case 'rel32':
      entry.subtractPlace();
      if (!entry.within(-TWO_31, TWO_31 - 1)) return outOfRange(entry, 'REL32');
      view.setUint32(at, entry.low, true);
      return 0;
    case 'entry':
      shortenEntry(entry, state);
      return 0;
    case 'rel16-ha':
      entry.subtractPlace();
      view.setUint16(at, ((entry.low + TWO_15) >>> 16) & 0xffff, true);
      return 0;
    case 'rel16-lo':
      entry.subtractPlace();
      view.setUint16(at, entry.low & 0xffff, true);
      return 0;
  }
}

function write64({ view, at, low, high }: Relocation): void {
  view.setUint32(at, low, true);
  view.setInt32(at + 4, high, true);
}

function setValue(entry: Relocation, value: bigint): void {
  entry.set(Number(BigInt.asUintN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

function outOfRange(entry: Relocation, what: string): Errno {
  const value = BigInt.asIntN(64, entry.wide);
  const misaligned = what === 'REL24' && (entry.low & 3) !== 0;
  return entry.refuse(misaligned ? 'misaligned' : 'overflow', [line(entry, `${what} ${value} out of range!`)]);
}

/** Offsets from the TOC pointer; _DS leaves the low two bits to the instruction. */
function tocRelative(entry: Relocation, { operation }: RelocationRow, state: Ppc64Module): Errno {
  const { view, at } = entry;
  const r2 = tocPointer(state);
  entry.subtract(Number(BigInt.asUintN(32, r2)), Number(BigInt.asIntN(32, r2 >> 32n)));
  const bad = (name: string, misaligned = false): Errno => {
    const text = `bad ${name} relocation (0x${entry.wide.toString(16)})`;
    return entry.refuse(misaligned ? 'misaligned' : 'overflow', [line(entry, text)]);
  };
  const fits = entry.value >= -TWO_15 && entry.value < TWO_15;
  const aligned = (entry.low & 3) === 0;
  if (operation === 'toc16' && !fits) return bad('TOC16');
  if (operation === 'toc16-ds' && !(fits && aligned)) return bad('TOC16_DS', fits);
  if (operation === 'toc16-lo-ds' && !aligned) return bad('TOC16_LO_DS', true);
  const kept = operation.endsWith('ds') ? view.getUint16(at, true) & 3 : 0;
  const value = operation === 'toc16-ha' ? (entry.low + TWO_15) >>> 16 : entry.low;
  view.setUint16(at, kept | (value & (operation.endsWith('ds') ? 0xfffc : 0xffff)), true);
  return 0;
}

/** R_PPC_REL24: calls to other modules and the kernel go by way of a stub, and restore r2 behind it. */
function branch(entry: Relocation, state: Ppc64Module): Errno {
  const { view, at, symtab, symbol, st_shndx } = entry;
  if (st_shndx === SHN_UNDEF || st_shndx === SHN_LIVEPATCH) {
    setValue(entry, stubFor(entry, state, entry.wide));
    const refused = restoreR2(entry);
    if (refused !== 0) return refused;
  } else {
    // Local calls enter behind the instructions that set up r2.
    const other = symtab.view.getUint8(symbol * symtab.entrySize + 5);
    entry.add(((1 << ((other & 0xe0) >> 5)) >> 2) << 2, 0);
  }
  entry.subtractPlace();
  if (entry.value < -TWO_25 || entry.value >= TWO_25 || (entry.low & 3) !== 0) return outOfRange(entry, 'REL24');
  view.setInt32(at, (view.getInt32(at, true) & ~TARGET) | (entry.low & TARGET), true);
  return 0;
}

/** restore_r2(): the compiler leaves a nop behind a call; sibling calls do not come back. */
function restoreR2(entry: Relocation): Errno {
  const { view, at, load } = entry;
  if (isFtraceCall(load, entry.symbolName)) return 0;
  const insn = view.getUint32(at, true);
  const opcode = insn >>> 26;
  const isRelativeLink = (opcode === 18 || opcode === 16) && (insn & 3) === 1;
  if (!isRelativeLink) return 0;
  const next = at + 8 <= view.byteLength ? view.getUint32(at + 4, true) : 0;
  if (next === LD_TOC && load.features.rows.has('ppcRestoredTocKept')) return 0;
  if (next !== NOP) {
    const where = `0x${(entry.place + 4n).toString(16)}`;
    const text = `Expected nop after call, got ${next.toString(16).padStart(8, '0')} at ${where}`;
    return entry.refuse('outside', [line(entry, text)]);
  }
  view.setUint32(at + 4, LD_TOC, true);
  return 0;
}

/** R_PPC64_ENTRY: the prolog of the large code model becomes shorter where the TOC is near. */
function shortenEntry(entry: Relocation, state: Ppc64Module): void {
  const { view, at } = entry;
  setValue(entry, tocPointer(state));
  entry.subtractPlace();
  const { value, low } = entry;
  if (value < -TWO_31 - TWO_15 || value >= TWO_31 - TWO_15) return;
  // ld r2,...(r12); add r2,r2,r12
  if ((view.getUint32(at, true) & ~0xfffc) >>> 0 !== 0xe84c_0000 || view.getUint32(at + 4, true) !== 0x7c42_6214)
    return;
  // addis r2,r12; addi r2,r2
  view.setUint32(at, (0x3c4c_0000 | (((low + TWO_15) >>> 16) & 0xffff)) >>> 0, true);
  view.setUint32(at + 4, (0x3842_0000 | (low & 0xffff)) >>> 0, true);
}
