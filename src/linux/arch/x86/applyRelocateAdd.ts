// apply_relocate_add() of x86_64. 64-bit values are pairs of 32-bit halves here: exact, and nothing is allocated in
// a loop that runs hundreds of thousands of times for a large module.
import { note } from '../../../findings/notes';
import { SHF_EXECINSTR } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { relocation, type RelocationProblem } from '../../../findings/relocation';
import { uncheckedField } from '../../../findings/uncheckedField';
import { x86_64 } from './relocations';
import type { RelocationRow } from '../arch';
import { ENOEXEC } from '../../errno';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Symtab } from '../../kernel/module/simplifySymbols';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';

const TWO_32 = 0x1_0000_0000;

/** Module text is cut from huge pages (mm/execmem.c: PMD_SIZE). */
const ROX_CACHE = 2 << 20;

/** Rows by type, for one array access per relocation. */
const ROWS: readonly (RelocationRow | undefined)[] = (() => {
  const rows: (RelocationRow | undefined)[] = [];
  for (const row of x86_64) rows[row.type] = row;
  return rows;
})();

export function applyRelocateAdd(load: Load, symtab: Symtab, section: LoadedSection, target: LoadedSection): Errno {
  const { info, features, observer } = load;
  const { rela: entrySize } = structSizes(true);
  const table = new DataView(info.bytes.buffer, info.bytes.byteOffset + section.sh_offset, section.sh_size);
  const image = target.place
    ? target.place.region.image
    : info.bytes.slice(target.sh_offset, target.sh_offset + target.sh_size);
  const start = target.place ? target.place.offset : 0;
  const contents = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const placeLow = Number(target.sh_addr & 0xffff_ffffn);
  const placeHigh = Number((target.sh_addr >> 32n) & 0xffff_ffffn);
  const count = Math.floor(section.sh_size / entrySize);
  const executable = (target.sh_flags & SHF_EXECINSTR) !== 0;

  for (let index = 0; index < count; index++) {
    const at = index * entrySize;
    const type = table.getUint32(at + 8, true);
    const symbol = table.getUint32(at + 12, true);
    const offsetLow = table.getUint32(at, true);
    const offset = table.getUint32(at + 4, true) * TWO_32 + offsetLow;
    const row = ROWS[type];
    // S + A. The index is not checked: behind the table lies what layout_symtab() put there.
    const value = symbol * symtab.entrySize + symtab.valueOffset;
    if (symbol >= symtab.count) {
      const facts = { section: sectionName(load.info, section), index, symbol };
      load.report(uncheckedField, { field: note('relocation-symbol', facts) });
      if (value + 8 > symtab.view.byteLength) continue;
    }
    let low = symtab.view.getUint32(value, true) + table.getUint32(at + 16, true);
    let high = symtab.view.getUint32(value + 4, true) + table.getUint32(at + 20, true);
    if (low >= TWO_32) {
      low -= TWO_32;
      high++;
    }
    high >>>= 0;
    const problem = (kind: RelocationProblem, val: [number, number]): Errno => {
      observer?.relocated(section.index, index, oldLow, oldHigh, oldLow, oldHigh);
      report(load, { kind, type, index, val, loc: target.sh_addr + BigInt(offset), target, section });
      return ENOEXEC;
    };
    let oldLow = 0;
    let oldHigh = 0;
    if (!row) return problem('unknown', [low, high]);
    if (row.bytes === 0) continue;
    const field = start + offset;
    const outside = field + row.bytes > contents.byteLength;
    if (outside) {
      const facts = { section: sectionName(load.info, section), index, offset };
      load.report(uncheckedField, { field: note('relocation-offset', facts) });
      // What surrounds text in the large pages it shares is filled with breakpoints: not zero, so it is refused below.
      if (!(features.roxText && executable && field < ROX_CACHE)) continue;
    }
    if (!outside) {
      oldLow = contents.getUint32(field, true);
      if (row.bytes === 8) oldHigh = contents.getUint32(field + 4, true);
    }
    const empty = !outside && oldLow === 0 && oldHigh === 0;
    // Up to 6.1 the field is looked at before the value, later the value first.
    if (features.x86RelocationTexts === 'plain' && !empty) return problem('nonzero', [low, high]);
    const fits = row.fits === 'any' || (row.fits === 'u32' ? high === 0 : high === (low >> 31) >>> 0);
    if (row.pcRelative) {
      low -= (placeLow + offsetLow) % TWO_32;
      high -= placeHigh + (placeLow + offsetLow >= TWO_32 ? 1 : 0);
      if (low < 0) {
        low += TWO_32;
        high--;
      }
      high >>>= 0;
    }
    if (!fits) return problem('overflow', [low, high]);
    if (!empty) return problem('nonzero', [low, high]);
    contents.setUint32(field, low, true);
    if (row.bytes === 8) contents.setUint32(field + 4, high, true);
    observer?.relocated(section.index, index, oldLow, oldHigh, low, row.bytes === 8 ? high : 0);
  }
  return 0;
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
    value: hex(BigInt(high) * BigInt(TWO_32) + BigInt(low)),
    place: hex(BigInt.asUintN(64, loc)),
    section: section.index,
    sectionName: sectionName(load.info, target),
    index,
    style: load.features.x86RelocationTexts,
  });
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;
