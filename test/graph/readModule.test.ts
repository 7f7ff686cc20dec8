// Reading a module for the graph: the same from the whole file and from parts of it, and no bytes make it throw.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readModuleSymbols, wholeModule } from '../../src/graph/readModule';
import { SymbolNames } from '../../src/formats/ko/symbolNames';
import { NO_CRC } from '../../src/graph/types';
import { readExports } from '../../src/formats/ko/exports';
import { readImports } from '../../src/formats/ko/imports';
import { openObject } from '../../src/formats/ko/objectFile';
import { readParts } from '../../src/host/node/graphFile';
import { SHDR_FIELDS } from '../kernel/lib/koFile';
import { graphOf } from '../support/graphs';
import { factsOf, fixture, GENERATIONS } from '../support/recorded';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20260);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);
const FIXTURES = [
  'exporter',
  'user',
  'nsexporter',
  'nsuser',
  'special',
  'manyexports',
  'weakref',
  'longnames',
] as const;

const partsOf = (bytes: Uint8Array) => ({
  size: bytes.length,
  read: (offset: number, length: number) =>
    bytes.slice(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
});

/** What is read of a module, without ids. */
function readable(module: ReturnType<typeof wholeModule>) {
  const names = new SymbolNames();
  const symbols = module && readModuleSymbols(module, names);
  return symbols && { ...symbols, text: Array.from({ length: names.size }, (_, id) => names.name(id)) };
}

for (const generation of GENERATIONS) {
  test(`${generation}: parts of a file say the same as the whole`, () => {
    for (const name of FIXTURES) {
      const { bytes } = fixture(generation, name);
      const whole = readable(wholeModule(bytes));
      assert.ok(whole && whole.imports.names.length > 0);
      const parts = readParts(partsOf(bytes)) ?? assert.fail();
      assert.ok(parts.bytes.length < bytes.length);
      assert.deepEqual(readable(parts), whole, name);
    }
  });

  test(`${generation}: columns hold what the other readers read`, () => {
    for (const name of FIXTURES) {
      const { bytes } = fixture(generation, name);
      const module = wholeModule(bytes) ?? assert.fail();
      const names = new SymbolNames();
      const { imports, exports } = readModuleSymbols(module, names);
      const object = openObject(bytes) ?? assert.fail();
      const crc = (value: number | undefined) => (value === NO_CRC || value === undefined ? null : value);
      assert.deepEqual(
        [...imports.names].map((id, i) => [names.name(id), crc(imports.crcs?.[i])]),
        [...readImports(object)],
      );
      assert.deepEqual(
        [...exports.names].map((id, i) => [names.name(id), crc(exports.crcs[i]), exports.gplOnly[i] === 1]),
        readExports(bytes, module.table).map(one => [one.name, one.crc, one.gplOnly]),
      );
    }
  });
}

test('damaged modules are read without an exception, and the graph answers', () => {
  const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const value = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n), fc.constantFrom(0xffffn, 2n ** 53n));
  const edit = fc.record({
    at: fraction,
    field: fc.option(fc.constantFrom(...(Object.keys(SHDR_FIELDS) as (keyof typeof SHDR_FIELDS)[]))),
    value,
  });
  const facts = factsOf('6.1');
  fc.assert(
    fc.property(
      fc.constantFrom(...GENERATIONS),
      fc.constantFrom(...FIXTURES),
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      fraction,
      (generation, name, edits, end) => {
        const ko = fixture(generation, name);
        let bytes = Uint8Array.from(ko.bytes);
        const headers = bytes.length - ko.sections.length * 64;
        for (const { at, field, value } of edits) {
          const [offset, width] = field ? SHDR_FIELDS[field] : [0, 1];
          const place = field ? headers + Math.floor(at * ko.sections.length) * 64 + offset : at * bytes.length;
          for (let i = 0; i < width; i++) bytes[Math.floor(place) + i] = Number((value >> BigInt(8 * i)) & 0xffn);
        }
        if (end < 0.2) bytes = bytes.slice(0, Math.floor(5 * end * bytes.length));
        readable(readParts(partsOf(bytes)));
        const graph = graphOf(facts, [{ path: 'mutant.ko', bytes }]);
        graph.overview();
        graph.neighbourhood(graph.modules[0]?.name ?? '', { depth: 2, direction: 'both', limit: 50 });
      },
    ),
    { seed: SEED, numRuns: RUNS },
  );
});

test('bytes that never were a module', () => {
  const header = [...fixture('6.1', 'minimal').bytes.subarray(0, 64)];
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 400 }), (elf, rest) => {
      const bytes = Uint8Array.from(elf ? [...header, ...rest] : rest);
      readable(readParts(partsOf(bytes)));
      readable(wholeModule(bytes));
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

test('names keep their ids however many there are', () => {
  const names = new SymbolNames();
  const ids = Array.from({ length: 20_000 }, (_, i) => names.addName(`name_${i}`));
  assert.equal(names.addName(''), 20_000);
  assert.deepEqual(ids.slice(-2), [19_998, 19_999]);
  for (const id of [0, 1, 4095, 4096, 19_999]) {
    assert.equal(names.name(id), `name_${id}`);
    assert.equal(names.addName(`name_${id}`), id);
  }
  assert.equal(names.name(20_000), '');
});
