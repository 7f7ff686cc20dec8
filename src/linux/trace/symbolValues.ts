// st_value of every entry of a symbol table.
import type { Symtab } from '../kernel/module/symtab';

/** As many values as the table has entries; what its bytes do not hold reads as 0. */
export function bigTableValues({ view, count, entrySize, valueOffset, is64, littleEndian }: Symtab): BigUint64Array {
  const values = new BigUint64Array(count);
  const width = is64 ? 8 : 4;
  for (let i = 0; i < count; i++) {
    const at = i * entrySize + valueOffset;
    if (at + width > view.byteLength) break;
    values[i] = is64 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
  }
  return values;
}
