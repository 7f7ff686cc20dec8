// Lines, inlined calls and declarations of the fixture module, against readelf where there is one.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { deflateSync } from 'node:zlib';
import { openDwarf } from '../../../src/formats/dwarf/dwarf';
import { debugSections } from '../../../src/formats/dwarf/sections';
import { placeOf } from '../../../src/formats/elf/relocations';
import { openObject } from '../../../src/formats/ko/objectFile';
import { inflate } from '../../../src/host/places/inflate';
import { hasProgram, run, runBinary } from '../../kernel/lib/shell';
import { makeElf } from '../../support/elf';
import { locatedBytes } from '../../support/located';

const bytes = locatedBytes('debug');
const object = openObject(bytes);
const section = (name: string): number => object?.sectionNames.indexOf(name) ?? -1;
const container = (name: string) => object?.containersNamed(name)[0];

test('names the files that were compiled', () => {
  const units = openDwarf(openObject(bytes), inflate)?.units.map(unit => unit.path);
  assert.deepEqual(units, ['./main.c', './second.c', './located.mod.c']);
});

test('an instruction that was inlined has the line it is from, then the calls', () => {
  const dwarf = openDwarf(openObject(bytes), inflate);
  // by_helper() in second_setup(): its call is the last but one reference to absent_symbol.
  const around = container('second_setup');
  assert.ok(around && dwarf);
  const chains = Array.from({ length: around.size }, (_, i) => dwarf.linesAt(around.place + i));
  const inlined = chains.find(chain => chain.length > 1);
  assert.deepEqual(
    inlined?.map(line => `${line.path}:${line.line}`),
    ['./second.c:9', './second.c:21'],
  );
});

test('variables and functions are declared where the compiler says', () => {
  const dwarf = openDwarf(openObject(bytes), inflate);
  const names = ['operations', 'late_pointer', 'through_macro', 'answer'];
  const places = names.map(name => container(name)?.place ?? -1);
  const found = dwarf?.declarationsAt(new Set(places));
  assert.deepEqual(
    places.map(place => found?.get(place)?.name),
    names,
  );
});

test('outside of code there is no line', () => {
  const dwarf = openDwarf(openObject(bytes), inflate);
  assert.equal(dwarf?.lineAt(placeOf(section('.data'), 0)), null);
  assert.equal(dwarf?.lineAt(placeOf(9999, 0)), null);
  assert.deepEqual(dwarf?.linesAt(placeOf(section('.text'), 0xffff_fff0)), []);
});

const noReadelf = hasProgram('readelf') && hasProgram('gcc-12') ? false : 'readelf and gcc-12 are needed';

/** A C file with two functions in two sections, an inlined one, and lines that are continued. */
const SOURCE = `
static inline int twice(int x)
{
	return x *
		2;
}
extern int other(int);
int first(int a) { int b = other(a);
	return b + twice(a); }
__attribute__((section(".init.text"))) int second(int a)
{
	for (int i = 0; i < a; i++)
		a += other(
			i);
	return a;
}
`;

for (const flags of [['-gdwarf-2'], ['-gdwarf-3'], ['-gdwarf-4'], ['-gdwarf-5'], ['-gdwarf-5', '-gz=zlib'], ['-m32']])
  test(`every row of the line table as readelf shows it: ${flags.join(' ')}`, { skip: noReadelf }, () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'dwarf-'));
    try {
      const file = path.join(directory, 'a.c');
      writeFileSync(file, SOURCE);
      const output = path.join(directory, 'a.o');
      run('gcc-12', ['-g', '-O2', '-ffreestanding', '-c', ...flags, '-o', output, file]);
      const built = openObject(readFileSync(output));
      const dwarf = openDwarf(openObject(readFileSync(output)), inflate);
      const rows = rowsOf(run('readelf', ['--debug-dump=decodedline', output]));
      assert.ok(rows.length > 10);
      for (const { sequence, address, line } of rows) {
        const name = ['.text', '.init.text'][sequence] ?? '';
        const found = dwarf?.lineAt(placeOf(built?.sectionNames.indexOf(name) ?? -1, address));
        assert.deepEqual([path.basename(found?.path ?? ''), found?.line], ['a.c', line], `${name}+${address}`);
      }
      const place = built?.containersNamed('second')[0]?.place ?? -1;
      const declared = dwarf?.declarationsAt(new Set([place])).get(place);
      assert.deepEqual([declared?.name, declared?.line], ['second', 10]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

interface Row {
  readonly sequence: number;
  readonly address: number;
  readonly line: number;
}

/** Of rows at one address, the last: it is the one that describes an instruction. */
function rowsOf(listing: string): Row[] {
  const rows = new Map<string, Row>();
  let sequence = 0;
  for (const [, line, address] of listing.matchAll(/^a\.c\s+(\d+|-)\s+(0x[0-9a-f]+|0)\b/gm)) {
    if (line === '-') sequence++;
    else rows.set(`${sequence} ${address}`, { sequence, address: Number(address), line: Number(line) });
  }
  return [...rows.values()];
}

test('a section compressed with zstd, and one in the old .zdebug form', () => {
  const contents = Buffer.from('debug information '.repeat(50));
  const chdr = Buffer.alloc(24);
  chdr.writeUInt32LE(2, 0);
  chdr.writeBigUInt64LE(BigInt(contents.length), 8);
  const packed = hasProgram('zstd') ? runBinary('zstd', ['-c', '-q'], contents) : null;
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(contents.length));
  const old = Buffer.concat([Buffer.from('ZLIB'), size, deflateSync(contents)]);
  const file = makeElf([
    ...(packed ? [{ name: '.debug_str', flags: 0x800, data: Buffer.concat([chdr, packed]) }] : []),
    { name: '.zdebug_line_str', data: old },
  ]);
  const sections = debugSections(openObject(file)!, inflate);
  if (packed) assert.deepEqual(Buffer.from(sections?.get('str')?.r.bytes ?? []), contents);
  assert.deepEqual(Buffer.from(sections?.get('line_str')?.r.bytes ?? []), contents);
});
