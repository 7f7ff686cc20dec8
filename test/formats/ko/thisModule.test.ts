import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readSections } from '../../../src/formats/elf/sectionByName';
import { thisModuleShape } from '../../../src/formats/ko/thisModule';
import { makeElf, makeModule } from '../../support/elf';

test('size and offsets, where there are init and exit', () => {
  assert.deepEqual(thisModuleShape(makeModule({ size: 896, init: 312, exit: 848 }, [])), {
    size: 896,
    init: 312,
    exit: 848,
  });
  assert.deepEqual(thisModuleShape(makeModule({ size: 64, exit: 8 }, [])), { size: 64, init: null, exit: 8 });
  assert.deepEqual(thisModuleShape(makeModule({ size: 64 }, [])), { size: 64, init: null, exit: null });
});

test('files that are no modules', () => {
  assert.equal(thisModuleShape(new Uint8Array()), null);
  assert.equal(thisModuleShape(makeElf([])), null);
});

test('sections are found by their whole name and cut where the file ends', () => {
  const file = makeElf([
    { name: '.text.more', data: new Uint8Array([1]) },
    { name: '.text', data: new Uint8Array([2, 3]) },
  ]);
  assert.deepEqual([...(readSections(file)?.find('.text')?.bytes ?? [])], [2, 3]);
  assert.equal(readSections(file)?.find('.tex'), null);
});

test('damaged files never throw', () => {
  const good = makeModule({ size: 64, init: 8, exit: 16 }, ['license=GPL']);
  const edit = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), fc.nat(good.length), (edits, length) => {
      const bytes = good.slice();
      for (const [at, value] of edits) bytes[at] = value;
      thisModuleShape(bytes);
      thisModuleShape(bytes.subarray(0, length));
    }),
    { numRuns: 1000 },
  );
});
