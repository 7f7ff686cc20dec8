// What changed between two declarations, in the words a person would use, nearest to the symbol first.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ARRAY,
  CONST,
  ENUM,
  FUNC,
  FUNC_PROTO as PROTO,
  INT,
  PTR,
  STRUCT,
  TYPEDEF,
  UNION,
} from '../../../src/formats/btf/kinds';
import { TypeGraph } from '../../../src/formats/btf/typeGraph';
import { compareTypes } from '../../../src/report/why/compareTypes';
import { spelling } from '../../../src/report/why/spelling';
import { changedLines } from '../../../src/report/why/words';
import { info, rawBtf } from '../../support/rawBtf';

type Types = readonly (readonly (number | string)[])[];

/** 1 int, 2 unsigned long, 3 u8. */
const BASIC: Types = [
  ['int', info(INT), 4, 32 | (1 << 24)],
  ['long unsigned int', info(INT), 8, 64],
  ['unsigned char', info(INT), 1, 8],
];

function graphOf(...types: Types): TypeGraph {
  const graph = TypeGraph.open(rawBtf([...BASIC, ...types]));
  assert.ok(graph);
  return graph;
}

/** Compares `f`; types count from 4. */
function lines(before: Types, after: Types): string[] {
  const [a, b] = [graphOf(...before), graphOf(...after)];
  const [from, to] = [a.declared('f'), b.declared('f')];
  assert.ok(from !== null && to !== null);
  return compareTypes(a, from, b, to, 'f').changed.flatMap(changed => changedLines(changed, 9));
}

/** int f(struct box *), the struct being type 4. */
const takesBox = (...box: (number | string)[]): Types => [
  box,
  ['', info(PTR), 4],
  ['', info(PROTO, 1), 1, 'box', 5],
  ['f', info(FUNC, 1), 6],
];
const box = (size: number, ...members: (number | string)[]): (number | string)[] => [
  ...['box', info(STRUCT, members.length / 3), size, ...members],
];

test('arguments and results', () => {
  const f = (result: number, ...types: number[]): Types => [
    ['', info(PTR), 3],
    ['', info(PROTO, types.length), result, ...types.flatMap(type => ['x', type])],
    ['f', info(FUNC, 1), 5],
  ];
  assert.deepEqual(lines(f(1, 1, 2), f(1, 1, 2)), []);
  assert.deepEqual(lines(f(1, 2, 1), f(1, 2, 2)), ['`f`:', '  argument 2 changed from `int` to `unsigned long`']);
  assert.deepEqual(lines(f(0, 1), f(4)), [
    ...['`f`:', '  takes 0 arguments instead of 1', '  returns `unsigned char *` instead of `void`'],
  ]);
  assert.deepEqual(lines(f(1, 1, 0), f(1, 1)), ['`f`:', '  takes 1 argument instead of 2']);
});

test('members: added, removed, renamed, of another type, moved', () => {
  const old = takesBox(...box(16, 'a', 1, 0, 'b', 2, 64));
  const path = '`struct box` (argument 1):';
  assert.deepEqual(lines(old, takesBox(...box(24, 'a', 1, 0, 'b', 2, 64, 'c', 3, 128))), [
    ...[path, '  grew by 8 bytes, from 16 to 24', '  member `c` (unsigned char) added after `b`'],
  ]);
  assert.deepEqual(lines(old, takesBox(...box(8, 'b', 2, 0))), [
    ...[path, '  shrank by 8 bytes, from 16 to 8', '  member `a` (int) removed'],
  ]);
  assert.deepEqual(lines(old, takesBox(...box(16, 'a', 1, 0, 'z', 2, 64))), [
    ...[path, '  member `b` (unsigned long) is now called `z`'],
  ]);
  assert.deepEqual(lines(old, takesBox(...box(16, 'a', 2, 0, 'b', 2, 64))), [
    ...[path, '  member `a` changed from `int` to `unsigned long`'],
  ]);
  assert.deepEqual(lines(old, takesBox(...box(16, 'b', 2, 0, 'a', 1, 64))), [
    ...[path, '  member `b` moved: it now stands at the start'],
  ]);
  assert.deepEqual(lines(old, old), []);
});

test('members of anonymous unions count, and so do the unions', () => {
  const held = (...members: (number | string)[]): Types => [
    ...takesBox(...box(8, '', 8, 0)),
    ['', info(UNION, members.length / 3), 8, ...members],
  ];
  const path = '`struct box` (argument 1):';
  assert.deepEqual(lines(held('a', 1, 0), held('a', 1, 0, 'b', 2, 0)), [
    ...[path, '  member `b` (unsigned long) added after `a`'],
  ]);
  assert.deepEqual(lines(held('a', 1, 0), takesBox(...box(8, 'a', 1, 0))), [
    ...[path, '  anonymous structs or unions around `a` changed'],
  ]);
});

test('bit fields have widths', () => {
  const bits = (width: number): Types => takesBox('box', info(STRUCT, 1, 1), 4, 'a', 1, ((width << 24) | 0) >>> 0);
  assert.deepEqual(lines(bits(3), bits(4))[1], '  member `a` changed from `int:3` to `int:4`');
});

test('what is further away: through members, typedefs, arrays, and enumerations', () => {
  const far = (...values: (string | number)[]): Types => [
    ...takesBox(...box(8, 'mode', 8, 0)),
    ['mode_type', info(TYPEDEF), 9],
    ['mode', info(ENUM, values.length / 2), 4, ...values],
  ];
  const path = '`enum mode` (argument 1, struct box.mode, mode_type):';
  assert.deepEqual(lines(far('OFF', 0, 'ON', 1), far('OFF', 0, 'ON', 2, 'AUTO', 1)), [
    ...[path, '  constant `ON` changed from 1 to 2', '  constant `AUTO` (1) added'],
  ]);
  assert.deepEqual(lines(far('OFF', 0, 'ON', 1), far('OFF', 0))[1], '  constant `ON` removed');
  const typedef = (target: number): Types => [...takesBox(...box(8, 'x', 8, 0)), ['word', info(TYPEDEF), target]];
  assert.deepEqual(lines(typedef(1), typedef(2)), [
    ...['`word` (argument 1, struct box.x):', '  changed from `int` to `unsigned long`'],
  ]);
  // Types that lead to each other come to an end.
  const round = takesBox(...box(8, 'next', 5, 0));
  assert.deepEqual(lines(round, round), []);
});

test('types are spelled as C has them', () => {
  const graph = graphOf(
    ['', info(PTR), 5], // 4: const u8 *
    ['', info(CONST), 3],
    ['', info(PROTO, 2), 1, '', 4, '', 0], // 6
    ['', info(PTR), 6], // 7: a function
    ['', info(ARRAY), 0, 7, 1, 4], // 8
    ['', info(CONST), 7], // 9
    ['', info(ARRAY), 0, 3, 1, 16], // 10
    ['', info(PTR), 10], // 11
    ['', info(ARRAY), 0, 10, 1, 2], // 12
  );
  assert.deepEqual(
    [4, 7, 8, 9, 10, 11, 12].map(id => spelling(graph, id)),
    [
      ...['const unsigned char *', 'int (*)(const unsigned char *, ...)', 'int (*[4])(const unsigned char *, ...)'],
      ...['int (*const)(const unsigned char *, ...)', 'unsigned char[16]', 'unsigned char (*)[16]'],
      'unsigned char[2][16]',
    ],
  );
});

test('types of a module count on from those of vmlinux', () => {
  const vmlinux = graphOf();
  const own = TypeGraph.open(rawBtf([]), vmlinux);
  assert.equal(own?.name(1), 'int');
  assert.equal(own.count, 4);
  assert.equal(own.declared('f'), null);
  assert.equal(TypeGraph.open(new Uint8Array(100)), null);
});
