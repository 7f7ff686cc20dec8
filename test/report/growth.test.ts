// What grew between two builds.
import assert from 'node:assert/strict';
import test from 'node:test';
import { growthSince, symbolKey, type BuildSizes } from '../../src/report/view/growth';

const sizes = (text: number, symbols: Record<string, number>, core: number): BuildSizes => ({
  totals: { '6.1': [core, 4096] },
  sections: { '.text': text, '.data': 8 },
  symbols: Object.fromEntries(Object.entries(symbols).map(([name, size]) => [symbolKey('.text', name), size])),
});

test('sections and symbols, the largest change first; what stayed is left out', () => {
  const growth = growthSince(sizes(16, { kept: 8, gone: 100 }, 8192), sizes(32, { kept: 8, fresh: 4 }, 12288), '6.1');
  assert.equal(growth.coresize, 4096);
  assert.equal(growth.initsize, 0);
  assert.deepEqual(growth.entries, [
    { kind: 'symbol', section: '.text', symbol: 'gone', before: 100, after: null },
    { kind: 'section', section: '.text', symbol: '', before: 16, after: 32 },
    { kind: 'symbol', section: '.text', symbol: 'fresh', before: null, after: 4 },
  ]);
});

test('a kernel the earlier build was not held against has no totals to compare', () => {
  const growth = growthSince({ ...sizes(16, {}, 8192), totals: {} }, sizes(16, {}, 12288), '6.1');
  assert.deepEqual(growth, { coresize: 0, initsize: 0, entries: [] });
});
