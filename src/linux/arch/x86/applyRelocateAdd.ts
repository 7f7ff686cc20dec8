// apply_relocate_add() of x86_64. 64-bit values are pairs of 32-bit halves here: exact, and nothing is allocated in
// a loop that runs hundreds of thousands of times for a large module.
import { SHF_EXECINSTR } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { relocation, type RelocationProblem } from '../../../findings/relocation';
import { uncheckedField } from '../../../findings/uncheckedField';
import { ENOEXEC } from '../../errno';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { ApplyRelocations } from '../arch';
import { fits, RELOCATIONS, type RelocationRow } from './relocations';

const TWO_32 = 0x1_0000_0000;

/** Module text is cut from huge pages (mm/execmem.c: PMD_SIZE). */
const ROX_CACHE = 2 << 20;

/** Rows by type, for one array access per relocation. */
const ROWS: readonly (RelocationRow | undefined)[] = (() => {
  const rows: (RelocationRow | undefined)[] = [];
  for (const row of RELOCATIONS) rows[row.type] = row;
  return rows;
})();

export const applyRelocateAdd: ApplyRelocations = (load, symtab, section, target) => {
  const { info, features, observer } = load;
  const { trial } = load.machine;
  const { rela: entrySize } = structSizes(true);
  const table = new DataView(info.bytes.buffer, info.bytes.byteOffset + section.sh_offset, section.sh_size);
  const image = target.place
    ? target.place.region.image
    : info.bytes.slice(target.sh_offset, target.sh_offset + target.sh_size);
  const start = target.place ? target.place.offset : 0;
  const contents = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const length = contents.byteLength;
  const placeLow = Number(target.sh_addr & 0xffff_ffffn);
  const placeHigh = Number((target.sh_addr >> 32n) & 0xffff_ffffn);
  const count = Math.floor(section.sh_size / entrySize);
  const executable = (target.sh_flags & SHF_EXECINSTR) !== 0;
  const { view: symbols, count: symbolCount, entrySize: symbolSize, valueOffset } = symtab;
  // Up to 6.1 the field is looked at before the value, later the value first.
  const fieldFirst = features.x86RelocationTexts === 'plain';

  for (let index = 0, at = 0; index < count; index++, at += entrySize) {
    const type = table.getUint32(at + 8, true);
    const symbol = table.getUint32(at + 12, true);
    const offsetLow = table.getUint32(at, true);
    const offset = table.getUint32(at + 4, true) * TWO_32 + offsetLow;
    const row = ROWS[type];
    // S + A. The index is not checked: behind the table lies what layout_symtab() put there.
    const value = symbol * symbolSize + valueOffset;
    if (symbol >= symbolCount) {
      unchecked(load, section, `relocation ${index} names symbol ${symbol}`);
      if (value + 8 > symbols.byteLength) continue;
    }
    let low = symbols.getUint32(value, true) + table.getUint32(at + 16, true);
    let high = symbols.getUint32(value + 4, true) + table.getUint32(at + 20, true);
    if (low >= TWO_32) {
      low -= TWO_32;
      high++;
    }
    high >>>= 0;
    if (row?.bytes === 0) continue;
    let problem: RelocationProblem | null = row ? null : 'unknown';
    let oldLow = 0;
    let oldHigh = 0;
    if (row) {
      const wide = row.bytes === 8;
      const field = start + offset;
      const outside = field + row.bytes > length;
      if (outside) {
        unchecked(load, section, `relocation ${index} writes at offset ${offset}`);
        // What surrounds text in the large pages it shares is filled with breakpoints: not zero, so it is refused below.
        if (!(features.roxText && executable && field < ROX_CACHE)) continue;
      } else {
        oldLow = contents.getUint32(field, true);
        if (wide) oldHigh = contents.getUint32(field + 4, true);
      }
      const empty = !outside && oldLow === 0 && oldHigh === 0;
      if (fieldFirst && !empty) problem = 'nonzero';
      else {
        const fitting = fits(row, low, high);
        if (fitting && trial && row.fits !== 'any') trial.addressesMatter ||= !fitsElsewhere(row, low, high, trial.reach);
        if (row.pcRelative) {
          low -= (placeLow + offsetLow) % TWO_32;
          high -= placeHigh + (placeLow + offsetLow >= TWO_32 ? 1 : 0);
          if (low < 0) {
            low += TWO_32;
            high--;
          }
          high >>>= 0;
        }
        if (!fitting) problem = 'overflow';
        else if (!empty) problem = 'nonzero';
        else {
          contents.setUint32(field, low, true);
          if (wide) contents.setUint32(field + 4, high, true);
          observer?.relocated(section.index, index, oldLow, oldHigh, low, wide ? high : 0);
        }
      }
    }
    if (problem === null) continue;
    observer?.relocated(section.index, index, oldLow, oldHigh, oldLow, oldHigh);
    report(load, { kind: problem, type, index, val: [low, high], loc: target.sh_addr + BigInt(offset), target, section });
    return ENOEXEC;
  }
  return 0;
};

/** What fits at both ends of the addresses a module may get fits between them, too. */
function fitsElsewhere(row: RelocationRow, low: number, high: number, reach: number): boolean {
  const far = low + reach;
  return far < TWO_32 ? fits(row, far, high) : fits(row, far - TWO_32, (high + 1) >>> 0);
}

interface Failure {
  readonly kind: RelocationProblem;
  readonly type: number;
  readonly index: number;
  readonly val: [low: number, high: number];
  readonly loc: bigint;
  readonly target: LoadedSection;
  readonly section: LoadedSection;
}

function report(load: Load, { kind, type, index, val: [low, high], loc, section, target }: Failure): void {
  load.report(relocation, {
    module: load.mod.name,
    kind,
    type,
    value: BigInt(high) * BigInt(TWO_32) + BigInt(low),
    place: BigInt.asUintN(64, loc),
    section: section.index,
    sectionName: sectionName(load.info, target),
    index,
    style: load.features.x86RelocationTexts,
  });
}

/** The kernel trusts these fields: what it would do depends on whatever lies there. */
function unchecked(load: Load, section: LoadedSection, what: string): void {
  load.report(uncheckedField, { field: `${sectionName(load.info, section)}: ${what}, outside of what the file holds` });
}
