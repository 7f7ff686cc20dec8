// What hovers, lenses and documents say.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isBuildable, makeArguments } from '../../../src/host/extension/model/buildTask';
import { codeLenses } from '../../../src/host/extension/model/codeLenses';
import { explanationText, symbolVersionsText, transcript } from '../../../src/host/extension/model/documents';
import { parameterText, symbolText } from '../../../src/host/extension/model/hoverText';
import { initcallText } from '../../../src/host/extension/model/initcalls';
import { overall, sizesText } from '../../../src/host/extension/model/text';
import type { SymbolReport } from '../../../src/protocol/analysis';
import { editorReport, finding, loadResult, onKernel } from './support';

const symbol: SymbolReport = {
  name: 'dma_buf_fd',
  role: 'import',
  crc: '0x00000001',
  locations: [{ file: '/p/m.c', line: 3, column: 2 }],
  targets: [
    {
      release: '6.1',
      owner: 'vmlinux',
      crc: '0x00000001',
      type: 'EXPORT_SYMBOL_GPL',
      namespace: 'DMA_BUF',
      namespaceImported: false,
      status: 'namespace',
      file: null,
      row: null,
    },
    {
      release: '5.10',
      owner: null,
      crc: null,
      type: null,
      namespace: null,
      namespaceImported: false,
      status: null,
      file: null,
      row: null,
    },
  ],
};

test('sizes in one line', () => {
  const sizes = { core: 12288, coreText: 4096, coreRo: 4096, coreRw: 4096, init: 8192 };
  assert.equal(sizesText(sizes), 'CORE 12 KiB (text 4, ro 4, rw 4), INIT 8 KiB freed after loading');
});

test('hover on a symbol: CRCs, namespace, uses', () => {
  const text = symbolText(editorReport(), symbol);
  assert.match(text, /- 6\.1: CRC `0x00000001` ✓, from vmlinux, `EXPORT_SYMBOL_GPL`, namespace DMA_BUF ✗ not imported/);
  assert.match(text, /- 5\.10: ✗ not exported/);
  assert.match(text, /Used at \[m\.c:3\]/);
});

test('hover on a parameter', () => {
  const parameter = {
    name: 'level',
    type: 'int',
    perm: 0o644,
    value: '3\n',
    description: 'How *much*',
    location: null,
  };
  const text = parameterText(editorReport(), parameter);
  assert.match(text, /`0644` in `\/sys\/module\/m\/parameters\/level`/);
  assert.match(text, /`3`/);
  assert.match(text, /How \\\*much\\\*/);
  assert.doesNotMatch(text, /array/);
  assert.match(parameterText(editorReport(), { ...parameter, elements: '1,2,3' }), /The array holds `1,2,3`/);
});

test('initcalls as a module and built in', () => {
  assert.match(initcallText('module_init') ?? '', /init_module[\s\S]*device \(6\)[\s\S]*\.initcall6\.init/);
  assert.match(initcallText('pure_initcall') ?? '', /does not compile/);
  assert.match(initcallText('subsys_initcall') ?? '', /\.initcall4\.init/);
  assert.equal(initcallText('kmalloc'), null);
  assert.equal(initcallText('constructor'), null);
});

test('lenses stand above their macros', () => {
  const exports = [{ name: 'f', type: 'EXPORT_SYMBOL' as const, namespace: 'N', crc: '0x00000007' }];
  const report = editorReport({
    results: [
      {
        ...onKernel('6.1'),
        result: loadResult({
          layout: { regions: [{ name: 'core', size: 1, sections: [] }], coresize: 1, initsize: 1 },
        }),
      },
    ],
    exports,
  });
  const source = 'EXPORT_SYMBOL_NS(f, N);\nmodule_init(g);\n// MODULE_LICENSE("GPL")\nMODULE_LICENSE("GPL");\n';
  assert.deepEqual(
    codeLenses(source, report).map(({ line, action }) => [line, action]),
    [
      [0, 'versions'],
      [1, 'layout'],
      [3, 'explain'],
      [3, 'simulate'],
    ],
  );
});

test('a lens of an export names its users, those of another version first', () => {
  const exports = [{ name: 'f', type: 'EXPORT_SYMBOL' as const, namespace: null, crc: '0x00000007' }];
  const user = (name: string, crc: string, owner: string | null): ReturnType<typeof editorReport> => {
    const targets = symbol.targets.slice(0, 1).map(target => ({ ...target, owner }));
    return editorReport({ name, symbols: [{ ...symbol, name: 'f', crc, targets }] });
  };
  const workspace = [
    user('agrees', '0x00000007', null),
    user('old', '0x00000006', 'updates/my-module'),
    user('elsewhere', '0x00000007', 'vmlinux'),
  ];
  const [line] = codeLenses('EXPORT_SYMBOL(f);\n', editorReport({ name: 'my_module', exports }), workspace);
  assert.equal(line?.title, 'CRC 0x00000007, used by old ✗ 0x00000006, agrees ✓');
});

test('a silent refusal is told in words', () => {
  const result = loadResult({ verdict: 'refused', errno: 8, errnoName: 'ENOEXEC', insmod: 'insmod: ERROR: ...' });
  const step = {
    command: 'insmod m.ko',
    log: [],
    errno: 8,
    errnoName: 'ENOEXEC',
    toolLine: 'insmod: ERROR: ...',
    result,
  };
  const text = transcript([{ target: { path: '/k' }, release: '6.1', steps: [step], notes: [] }]);
  assert.match(text, /^\$ insmod m\.ko {4}# on 6\.1\n# the kernel prints no line here\ninsmod: ERROR: \.\.\.\n/);
});

test('explanation and symbol versions name every kernel', () => {
  const report = editorReport({
    results: [onKernel('6.1', [finding({ code: 'vermagic' })]), onKernel('6.12')],
    symbols: [symbol],
  });
  const text = explanationText(report, []);
  assert.match(text, /\*\*6\.1\*\*: refused: EINVAL/);
  assert.match(text, /Refused by 6\.1\. Loads on 6\.12\./);
  assert.match(symbolVersionsText(report), /\| `dma_buf_fd` \| 0x00000001 \|/);
  assert.equal(overall(report), 'mixed');
});

test('make with and without a Makefile', () => {
  const build = { directory: '/p', target: 'modules', kernel: '/k' } as const;
  assert.deepEqual(makeArguments(build, true), []);
  assert.deepEqual(makeArguments(build, false), ['-C', '/k', 'M=/p', 'modules']);
  assert.deepEqual(makeArguments({ ...build, target: 'clean' }, true), ['clean']);
  assert.ok(isBuildable(build));
  for (const directory of ['/p/$(shell id)', '/p/`id`', '/p;id', '/p&id', '/p|id', '/p\nid', '/p>x', '/p"', "/p'"])
    assert.ok(!isBuildable({ ...build, directory }) && !isBuildable({ ...build, kernel: directory }), directory);
});
