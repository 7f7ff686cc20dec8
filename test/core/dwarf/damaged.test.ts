// Whatever the bytes of debug sections are, reading them ends and does not throw.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { openDwarf } from '../../../src/core/dwarf/dwarf';
import { contents } from '../../../src/core/elf/sectionByName';
import { moduleHints } from '../../../src/core/ko/hints';
import { openObject, type ObjectFile } from '../../../src/core/ko/objectFile';
import { readExports } from '../../../src/core/ko/exports';
import { readUnits } from '../../../src/core/dwarf/units';
import { debugSections } from '../../../src/core/dwarf/sections';
import { inflate } from '../../../src/node/source/inflate';
import { makeElf, type SectionSpec } from '../../support/elf';
import { locatedBytes } from '../../support/located';

const RUNS = { numRuns: 150, seed: 20 };

function readAll(bytes: Uint8Array): void {
  const object = openObject(bytes);
  const dwarf = openDwarf(bytes, inflate);
  if (!object) return;
  const places = object.containers().map(({ place }) => place);
  void dwarf?.units;
  dwarf?.declarationsAt(new Set(places));
  for (const place of places.slice(0, 40)) dwarf?.linesAt(place + 5);
  moduleHints(object, 'damaged');
  readExports(object.file, object.sections);
}

/** The fixture with its debug sections unpacked, so that damage reaches what is inside. */
function unpacked(): { readonly bytes: Uint8Array; readonly ranges: readonly (readonly [number, number])[] } {
  const original = openObject(locatedBytes('debug'));
  assert.ok(original);
  const bytes = rebuilt(original);
  const object = openObject(bytes);
  assert.ok(object);
  const ranges = object.sections.shdrs.flatMap((shdr, i) =>
    /debug|symtab/.test(object.sectionNames[i] ?? '') && shdr.sh_size > 0
      ? [[shdr.sh_offset, shdr.sh_size] as const]
      : [],
  );
  return { bytes, ranges };
}

function rebuilt(object: ObjectFile): Uint8Array {
  const sections = debugSections(object.file, inflate);
  const specs = object.sections.shdrs.slice(1, -1).map((shdr, i): SectionSpec => {
    const name = object.sectionNames[i + 1] ?? '';
    const debug = /^\.debug_(.*)/.exec(name)?.[1];
    const data = (debug === undefined ? null : sections?.get(debug)?.r.bytes) ?? contents(object.file, shdr);
    const link = object.sectionNames[shdr.sh_link];
    const info = shdr.sh_type === 4 ? object.sectionNames[shdr.sh_info] : undefined;
    return {
      name,
      type: shdr.sh_type,
      flags: shdr.sh_flags & ~0x800,
      align: shdr.sh_addralign || 1,
      data,
      ...(link ? { link } : {}),
      ...(info ? { info } : {}),
    };
  });
  return makeElf(specs);
}

const { bytes, ranges } = unpacked();

test('the unpacked fixture reads as before', () => {
  const sections = debugSections(bytes, inflate);
  assert.equal(sections && readUnits(sections).length, 3);
  assert.ok(openDwarf(bytes, inflate)?.lineAt(openObject(bytes)?.containersNamed('second_setup')[0]?.place ?? -1));
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
