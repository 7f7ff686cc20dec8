// Entries of relocation sections, as each class, byte order and machine lays them out.
import assert from 'node:assert/strict';
import test from 'node:test';
import { EM_AARCH64, EM_MIPS } from '../../../src/formats/elf/constants';
import { Relocations } from '../../../src/formats/elf/relocations';

function table(is64: boolean, littleEndian: boolean, write: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(is64 ? 24 : 12));
  if (is64) view.setBigUint64(0, 0x10n, littleEndian);
  else view.setUint32(0, 0x10, littleEndian);
  write(view);
  return new Uint8Array(view.buffer);
}

for (const littleEndian of [true, false]) {
  const order = littleEndian ? 'little' : 'big';
  void test(`64-bit MIPS: a symbol, then types of a byte each, the first one last (${order}-endian)`, () => {
    const bytes = table(true, littleEndian, view => {
      view.setUint32(8, 0x01_0203, littleEndian);
      for (const [i, byte] of [9, 7, 24, 5].entries()) view.setUint8(12 + i, byte);
      view.setBigInt64(16, -8n, littleEndian);
    });
    const relocations = new Relocations(bytes, true, littleEndian, true, EM_MIPS);
    const { count } = relocations;
    assert.deepEqual(
      [count, relocations.offset(0), relocations.symbol(0), relocations.type(0), relocations.addend(0)],
      [1, 0x10, 0x01_0203, 5, -8],
    );
  });

  void test(`every other 64-bit machine: one number (${order}-endian)`, () => {
    const bytes = table(true, littleEndian, view => view.setBigUint64(8, (7n << 32n) | 283n, littleEndian));
    const relocations = new Relocations(bytes, true, littleEndian, true, EM_AARCH64);
    assert.deepEqual([relocations.symbol(0), relocations.type(0)], [7, 283]);
  });

  void test(`32-bit MIPS: as other 32-bit machines (${order}-endian)`, () => {
    const bytes = table(false, littleEndian, view => view.setUint32(4, (7 << 8) | 5, littleEndian));
    const relocations = new Relocations(bytes.subarray(0, 8), false, littleEndian, false, EM_MIPS);
    assert.deepEqual([relocations.count, relocations.symbol(0), relocations.type(0)], [1, 7, 5]);
  });
}
