// ADD, SUB and SET of one place make one value together (arch/riscv/kernel/module.c, process_accumulated_relocations()).
import { note } from '../../../findings/notes';
import { relocationOverflow } from '../../../findings/relocationOverflow';
import { uncheckedField } from '../../../findings/uncheckedField';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import type { RelocationRow } from './relocations';

/** Values that several relocations of one place make together, stored when all of a section were read. */
export class Accumulated {
  private readonly places = new Map<number, { value: bigint; row: RelocationRow; at: number; index: number }>();

  add(entry: Relocation, row: RelocationRow): void {
    let sum = this.places.get(entry.offset);
    if (!sum) this.places.set(entry.offset, (sum = { value: 0n, row, at: entry.at, index: entry.index }));
    sum.row = row;
    const bits = row.bits;
    const kept = BigInt.asUintN(64, sum.value) & ~(2n ** BigInt(bits) - 1n);
    const old = BigInt.asUintN(bits, sum.value);
    const value = entry.wide;
    const changed = row.operation === 'add' ? old + value : row.operation.endsWith('sub') ? old - value : value;
    // SUB6 leaves nothing of the rest of the byte.
    const rest = row.operation === 'sub' && bits === 6 ? kept & ~0xffn : kept;
    sum.value = BigInt.asIntN(64, rest | BigInt.asUintN(bits, changed));
  }

  /** process_accumulated_relocations(): the last relocation of a place says how wide it is; too large ones are only told. */
  store(load: Load, section: LoadedSection, target: LoadedSection): void {
    const image = target.place?.region.image;
    if (!image) return;
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    // The list of places is read from its end.
    for (const { value, row, at, index } of [...this.places.values()].reverse()) {
      if (row.operation.startsWith('uleb')) {
        storeUleb128(load, section, index, view, at, value);
        continue;
      }
      if (row.bits < 64 && value > 2n ** BigInt(row.bits) - 1n) {
        const full = row.bits === 6 ? '6-bit' : `${row.bits}-bit`;
        const facts = { module: load.mod.name, value: String(value), field: full };
        load.report(relocationOverflow, facts);
        continue;
      }
      if (at + row.bytes > view.byteLength) continue;
      if (row.bits === 6) view.setUint8(at, (view.getUint8(at) & 0xc0) | Number(value & 0x3fn));
      else if (row.bytes === 1) view.setUint8(at, Number(value & 0xffn));
      else if (row.bytes === 2) view.setUint16(at, Number(value & 0xffffn), true);
      else if (row.bytes === 4) view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
      else view.setBigInt64(at, value, true);
    }
  }
}

/** As many bytes as the value wants, whatever room there is; a negative value never ends. */
function storeUleb128(
  load: Load,
  section: LoadedSection,
  index: number,
  view: DataView,
  at: number,
  value: bigint,
): void {
  if (value < 0n) {
    const facts = { section: sectionName(load.info, section), index };
    load.report(uncheckedField, { field: note('relocation-endless', facts) });
    return;
  }
  let rest = Number(BigInt.asUintN(53, value));
  for (let place = at; rest !== 0 && place < view.byteLength; place++) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    view.setUint8(place, low | (rest === 0 ? 0 : 0x80));
  }
}
