// __version_ext_crcs and __version_ext_names, on a 7.2 that was built with MODVERSIONS.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../../../src/index';
import { buildModule } from '../../../support/builtModule';
import type { SectionSpec } from '../../../support/elf';
import { configured } from '../../../support/recorded';

const FACTS = configured('7.2', { MODVERSIONS: 'y' });
/** What 7.2 exports, with the CRC its Module.symvers gives: 0, as for every symbol of a kernel without MODVERSIONS. */
const [FIRST, SECOND] = ['_printk', '__fentry__'] as const;

function versions(crcs: readonly number[], names: string): SectionSpec[] {
  const data = Buffer.alloc(4 * crcs.length);
  for (const [i, crc] of crcs.entries()) data.writeUInt32LE(crc, 4 * i);
  return [
    { name: '__version_ext_crcs', flags: 2, align: 4, data },
    { name: '__version_ext_names', flags: 2, data: Buffer.from(names, 'latin1') },
  ];
}

function load(sections: readonly SectionSpec[], flags = 0) {
  const result = new System(FACTS).insmod(buildModule(FACTS, { sections, undefinedSymbols: [FIRST, SECOND] }), '', {
    flags,
  });
  return { errno: result.errno, texts: result.log.map(line => line.text).filter(text => !/verification/.test(text)) };
}

test('equal CRCs, one for each symbol', () => {
  assert.deepEqual(load(versions([0, 0], `${FIRST}\0${SECOND}\0`)), { errno: 0, texts: [] });
});

test('another CRC refuses', () => {
  assert.deepEqual(load(versions([0, 5], `${FIRST}\0${SECOND}\0`)), {
    errno: 22,
    texts: [`built: disagrees about version of symbol ${SECOND}`, `built: Unknown symbol ${SECOND} (err -22)`],
  });
});

test('a symbol that is not listed is accepted, and mentioned once', () => {
  assert.deepEqual(load(versions([7], 'other\0')), {
    errno: 0,
    texts: [`built: no extended symbol version for ${FIRST}`],
  });
});

test('the first entry of a name counts', () => {
  assert.equal(load(versions([0, 9, 0], `${FIRST}\0${FIRST}\0${SECOND}\0`)).errno, 0);
  assert.equal(load(versions([9, 0, 0], `${FIRST}\0${FIRST}\0${SECOND}\0`)).errno, 22);
});

test('both tables or none', () => {
  const [crcs, names] = versions([0], `${FIRST}\0`);
  const texts = ['extended version crc+name presence does not match'];
  assert.deepEqual(load([crcs ?? assert.fail()]), { errno: 8, texts });
  assert.deepEqual(load([names ?? assert.fail()]), { errno: 8, texts });
});

test('a name for every CRC', () => {
  const texts = ['more extended version crcs than names'];
  assert.deepEqual(load(versions([0, 0], `${FIRST}\0`)), { errno: 8, texts });
  assert.deepEqual(load(versions([0], FIRST)), { errno: 8, texts });
  assert.equal(load(versions([0], `${FIRST}\0${SECOND}\0`)).errno, 0, 'more names than CRCs are fine');
});

test('flag 1 takes both away, and with them the checks', () => {
  const { errno, texts } = load(versions([1, 1, 1], `${FIRST}\0`), 1);
  assert.equal(errno, 0);
  assert.match(texts[0] ?? '', /^built: \w+: kernel tainted\.$/);
});
