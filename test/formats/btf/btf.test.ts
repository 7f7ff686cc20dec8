import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { structModuleFromBtf } from '../../../src/formats/btf/btf';

type Row = readonly number[];

/** Raw BTF of types given as 32-bit words and of strings, as pahole would lay it out. */
function makeBtf(types: readonly Row[], strings: string, little = true, headerLength = 24): Uint8Array {
  const words = types.flat();
  const bytes = new Uint8Array(headerLength + words.length * 4 + strings.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, little);
  view.setUint8(2, 1);
  view.setUint32(4, headerLength, little);
  view.setUint32(12, words.length * 4, little);
  view.setUint32(16, words.length * 4, little);
  view.setUint32(20, strings.length, little);
  words.forEach((word, i) => view.setUint32(headerLength + i * 4, word, little));
  for (let i = 0; i < strings.length; i++) bytes[headerLength + words.length * 4 + i] = strings.charCodeAt(i);
  return bytes;
}

const STRINGS = '\0module\0init\0exit\0state\0';
const [MODULE, INIT, EXIT, STATE] = ['module', 'init', 'exit', 'state'].map(s => STRINGS.indexOf(`\0${s}\0`) + 1) as [
  number,
  number,
  number,
  number,
];
const kind = (k: number, vlen = 0, flag = 0) => ((flag << 31) | (k << 24) | vlen) >>> 0;
const INT = [STATE, kind(1), 4, 32];
const PTR = [0, kind(2), 1];

/** Types 1 int, 2 pointer, 3 forward declaration, then the struct. */
const plain = [
  INT,
  PTR,
  [MODULE, kind(7), 0],
  [MODULE, kind(4, 3), 0x380, STATE, 1, 0, INIT, 2, 0x138 * 8, EXIT, 2, 0x350 * 8],
];

test('finds the struct past other kinds, in both byte orders', () => {
  for (const little of [true, false]) {
    const facts = structModuleFromBtf(makeBtf(plain, STRINGS, little), 'here');
    assert.deepEqual(facts, { size: 0x380, init: 0x138, exit: 0x350, source: 'here' });
  }
});

test('a longer header, as Linux 7 writes it, is skipped', () => {
  assert.equal(structModuleFromBtf(makeBtf(plain, STRINGS, true, 32), '')?.init, 0x138);
});

test('every other kind is stepped over', () => {
  const before: Row[] = [
    [0, kind(3), 0, 1, 1, 5],
    [0, kind(5, 1), 8, STATE, 1, 0],
    [0, kind(6, 2), 4, STATE, 0, STATE, 1],
    ...[8, 9, 10, 11, 12, 18].map(k => [STATE, kind(k), 1]),
    [0, kind(13, 2), 1, STATE, 1, STATE, 1],
    [STATE, kind(14), 1, 0],
    [STATE, kind(15, 1), 4, 1, 0, 4],
    [STATE, kind(16), 8],
    [STATE, kind(17), 1, 0],
    [STATE, kind(19, 1), 8, STATE, 0, 0],
  ];
  assert.equal(structModuleFromBtf(makeBtf([...before, ...plain], STRINGS), '')?.size, 0x380);
});

test('members inside anonymous members, with and without bit fields', () => {
  // 1 int, 2 anonymous struct with init, 3 const of it, 4 struct module
  const nested = [
    INT,
    [0, kind(4, 2, 1), 16, STATE, 1, (3 << 24) | 0, INIT, 1, 64],
    [0, kind(10), 2],
    [MODULE, kind(4, 2), 0x500, 0, 3, 0x100 * 8, STATE, 1, 0],
  ];
  const facts = structModuleFromBtf(makeBtf(nested, STRINGS), '');
  assert.deepEqual(facts, { size: 0x500, init: 0x108, exit: null, source: '' });
});

test('a type nested in itself ends', () => {
  const loop = [[MODULE, kind(4, 2), 8, 0, 1, 0, 0, 1, 0]];
  assert.deepEqual(structModuleFromBtf(makeBtf(loop, STRINGS), ''), { size: 8, init: null, exit: null, source: '' });
});

/** Words of 32 bits that are read out of any buffer meanwhile. */
function countReads(run: () => void): number {
  const { getUint32 } = DataView.prototype;
  let reads = 0;
  DataView.prototype.getUint32 = function (...args) {
    reads++;
    return getUint32.apply(this, args);
  };
  try {
    run();
  } finally {
    DataView.prototype.getUint32 = getUint32;
  }
  return reads;
}

test('many members of the same type as their own struct end soon', () => {
  const members = Array.from({ length: 5000 }, () => [0, 1, 0]).flat();
  const reads = countReads(() => {
    structModuleFromBtf(makeBtf([[MODULE, kind(4, 5000), 8, ...members]], STRINGS), '');
  });
  // Each member is looked at once for each of the two fields, not once for each member above it.
  assert.ok(reads > 5000 && reads < 500_000, `${reads} words read`);
});

test('what is not BTF, or has no such struct, gives null', () => {
  assert.equal(structModuleFromBtf(new Uint8Array(), ''), null);
  assert.equal(structModuleFromBtf(makeBtf([INT], STRINGS), ''), null);
  assert.equal(structModuleFromBtf(makeBtf(plain, STRINGS).subarray(0, 60), ''), null);
  assert.equal(structModuleFromBtf(makeBtf([[0, kind(77), 0], ...plain], STRINGS), ''), null);
});

test('damaged blobs never throw', () => {
  const good = makeBtf(plain, STRINGS);
  const edits = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 });
  fc.assert(
    fc.property(edits, fc.nat(good.length), (changes, length) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      structModuleFromBtf(bytes, '');
      structModuleFromBtf(bytes.subarray(0, length), '');
    }),
    { numRuns: 2000 },
  );
});
