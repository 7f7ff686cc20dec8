// Requests of language models: every one is answered, and none with an error of the server's own.
import assert from 'node:assert/strict';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { serve } from '../../../src/host/mcp/server';
import { FindingPages } from '../../../src/host/node/tools/pages';
import { runTool } from '../../../src/host/node/tools/runTool';
import { repositoryRoot } from '../../kernel/lib/paths';
import { fixturePath, snapshotOf } from '../../support/recorded';
import type { FuzzTarget, Input } from '../lib/types';

const INTERNAL_ERROR = -32603;
/** Sent after the input; no request of an input has this id. */
const LAST = 'the last request of this input';

interface Answer {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown };
}

const request = (id: number, method: string, params: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

const module = fixturePath('6.1', 'minimal');
const kernels = [snapshotOf('6.1')];
const call = (id: number, name: string, args: unknown): string => request(id, 'tools/call', { name, arguments: args });
const INITIALIZE = request(0, 'initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'fuzz', version: '1' },
});

const bytesOf = (...lines: readonly string[]): Input => new Uint8Array(Buffer.from(lines.join('\n')));

async function run(input: Input): Promise<void> {
  const streams = { input: new PassThrough(), output: new PassThrough() };
  const pages = new FindingPages(path.join(repositoryRoot(), 'doc', 'findings'));
  await serve('1', (name, args) => runTool(name, args, pages), streams);
  streams.input.end(
    Buffer.concat([input, Buffer.from(`\n${JSON.stringify({ jsonrpc: '2.0', id: LAST, method: 'ping' })}\n`)]),
  );
  for await (const line of createInterface(streams.output)) {
    const answer = JSON.parse(line) as Answer;
    assert.equal(answer.jsonrpc, '2.0', line);
    assert.ok('id' in answer && 'result' in answer !== 'error' in answer, line);
    assert.notEqual(answer.error?.code, INTERNAL_ERROR, line);
    if (answer.id === LAST) break;
  }
}

export const mcp: FuzzTarget = {
  name: 'mcp',
  longest: 8 << 10,
  seeds: () => [
    bytesOf(INITIALIZE, request(1, 'tools/list', {}), request(2, 'ping', {})),
    bytesOf(INITIALIZE, call(1, 'check_module_load', { module, kernels, loaded: [module], params: 'a=1' })),
    bytesOf(call(1, 'explain_module_finding', { code: 'vermagic' }), call(2, 'explain_kernel_log', { log: 'a: b' })),
    bytesOf('[{}]', 'null', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}'),
  ],
  words: [
    '"method":"',
    '"params":',
    '"id":',
    'null',
    '[]',
    '{}',
    '1e999',
    '"arguments":',
    'tools/call',
    '\n',
    '\\u0000',
  ],
  run,
};
