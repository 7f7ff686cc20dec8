// Structs as BTF and DWARF declare them, and types that nest in themselves.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { ARRAY, INT, PTR, STRUCT, TYPEDEF } from '../../src/formats/btf/kinds';
import { structInBtf } from '../../src/formats/btf/structShape';
import { TypeGraph } from '../../src/formats/btf/typeGraph';
import { structInDwarf } from '../../src/formats/dwarf/structShape';
import { openObject } from '../../src/formats/ko/objectFile';
import { memberAt, type StructShape } from '../../src/formats/structMembers';
import { inflate } from '../../src/host/places/inflate';
import { hasProgram, run } from '../kernel/lib/shell';
import { info, rawBtf } from '../support/rawBtf';

const at = (bytes: number): number => 8 * bytes;

/** What both declare; a path, its offset, its size, and what it points to. */
const EXPECTED: readonly (readonly [string, number, number, number])[] = [
  ['state', 0, 4, 0],
  ['name', 4, 20, 0],
  ['mem', 24, 32, 0],
  ['mem.1.base', 40, 8, 12],
  ['inner', 56, 8, 12],
  ['exit', 64, 8, 0],
];

function assertShape(shape: StructShape | null): void {
  assert.equal(shape?.size, 72);
  for (const [member, offset, size, pointee] of EXPECTED)
    assert.deepEqual(memberAt(shape.members, member), { offset, size, pointee }, member);
  for (const member of ['bits', 'mem.2', 'mem.1.none', 'name.0']) assert.equal(memberAt(shape.members, member), null);
}

const [UINT, CHAR, NAME, SYMBOL, POINTER, AREA, ALIAS, AREAS, INNER, FUNCTION] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test('a struct of BTF', () => {
  const bytes = rawBtf([
    ['unsigned int', info(INT), 4, 32],
    ['char', info(INT), 1, 8],
    ['', info(ARRAY), 0, CHAR, UINT, 20],
    ['symbol', info(STRUCT), 12],
    ['', info(PTR), SYMBOL],
    ['area', info(STRUCT, 2), 16, 'base', POINTER, 0, 'size', UINT, at(8)],
    ['area_t', info(TYPEDEF), AREA],
    ['', info(ARRAY), 0, ALIAS, UINT, 2],
    ['', info(STRUCT, 1), 8, 'inner', POINTER, 0],
    ['', info(PTR), 0],
    [
      ...['module', info(STRUCT, 5), 72, 'state', UINT, 0, 'name', NAME, at(4), 'mem', AREAS, at(24)],
      ...['', INNER, at(56), 'exit', FUNCTION, at(64)],
    ],
  ]);
  const graph = TypeGraph.open(bytes);
  assertShape(graph && structInBtf(graph, 'module', 8));
});

test('a struct that is an anonymous member of itself ends', () => {
  const nest = Array.from({ length: 100 }, (_, i) => ['', 1, at(i)]).flat();
  const graph = TypeGraph.open(rawBtf([['module', info(STRUCT, 100), 8, ...nest]]));
  const shape = graph && structInBtf(graph, 'module', 8);
  assert.ok(shape);
  assert.equal(memberAt(shape.members, 'init'), null);
});

test('an array of itself has no size', () => {
  const graph = TypeGraph.open(
    rawBtf([
      ['', info(ARRAY), 0, 1, 1, 9],
      ['module', info(STRUCT, 1), 8, 'a', 1, 0],
    ]),
  );
  const shape = graph && structInBtf(graph, 'module', 8);
  assert.equal(shape?.members[0]?.size, 0);
});

const SOURCE = `
struct symbol { int value, name, namespace; };
typedef struct area { const struct symbol *base; unsigned int size; } area_t;
struct module {
	unsigned int state;
	char name[20];
	area_t mem[2];
	union { struct symbol *volatile inner; };
	void (*exit)(void);
};
struct module __this_module;
`;

const noCompiler = hasProgram('gcc-12') ? false : 'gcc-12 is needed';
for (const flags of [['-gdwarf-2'], ['-gdwarf-4'], ['-gdwarf-5'], ['-gdwarf-5', '-gz=zlib']])
  test(`a struct of DWARF: ${flags.join(' ')}`, { skip: noCompiler }, () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'struct-'));
    try {
      const [source, output] = [path.join(directory, 'a.c'), path.join(directory, 'a.o')];
      writeFileSync(source, SOURCE);
      run('gcc-12', ['-g', '-ffreestanding', '-c', ...flags, '-o', output, source]);
      const object = openObject(readFileSync(output));
      assertShape(object && structInDwarf(object, inflate, 'module'));
      assert.equal(object && structInDwarf(object, inflate, 'nothing'), null);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
