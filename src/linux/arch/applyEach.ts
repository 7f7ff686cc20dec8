// One loop over the entries of a relocation section for every architecture: it reads entries, symbols and places, and
// asks the architecture for each. 64-bit values are pairs of 32-bit halves: exact, and nothing is allocated on the way.
import { note } from '../../findings/notes';
import { uncheckedField } from '../../findings/uncheckedField';
import { structSizes } from '../../formats/elf/header';
import { sectionName } from '../kernel/module/loadInfo';
import type { Errno, Load } from '../kernel/module/types';
import type { ApplyRelocations, RelocationType } from './arch';
import { Relocation } from './relocationEntry';

const TWO_32 = 0x1_0000_0000;

/** What one architecture does with the entries of a relocation section. */
export interface Relocator<Row extends RelocationType> {
  /** Whether entries hold their addend: SHT_RELA. */
  readonly rela: boolean;
  /** The relocation types its kernel knows, by number. */
  readonly rows: readonly (Row | undefined)[];
  /**
   * What the kernel checks of an entry before it looks at its type; 0 to go on, {@link SKIPPED} to leave the entry out,
   * {@link STOPPED} to leave out all that follow as well.
   */
  check?(entry: Relocation): Errno;
  /** Writes the field, or refuses. The field lies in memory. */
  apply(entry: Relocation, row: Row): Errno;
  /** Refuses a type the kernel does not know. */
  unknown(entry: Relocation): Errno;
}

/** What `check` returns for an entry that is left as it is. */
export const SKIPPED = -1;
/** The same, for this entry and the rest of the table. */
export const STOPPED = -2;

/** Makes apply_relocate() or apply_relocate_add() out of what is special to an architecture. */
export function applyEach<Row extends RelocationType>(relocator: Relocator<Row>): ApplyRelocations<Load> {
  return (load, symtab, section, target) => {
    const { info, observer } = load;
    const { is64, littleEndian } = symtab;
    const { rel, rela } = structSizes(is64);
    const size = relocator.rela ? rela : rel;
    const table = new DataView(info.bytes.buffer, info.bytes.byteOffset, info.bytes.byteLength);
    const image = target.place
      ? target.place.region.image
      : info.bytes.slice(target.sh_offset, target.sh_offset + target.sh_size);
    const start = target.place ? target.place.offset : 0;
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    const entry = new Relocation(load, symtab, section, target, view);
    const base = [
      Number(BigInt.asUintN(32, target.sh_addr)),
      Number(BigInt.asIntN(32, target.sh_addr >> 32n)),
    ] as const;
    const { order } = section;
    // Where a header without bytes claims entries, nothing is read behind the file.
    const count = Math.floor(Math.min(section.sh_size, Math.max(0, info.bytes.length - section.sh_offset)) / size);
    const symbols = symtab.view;
    for (let i = 0; i < count; i++) {
      const index = order ? (order[i] ?? 0) : i;
      const at = section.sh_offset + index * size;
      entry.index = index;
      entry.position = i;
      if (is64) readEntry64(table, at, littleEndian, relocator.rela, entry);
      else readEntry32(table, at, littleEndian, relocator.rela, entry);
      const errno = relocator.check?.(entry) ?? 0;
      if (errno === SKIPPED) continue;
      if (errno === STOPPED) break;
      if (errno !== 0) return errno;
      const value = entry.symbol * symtab.entrySize + symtab.valueOffset;
      if (entry.symbol >= symtab.count) {
        // The index is not checked: behind the table lies what layout_symtab() put there.
        unchecked(entry, 'relocation-symbol');
        if (value + (is64 ? 8 : 4) > symbols.byteLength) {
          // Types are looked at whatever the symbol is.
          if (relocator.rows[entry.type]) continue;
          return relocator.unknown(entry);
        }
      }
      const row = relocator.rows[entry.type];
      const place = base[0] + (entry.offset % TWO_32);
      entry.placeLow = place >>> 0;
      entry.placeHigh = is64 ? (base[1] + Math.floor(entry.offset / TWO_32) + (place >= TWO_32 ? 1 : 0)) | 0 : 0;
      entry.at = start + entry.offset;
      // S
      if (!is64) entry.set(symbols.getUint32(value, littleEndian), 0);
      else if (littleEndian) entry.set(symbols.getUint32(value, true), symbols.getInt32(value + 4, true));
      else entry.set(symbols.getUint32(value + 4, false), symbols.getInt32(value, false));
      if (is64) entry.add(entry.addendLow, entry.addendHigh);
      else entry.low = (entry.low + entry.addendLow) >>> 0;
      if (!row) return relocator.unknown(entry);
      if (row.bytes > 0 && !(entry.at + row.bytes <= view.byteLength)) {
        unchecked(entry, 'relocation-offset');
        continue;
      }
      const refused = observer ? watched(relocator, entry, row) : relocator.apply(entry, row);
      if (refused !== 0) return refused;
    }
    return 0;
  };
}

function readEntry64(table: DataView, at: number, little: boolean, rela: boolean, entry: Relocation): void {
  const [low, high] = little ? [0, 4] : [4, 0];
  entry.offset = table.getUint32(at + high, little) * TWO_32 + table.getUint32(at + low, little);
  entry.type = table.getUint32(at + 8 + low, little);
  entry.symbol = table.getUint32(at + 8 + high, little);
  entry.addendLow = rela ? table.getUint32(at + 16 + low, little) : 0;
  entry.addendHigh = rela ? table.getInt32(at + 16 + high, little) : 0;
}

function readEntry32(table: DataView, at: number, little: boolean, rela: boolean, entry: Relocation): void {
  entry.offset = table.getUint32(at, little);
  const r_info = table.getUint32(at + 4, little);
  entry.type = r_info & 0xff;
  entry.symbol = r_info >>> 8;
  entry.addendLow = rela ? table.getInt32(at + 8, little) : 0;
  entry.addendHigh = 0;
}

/** Applies an entry with its field before and after it shown to the one who looks on. */
function watched<Row extends RelocationType>(relocator: Relocator<Row>, entry: Relocation, row: Row): Errno {
  const before = fieldOf(entry, row.bytes);
  const errno = relocator.apply(entry, row);
  const after = errno === 0 ? fieldOf(entry, row.bytes) : before;
  entry.load.observer?.relocated(entry.section.index, entry.index, before[0], before[1], after[0], after[1]);
  return errno;
}

/** The field in halves. */
function fieldOf({ view, at, symtab: { littleEndian } }: Relocation, bytes: number): readonly [number, number] {
  if (bytes === 0) return [0, 0];
  if (bytes === 1) return [view.getUint8(at), 0];
  if (bytes === 2) return [view.getUint16(at, littleEndian), 0];
  if (bytes === 4) return [view.getUint32(at, littleEndian), 0];
  const [low, high] = littleEndian ? [0, 4] : [4, 0];
  return [view.getUint32(at + low, littleEndian), view.getUint32(at + high, littleEndian)];
}

/** The kernel trusts these fields: what it would do depends on whatever lies there. */
function unchecked(entry: Relocation, what: 'relocation-symbol' | 'relocation-offset'): void {
  const { load, target, section, index, symbol, offset } = entry;
  const { trial } = load.machine;
  if (trial) trial.undecided = true;
  const name = sectionName(load.info, what === 'relocation-symbol' ? section : target);
  load.report(uncheckedField, {
    field:
      what === 'relocation-symbol'
        ? note('relocation-symbol', { section: name, index, symbol })
        : note('relocation-offset', { section: sectionName(load.info, section), index, offset }),
  });
}
