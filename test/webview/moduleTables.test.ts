// What the tables of a module say.
import assert from 'node:assert/strict';
import test from 'node:test';
import { usersOf } from '../../src/host/extension/model/users';
import type { ModuleTables, StepRelocations } from '../../src/protocol/view';
import { fullTitle, type TableModel } from '../../webview/table/model';
import { filterSteps } from '../../webview/table/order';
import { inSlices } from '../../webview/table/slices';
import { exportTable } from '../../webview/tables/exportRows';
import { importTable } from '../../webview/tables/importRows';
import { modinfoTable, signatureValue } from '../../webview/tables/modinfoRows';
import { declaredParameters, parameterTable, permissionsText } from '../../webview/tables/parameterRows';
import { relocationTable } from '../../webview/tables/relocationRows';
import { editorReport } from '../host/extension/support';

const nowhere = (): void => undefined;

/** Texts of a row by title. */
function texts(model: TableModel, row: number): Record<string, string> {
  return Object.fromEntries(model.columns.map((column, i) => [fullTitle(column), model.cell(row, i)]));
}

const NOT_BUILT = { file: null, row: null };

type Symbol = ModuleTables['symbols'][number];

function imported(name: string, ...targets: Partial<Symbol['targets'][number]>[]): Symbol {
  const unknown = {
    owner: null,
    crc: null,
    type: null,
    namespace: null,
    namespaceImported: true,
    status: null,
    ...NOT_BUILT,
  };
  return {
    name,
    role: 'import',
    crc: '0x00000001',
    targets: targets.map((found, i) => ({ release: `6.${i}`, ...unknown, ...found })),
    locations: [],
  };
}

const tables: ModuleTables = {
  symbols: [
    imported(
      'dma_buf_fd',
      { owner: 'vmlinux', crc: '0x00000001', type: 'EXPORT_SYMBOL_GPL', namespace: 'DMA_BUF', status: 'ok' },
      {
        owner: 'drivers/dma-buf/dma-buf',
        crc: '0x00000002',
        type: 'EXPORT_SYMBOL_GPL',
        namespace: 'DMA_BUF',
        namespaceImported: false,
        status: 'version',
      },
    ),
    imported('gone', { status: 'missing' }, {}),
  ],
  exports: [
    { name: 'mine', type: 'EXPORT_SYMBOL', namespace: null, crc: null },
    { name: 'yours', type: 'EXPORT_SYMBOL_GPL', namespace: 'NS', crc: '0x00000003' },
  ],
  users: [[], ['b', 'c']],
  parameters: [],
};

test('imports: what each kernel has, the one chosen first', () => {
  const model = importTable(
    tables,
    [
      { index: 1, release: '6.1' },
      { index: 0, release: '6.0' },
    ],
    nowhere,
  );
  assert.deepEqual(texts(model, 0), {
    Symbol: 'dma_buf_fd',
    'CRC wanted': '0x00000001',
    '6.1 Status': '✗ other CRC',
    '6.1 From': 'dma-buf',
    '6.1 CRC found': '0x00000002 ✗',
    '6.1 Export': 'GPL, DMA_BUF ✗ not imported',
    '6.0 Status': '✓ found',
    '6.0 From': 'vmlinux',
    '6.0 CRC found': '0x00000001 ✓',
    '6.0 Export': 'GPL, DMA_BUF ✓',
  });
  assert.deepEqual(
    model.columns.map((_, i) => model.tone?.(0, i)),
    ['', '', 'bad', '', 'bad', 'bad', 'good', '', 'good', ''],
  );
  // The second kernel refused the module before it looked for symbols.
  assert.equal(texts(model, 1)['6.1 Status'], 'not checked');
  assert.equal(texts(model, 1)['6.0 Status'], '✗ not exported');
});

test('exports with their users, the most used last', () => {
  const model = exportTable(tables, nowhere);
  assert.deepEqual(texts(model, 1), {
    Symbol: 'yours',
    CRC: '0x00000003',
    Export: 'EXPORT_SYMBOL_GPL',
    Namespace: 'NS',
    'Used by': 'b, c',
  });
  assert.equal(model.sortValue(0, 4), 0);
  assert.equal(model.sortValue(1, 4), 2);
});

test('a module uses an export unless it has the name from the kernel', () => {
  const reports = [
    editorReport({
      name: 'c',
      symbols: [imported('mine', { owner: null }), imported('yours', { owner: 'extra/my-mod' })],
    }),
    editorReport({ name: 'b', symbols: [imported('mine'), imported('other')] }),
    editorReport({ name: 'a', symbols: [imported('mine', { owner: 'vmlinux' })] }),
  ];
  assert.deepEqual(usersOf(reports, 'my_mod', ['mine', 'yours', 'unused']), [['b', 'c'], ['c'], []]);
});

test('permissions as numbers and letters', () => {
  assert.equal(permissionsText(0o644), '0644 rw-r--r--');
  assert.equal(permissionsText(0), '0 not in sysfs');
  assert.equal(permissionsText(null), 'not known');
});

test('parameters no kernel has read are those the module declares', () => {
  const declared = declaredParameters([
    ['parm', 'times:How often: or not'],
    ['parmtype', 'times:int'],
    ['parmtype', 'whom:charp'],
    ['parmtype', 'broken'],
    ['license', 'GPL'],
  ]);
  assert.deepEqual(
    declared.map(({ name, type, description }) => [name, type, description]),
    [
      ['times', 'int', 'How often: or not'],
      ['whom', 'charp', null],
    ],
  );
  const model = parameterTable(declared, nowhere);
  assert.equal(texts(model, 0)['Value after loading'], 'not known');
  const read = parameterTable(
    [
      { name: 'n', type: 'charp', perm: 0o444, value: '\n', defaultValue: 'x\n', description: null },
      { name: 'own', type: '', perm: 0, value: null, defaultValue: null, description: null },
    ],
    nowhere,
  );
  assert.equal(texts(read, 0)['Value after loading'], '(empty)');
  assert.equal(texts(read, 0)['Default'], 'x');
  assert.equal(texts(read, 1)['Default'], 'known to the code of the module only');
});

test('modinfo in the order of the file, signatures in one line', () => {
  const model = modinfoTable({
    modinfo: [
      ['license', 'GPL'],
      ['alias', 'a b'],
    ],
  });
  assert.deepEqual(texts(model, 1), { Field: 'alias', Value: 'a b' });
  assert.equal(signatureValue('AA:BB:\n\t\tCC'), 'AA:BB:CC');
  assert.equal(signatureValue('Build time key'), 'Build time key');
});

const relocations: StepRelocations = {
  target: new Uint32Array([1, 2]),
  offset: new Float64Array([0x1a, 0]),
  type: new Uint16Array([0, 1]),
  typeNames: ['R_X86_64_PC32', 'R_X86_64_64'],
  typeWidths: [4, 8],
  symbol: new Uint32Array([1, 0]),
  symbolNames: ['abc', '_printk'],
  addend: new Float64Array([-4, 16]),
  tried: 2,
  before: new BigUint64Array([0n, 0n]),
  after: new BigUint64Array([0xc0n, 0xffffffffc0000010n]),
};

test('relocations: columns, order by numbers and names, and what is found', async () => {
  const opened: number[] = [];
  const model = relocationTable(relocations, ['', '.text', '.data'], index => opened.push(index));
  assert.deepEqual(texts(model, 0), {
    '#': '0',
    Section: '.text',
    Offset: '0x1a',
    Type: 'R_X86_64_PC32',
    Symbol: '_printk',
    Addend: '-0x4',
    'Value before': '0x00000000',
    'Value after': '0x000000c0',
  });
  assert.equal(texts(model, 1)['Value after'], '0xffffffffc0000010');
  const column = (key: string): number => model.columns.findIndex(candidate => candidate.key === key);
  assert.ok(model.sortValue(0, column('symbol')) < model.sortValue(1, column('symbol')));
  assert.ok(model.sortValue(1, column('section')) < model.sortValue(0, column('section')));
  assert.ok(model.sortValue(0, column('after')) < model.sortValue(1, column('after')));
  const never = new AbortController().signal;
  const found = async (text: string): Promise<number[]> => [
    ...((await inSlices(filterSteps(model, text), never)) ?? []),
  ];
  assert.deepEqual(await found('PRINTK'), [1, 0]);
  assert.deepEqual(await found('.data'), [0, 1]);
  assert.deepEqual(await found('x86_64_64'), [0, 1]);
  assert.deepEqual(await found('c0000010'), [0, 1]);
  // Part of a name and of a number.
  assert.deepEqual(await found('abc'), [0, 1]);
  assert.deepEqual(await found('c0'), [1, 1]);
  assert.deepEqual(await found('-0x4'), [1, 0]);
  model.action?.(1);
  assert.deepEqual(opened, [1]);
});
