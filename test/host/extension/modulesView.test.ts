// Which modules the view shows: by verdict, by a part of the path, and below which folders.
import assert from 'node:assert/strict';
import test from 'node:test';
import { byFolder, EVERYTHING, passes, type ModuleFilter } from '../../../src/host/extension/model/modulesView';
import { emptyReport } from '../../../src/host/services/reportParts';
import type { EditorReport } from '../../../src/protocol/worker';

type Verdict = 'loads' | 'refused' | 'unchecked';

const report = (path: string, ...verdicts: readonly Verdict[]): EditorReport => {
  const results = verdicts.map(verdict => ({ result: { verdict } }));
  return { ...emptyReport(path, null), results } as unknown as EditorReport;
};

const ALL = [
  report('/w/net/e1000.ko', 'loads', 'loads'),
  report('/w/net/tg3.ko', 'loads', 'refused'),
  report('/w/usb/Storage.ko', 'refused'),
  report('/w/usb/uas.ko', 'unchecked'),
  report('/w/new.ko'),
];

const shown = (filter: Partial<ModuleFilter>): string[] =>
  ALL.filter(each => passes({ ...EVERYTHING, ...filter }, each)).map(({ path }) => path);

test('by verdict: what any kernel refuses is among the refused, and what no kernel judged among the unchecked', () => {
  assert.equal(shown({}).length, ALL.length);
  assert.deepEqual(shown({ verdict: 'loads' }), ['/w/net/e1000.ko']);
  assert.deepEqual(shown({ verdict: 'refused' }), ['/w/net/tg3.ko', '/w/usb/Storage.ko']);
  assert.deepEqual(shown({ verdict: 'unchecked' }), ['/w/usb/uas.ko', '/w/new.ko']);
});

test('by name or folder, in any case, and by both', () => {
  assert.deepEqual(shown({ text: 'storage' }), ['/w/usb/Storage.ko']);
  assert.deepEqual(shown({ text: '/net/' }), ['/w/net/e1000.ko', '/w/net/tg3.ko']);
  assert.deepEqual(shown({ text: '/net/', verdict: 'refused' }), ['/w/net/tg3.ko']);
});

test('below their folders, both in order', () => {
  const folders = byFolder(
    ['/w/usb/b.ko', '/w/a.ko', '/w/usb/a.ko'],
    path => path.split('/').slice(2, -1).join('/') || 'w',
  );
  assert.deepEqual(folders, [
    { label: 'usb', paths: ['/w/usb/a.ko', '/w/usb/b.ko'] },
    { label: 'w', paths: ['/w/a.ko'] },
  ]);
});
