// Which rows of a table are shown, in which order, and how they are copied.
import assert from 'node:assert/strict';
import test from 'node:test';
import { markdownTable } from '../../webview/export/markdown';
import { copySteps } from '../../webview/table/copy';
import { HEAD, placeAfter } from '../../webview/table/keys';
import type { SortValue, TableModel } from '../../webview/table/model';
import { filterSteps, shownSteps, sortSteps } from '../../webview/table/order';
import { recordTable } from '../../webview/table/records';
import { inSlices, type Clock } from '../../webview/table/slices';

const never = new AbortController().signal;

const fruit = recordTable(
  [
    { name: 'pear', kilos: 12n },
    { name: 'Apple', kilos: 9n },
    { name: 'p|u\tm', kilos: 9n },
  ],
  [
    { key: 'name', title: 'Name', mono: true, width: 10, text: ({ name }) => name },
    { key: 'kilos', title: 'Kilos', group: 'Stock', width: 5, text: row => String(row.kilos), sort: row => row.kilos },
  ],
);

async function rowsOf(model: TableModel, filter: string, column: number | null, descending = false): Promise<number[]> {
  const found = await inSlices(filterSteps(model, filter), never);
  const order = column === null ? null : await inSlices(sortSteps(model, column, descending), never);
  return [...((await inSlices(shownSteps(model.rowCount, order, found), never)) ?? [])];
}

test('a filter looks into every column, whatever the case', async () => {
  assert.deepEqual(await rowsOf(fruit, '', null), [0, 1, 2]);
  assert.deepEqual(await rowsOf(fruit, ' APPLE ', null), [1]);
  assert.deepEqual(await rowsOf(fruit, 'P', null), [0, 1, 2]);
  assert.deepEqual(await rowsOf(fruit, '12', null), [0]);
  assert.deepEqual(await rowsOf(fruit, 'quince', null), []);
});

test('numbers are sorted as numbers, and what is alike stays in its order', async () => {
  assert.deepEqual(await rowsOf(fruit, '', 1), [1, 2, 0]);
  assert.deepEqual(await rowsOf(fruit, '', 1, true), [0, 1, 2]);
  assert.deepEqual(await rowsOf(fruit, '9', 0, true), [2, 1]);
});

test('sorting agrees with that of arrays, for every length', async () => {
  for (const count of [0, 1, 2, 3, 255, 256, 257, 1000]) {
    const values: SortValue[] = Array.from({ length: count }, (_, i) => (i * 7919) % 97);
    const model: TableModel = {
      columns: [{ key: 'value', title: 'Value', width: 5 }],
      rowCount: count,
      cell: row => String(values[row]),
      sortValue: row => values[row] ?? 0,
    };
    const expected = [...values.keys()].sort((a, b) => Number(values[a]) - Number(values[b]));
    assert.deepEqual(await rowsOf(model, '', 0), expected, String(count));
  }
});

test('long work rests after every slice, and ends when nobody waits', async () => {
  let time = 0;
  let pauses = 0;
  const clock: Clock = {
    now: () => time++,
    pause: () => {
      pauses++;
      return Promise.resolve();
    },
  };
  function* steps(): Generator<void, string> {
    for (let i = 0; i < 100; i++) yield;
    return 'done';
  }
  assert.equal(await inSlices(steps(), never, clock), 'done');
  assert.ok(pauses >= 10, String(pauses));
  assert.equal(await inSlices(steps(), AbortSignal.abort(), clock), null);
});

test('rows are copied as text between tabs, with or without titles', async () => {
  const rows = new Uint32Array([2, 0]);
  assert.equal(await inSlices(copySteps(fruit, rows, 'tsv', true), never), 'p|u m\t9\npear\t12\n');
  assert.equal(await inSlices(copySteps(fruit, rows, 'tsv'), never), 'Name\tStock Kilos\np|u m\t9\npear\t12\n');
});

test('rows are copied as Markdown, names as code', async () => {
  assert.equal(
    await inSlices(copySteps(fruit, new Uint32Array([2, 1]), 'markdown'), never),
    '| Name | Stock Kilos |\n| --- | --- |\n| `p\\|u\tm` | 9 |\n| `Apple` | 9 |\n',
  );
});

test('what Markdown would take for its own is escaped, except in code', () => {
  assert.equal(
    markdownTable(['a'], [['<b> *x* `'], ['`<b>|`'], ['one\n two']])
      .split('\n')
      .slice(2, 5)
      .join('\n'),
    ['| &lt;b> \\*x\\* \\` |', '| `<b>\\|` |', '| one two |'].join('\n'),
  );
});

test('keys lead through rows, columns and to the titles', () => {
  const extent = { rows: 100, columns: 3, page: 20 };
  const from = { row: 50, column: 1 };
  assert.deepEqual(placeAfter(from, 'ArrowDown', false, extent), { row: 51, column: 1 });
  assert.deepEqual(placeAfter(from, 'PageUp', false, extent), { row: 30, column: 1 });
  assert.deepEqual(placeAfter({ row: 95, column: 1 }, 'PageDown', false, extent), { row: 99, column: 1 });
  assert.deepEqual(placeAfter(from, 'Home', false, extent), { row: 50, column: 0 });
  assert.deepEqual(placeAfter(from, 'End', true, extent), { row: 99, column: 2 });
  assert.deepEqual(placeAfter({ row: 0, column: 0 }, 'ArrowUp', false, extent), { row: HEAD, column: 0 });
  assert.deepEqual(placeAfter({ row: HEAD, column: 0 }, 'ArrowUp', false, extent), { row: HEAD, column: 0 });
  assert.deepEqual(placeAfter({ row: HEAD, column: 0 }, 'ArrowDown', false, { ...extent, rows: 0 }), {
    row: HEAD,
    column: 0,
  });
  assert.equal(placeAfter(from, 'x', false, extent), null);
});
