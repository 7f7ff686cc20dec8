// Findings of several kernels, merged into what is shown.
import assert from 'node:assert/strict';
import test from 'node:test';
import { kernelsLine, shownFindings } from '../../../src/host/extension/model/findings';
import { severityOf } from '../../../src/host/extension/model/severities';
import { editorReport, finding, onKernel } from './support';

const at = (line: number) => ({ file: '/p/m.c', line, column: 2 });

test('the same finding on several kernels is one that names them', () => {
  const same = finding({ code: 'namespace', symbol: 's', locations: [at(3), at(9)] });
  const report = editorReport({ results: [onKernel('6.1', [same]), onKernel('6.12', [same]), onKernel('5.10')] });
  const shown = shownFindings(report);
  assert.equal(shown.length, 1);
  assert.deepEqual(shown[0]?.place, at(3));
  assert.deepEqual(shown[0]?.uses, [at(9)]);
  assert.ok(shown[0]);
  assert.equal(kernelsLine(shown[0]), 'Refused by 6.1, 6.12. Loads on 5.10.');
});

test('what follows from a finding is told with it', () => {
  const report = editorReport({
    results: [
      onKernel('6.1', [
        finding({ code: 'symbol-version', symbol: 's', message: 'm: disagrees about version of symbol s' }),
        finding({ code: 'unknown-symbol', symbol: 's', message: 'm: Unknown symbol s (err -22)' }),
        finding({ code: 'symbol-not-in-target', symbol: 't' }),
      ]),
    ],
  });
  assert.deepEqual(
    shownFindings(report).map(({ code, message }) => [code, message.split('\n').length]),
    [
      ['symbol-version', 2],
      ['symbol-not-in-target', 1],
    ],
  );
});

test('both CRCs and the target are evidence', () => {
  const report = editorReport({
    results: [onKernel('6.1', [finding({ code: 'symbol-version', symbol: 's' })])],
    symbols: [
      {
        name: 's',
        role: 'import',
        crc: '0x00000001',
        locations: [],
        targets: [
          {
            release: '6.1',
            owner: 'vmlinux',
            crc: '0x00000002',
            type: 'EXPORT_SYMBOL',
            namespace: null,
            namespaceImported: true,
            status: 'version',
            file: null,
            row: { file: '/kernels/6.1/Module.symvers', line: 7, column: 1 },
          },
        ],
      },
    ],
  });
  assert.deepEqual(shownFindings(report)[0]?.evidence, [
    { file: '/p/m.ko', place: null, text: 'module m: built with s 0x00000001' },
    {
      file: '/kernels/6.1/Module.symvers',
      place: { file: '/kernels/6.1/Module.symvers', line: 7, column: 1 },
      text: 'target 6.1: vmlinux provides s 0x00000002',
    },
  ]);
});

test('a finding without a place goes on MODULE_LICENSE, then on what there is', () => {
  const results = [onKernel('6.1', [finding({ code: 'signature-required' })])];
  const none = { license: null, init: null, makefile: null, firstSource: null };
  const placeWith = (anchors: Partial<typeof none> | { license: ReturnType<typeof at> }) =>
    shownFindings(editorReport({ results, anchors: { ...none, ...anchors } }))[0]?.place;
  assert.deepEqual(placeWith({ license: at(7) }), at(7));
  assert.deepEqual(placeWith({}), null);
});

test('positions in sources newer than the module are those of the last build', () => {
  const results = [onKernel('6.1', [finding({ code: 'namespace', locations: [at(3)] })])];
  assert.equal(shownFindings(editorReport({ results, staleSources: ['/p/m.c'] }))[0]?.stale, true);
  assert.equal(shownFindings(editorReport({ results }))[0]?.stale, false);
});

test('unknown symbols of a dependency that is refused are one finding, with the lines of the kernel', () => {
  const facts = { module: 'm', provider: 'p', errnoName: 'ENOEXEC', line: null, symbols: ['s', 'r'] };
  const unknown = (symbol: string) =>
    finding({ code: 'symbol-not-in-target', symbol, message: `Unknown symbol ${symbol}` });
  const findings = [finding({ code: 'dependency-refused', facts }), unknown('s'), unknown('other'), unknown('r')];
  const shown = shownFindings(editorReport({ results: [onKernel('6.1', findings)] }));
  assert.deepEqual(
    shown.map(({ code }) => code),
    ['dependency-refused', 'symbol-not-in-target'],
  );
  assert.match(shown[0]?.message ?? '', /\nUnknown symbol s\nUnknown symbol r$/);
});

test('an export that another module for the same kernel has as well', () => {
  const exports = [{ name: 's', type: 'EXPORT_SYMBOL', namespace: null, crc: null }] as const;
  const report = editorReport({ exports, results: [onKernel('6.1')] });
  const other = editorReport({ path: '/p/o.ko', name: 'o', exports, results: [onKernel('6.1')] });
  const codes = (another: typeof other): unknown[] => shownFindings(report, [report, another]).map(({ code }) => code);
  assert.deepEqual(codes(other), ['export-clash']);
  assert.deepEqual(codes({ ...other, name: report.name }), [], 'another build of the module');
  assert.deepEqual(codes({ ...other, results: [onKernel('6.12')] }), [], 'for another kernel');
});

test('severities: chosen, else that of the finding', () => {
  const error = { code: 'vermagic', severity: 'error' } as const;
  assert.equal(severityOf(error, {}), 'error');
  assert.equal(severityOf(error, { vermagic: 'off' }), 'off');
  assert.equal(severityOf(error, { vermagic: 'nonsense' }), 'error');
  assert.equal(severityOf({ code: 'taint-notice', severity: 'hint' }, {}), 'hint');
  assert.equal(severityOf({ code: 'taint-notice', severity: 'information' }, { 'taint-notice': 'warning' }), 'warning');
});
