// Whatever the bytes of debug sections are, reading them ends and does not throw.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { openDwarf } from '../../../src/formats/dwarf/dwarf';
import { moduleHints } from '../../../src/linux/scripts/mod/hints';
import { openObject } from '../../../src/formats/ko/objectFile';
import { readExports } from '../../../src/formats/ko/exports';
import { readUnits } from '../../../src/formats/dwarf/units';
import { debugSections } from '../../../src/formats/dwarf/sections';
import { inflate } from '../../../src/host/places/inflate';
import { makeElf } from '../../support/elf';
import { unpackedModule } from '../../support/unpacked';

const RUNS = { numRuns: 150, seed: 20 };

function readAll(bytes: Uint8Array): void {
  const object = openObject(bytes);
  const dwarf = openDwarf(openObject(bytes), inflate);
  if (!object) return;
  const places = object.containers().map(({ place }) => place);
  void dwarf?.units;
  dwarf?.declarationsAt(new Set(places));
  for (const place of places.slice(0, 40)) dwarf?.linesAt(place + 5);
  moduleHints(object, 'damaged');
  readExports(object.file, object.sections);
}

const { bytes, ranges } = unpackedModule();

test('the unpacked fixture reads as before', () => {
  const sections = debugSections(openObject(bytes)!, inflate);
  assert.equal(sections && readUnits(sections).length, 3);
  assert.ok(
    openDwarf(openObject(bytes), inflate)?.lineAt(openObject(bytes)?.containersNamed('second_setup')[0]?.place ?? -1),
  );
});

test('a few bytes of the debug sections or the symbol table changed', () => {
  const change = fc.record({ range: fc.nat(ranges.length - 1), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), changes => {
      const damaged = new Uint8Array(bytes);
      for (const { range, at, value } of changes) {
        const [start, size] = ranges[range] ?? [0, 1];
        // Half of the damage goes to the start, where headers are.
        damaged[start + (at % (at % 2 === 0 ? size : Math.min(size, 64)))] = value;
      }
      readAll(damaged);
    }),
    RUNS,
  );
});

test('debug sections of nothing but noise', () => {
  const noise = fc.uint8Array({ minLength: 0, maxLength: 400 });
  fc.assert(
    fc.property(noise, noise, noise, fc.boolean(), (info, abbrev, line, packed) => {
      const flags = packed ? 0x800 : 0;
      readAll(
        makeElf([
          { name: '.debug_info', flags, data: info },
          { name: '.debug_abbrev', data: abbrev },
          { name: '.debug_line', flags, data: line },
        ]),
      );
    }),
    { ...RUNS, numRuns: 500 },
  );
});

test('a file cut off anywhere', () => {
  fc.assert(
    fc.property(fc.nat(bytes.length), length => readAll(bytes.subarray(0, length))),
    RUNS,
  );
});
