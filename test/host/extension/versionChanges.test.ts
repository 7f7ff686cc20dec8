// Which symbols one can ask about: why did the version change?
import assert from 'node:assert/strict';
import test from 'node:test';
import { changesOf } from '../../../src/host/extension/model/versionChanges';
import { symbolText } from '../../../src/host/extension/model/hoverText';
import type { EditorReport } from '../../../src/protocol/worker';
import type { SymbolReport } from '../../../src/protocol/analysis';
import { editorReport, onKernel } from './support';

const at = (release: string, crc: string | null): SymbolReport['targets'][number] => ({
  release,
  owner: crc === null ? null : 'vmlinux',
  crc,
  type: 'EXPORT_SYMBOL',
  namespace: null,
  namespaceImported: false,
  status: null,
  file: null,
  row: null,
});

const symbol = (...targets: SymbolReport['targets']): SymbolReport => ({
  name: 'kfree',
  role: 'import',
  crc: '0x00000001',
  targets,
  locations: [],
});

const on = (...releases: string[]): EditorReport =>
  editorReport({ results: releases.map(release => onKernel(release)) });

test('from a kernel the module fits to one it does not', () => {
  const [old, same, next] = [at('6.1', '0x00000001'), at('6.2', '0x00000001'), at('6.12', '0x00000002')];
  assert.deepEqual(changesOf(on('6.1', '6.2', '6.12'), symbol(old, same, next)), [
    { symbol: 'kfree', before: '/kernels/6.1', after: '/kernels/6.12', release: '6.12' },
  ]);
  const text = symbolText(on('6.1', '6.12'), symbol(old, next));
  const [, args = ''] = /\[Why did it change on 6\\?\.12\?\]\(command:insmodLens\.why\?([^)]*)\)/.exec(text) ?? [];
  assert.deepEqual(JSON.parse(decodeURIComponent(args)), [
    { symbol: 'kfree', before: '/kernels/6.1', after: '/kernels/6.12' },
  ]);
});

test('nothing to ask where no kernel has the version that is wanted, or none another', () => {
  assert.deepEqual(changesOf(on('6.12'), symbol(at('6.12', '0x00000002'))), []);
  assert.deepEqual(changesOf(on('6.1', '6.12'), symbol(at('6.1', '0x00000001'), at('6.12', null))), []);
});
