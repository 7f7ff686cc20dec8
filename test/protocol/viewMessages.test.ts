// Messages between the page of a module and the extension: what is understood, and what is not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import * as v from 'valibot';
import { System } from '../../src/index';
import { readSnapshot } from '../../src/host/node/targets';
import { answerSchemas } from '../../src/protocol/viewAnswers';
import { fromViewSchema, paramsSchemas, toViewSchema } from '../../src/protocol/viewMessages';
import { fixturePath, snapshotOf } from '../support/recorded';

const understood = (schema: v.GenericSchema, message: unknown): boolean => v.safeParse(schema, message).success;

test('what a page may say', () => {
  const subject = { kind: 'symbol', name: 'hello_init', section: '.init.text' };
  for (const message of [
    { kind: 'ready' },
    { kind: 'obeyed' },
    { kind: 'request', id: 1, method: 'layout', params: { target: 0 } },
    { kind: 'open-source', subject },
    { kind: 'save', name: 'hello-layout.svg', data: new Uint8Array(4) },
  ])
    assert.ok(understood(fromViewSchema, message), JSON.stringify(message));
  for (const message of [
    null,
    'ready',
    { kind: 'run', command: 'rm' },
    { kind: 'ready', more: 1 },
    { kind: 'request', id: -1, method: 'layout', params: {} },
    { kind: 'request', id: 1, method: 'eval', params: {} },
    { kind: 'open-source', subject: { ...subject, kind: 'file' } },
    { kind: 'save', name: '../hello.svg', data: new Uint8Array(4) },
    { kind: 'save', name: 'hello.sh', data: new Uint8Array(4) },
    { kind: 'save', name: 'hello.svg', data: 'text' },
    { kind: 'copy', text: 1 },
  ])
    assert.ok(!understood(fromViewSchema, message), JSON.stringify(message));
});

test('parameters of requests', () => {
  assert.ok(understood(paramsSchemas.layout, { target: 0 }));
  for (const params of [{}, { target: -1 }, { target: 0.5 }, { target: '0' }, { target: 0, path: '/etc/shadow' }])
    assert.ok(!understood(paramsSchemas.layout, params), JSON.stringify(params));
  assert.ok(!understood(paramsSchemas.graph, { target: 0, depth: 1000, direction: 'both', focus: null }));
});

test('what an extension may say', () => {
  assert.ok(understood(toViewSchema, { kind: 'answer', id: 1, ok: true, value: {} }));
  assert.ok(understood(toViewSchema, { kind: 'answer', id: 1, ok: false, reason: 'no' }));
  assert.ok(!understood(toViewSchema, { kind: 'answer', id: 1, ok: false, value: {} }));
  assert.ok(!understood(toViewSchema, { kind: 'show-tab', tab: 'elsewhere' }));
});

test('models are answers as they are', () => {
  const system = new System(readSnapshot(snapshotOf('6.1')));
  const path = fixturePath('6.1', 'paramkinds');
  const traced = system.trace({ path, bytes: readFileSync(path) });
  // As they arrive: through a copy, and with nothing left out.
  assert.deepEqual(v.parse(answerSchemas.layout, structuredClone(traced.layout())), traced.layout());
  assert.deepEqual(v.parse(answerSchemas.steps, structuredClone(traced.steps())), traced.steps());
  assert.deepEqual(v.parse(answerSchemas.relocation, structuredClone(traced.relocation(0))), traced.relocation(0));
});

test('so are those of loads that are refused, wherever that is', () => {
  const refusals = [
    { kernel: '6.12', cmdline: '', name: 'paramkinds' },
    { kernel: '6.1', cmdline: 'module.sig_enforce=1', name: 'minimal' },
    { kernel: '6.1', cmdline: 'module_blacklist=minimal', name: 'minimal' },
    { kernel: '6.1', cmdline: '', name: 'unresolved' },
  ] as const;
  for (const { kernel, cmdline, name } of refusals) {
    const path = fixturePath('6.1', name);
    const traced = new System(readSnapshot(snapshotOf(kernel)), { cmdline }).trace({ path, bytes: readFileSync(path) });
    assert.equal(traced.result.verdict, 'refused');
    assert.equal(traced.steps().stages.at(-1)?.outcome, 'not-reached');
    assert.deepEqual(v.parse(answerSchemas.steps, structuredClone(traced.steps())), traced.steps());
    assert.deepEqual(v.parse(answerSchemas.layout, structuredClone(traced.layout())), traced.layout());
  }
});
