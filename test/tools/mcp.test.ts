// The server by the letter of the Model Context Protocol: driven by the protocol's own client, and by whoever gets it wrong.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { LONGEST_MESSAGE } from '../../src/host/mcp/lines';
import { TOOLS } from '../../src/host/node/tools/definitions';
import { CLI, environment } from '../support/command';
import { fixturePath, snapshotOf } from '../support/recorded';

const user = fixturePath('6.1', 'user');
const unresolved = fixturePath('6.1', 'unresolved');
const exporter = fixturePath('6.1', 'exporter');
const kernels = [snapshotOf('6.1')];

async function withClient(use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ name: 'suite', version: '1' });
  const env = Object.fromEntries(Object.entries(environment()).filter(([, value]) => value !== undefined));
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp'], env: env as Record<string, string> }),
  );
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

const textOf = (result: unknown): string =>
  CallToolResultSchema.parse(result)
    .content.map(part => (part.type === 'text' ? part.text : ''))
    .join('');

test("the protocol's own client lists tools, calls them, and pings", async () => {
  await withClient(async client => {
    assert.equal(client.getServerVersion()?.name, 'insmod-lens');
    assert.deepEqual(client.getServerCapabilities(), { tools: {} });
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      TOOLS.map(({ name }) => name),
    );
    for (const { inputSchema, annotations } of tools) {
      assert.equal(inputSchema.type, 'object');
      assert.equal(annotations?.readOnlyHint, true);
    }
    await client.ping();
    const refused = await client.callTool({ name: 'check_module_load', arguments: { module: unresolved, kernels } });
    assert.match(textOf(refused), /refused, errno 2 \(ENOENT\)/);
    const loads = await client.callTool({
      name: 'check_module_load',
      arguments: { module: user, kernels, loaded: [exporter] },
    });
    assert.match(textOf(loads), /: loads\n/);
  });
});

test('arguments of another kind are an error of the call, and never passed over', async () => {
  await withClient(async client => {
    const wrong: readonly (readonly [name: string, args: Record<string, unknown>, reason: RegExp])[] = [
      ['check_module_load', {}, /^module: is missing/],
      ['check_module_load', { module: 7 }, /^module: has to be a string/],
      ['check_module_load', { module: user, kernels: kernels[0] }, /^kernels: has to be a list of strings/],
      ['check_module_load', { module: user, kernels: [1] }, /^kernels: has to be a list/],
      ['check_module_load', { module: user, kernels, params: 5 }, /^params: has to be a string/],
      ['check_module_load', { module: user, kernels, cmdline: null }, /^cmdline: has to be a string/],
      ['check_module_load', { module: user, kernels, kernel: 'x' }, /^kernel: is no argument/],
      [
        'check_module_load',
        { module: user, kernels, loaded: [path.join(path.dirname(user), 'none.ko')] },
        /no such file/,
      ],
      ['explain_kernel_log', { log: ['x'] }, /^log: has to be a string/],
      ['explain_module_finding', { code: '__proto__' }, /no such finding/],
      ['explain_module_finding', { code: 'vermagic', constructor: 'x' }, /^constructor: is no argument/],
    ];
    for (const [name, args, reason] of wrong) {
      const result = await client.callTool({ name, arguments: args });
      assert.equal(result.isError, true, JSON.stringify(args));
      assert.match(textOf(result), reason);
    }
    await assert.rejects(
      client.callTool({ name: 'rm', arguments: {} }),
      (error: unknown) => error instanceof McpError && (error.code as ErrorCode) === ErrorCode.InvalidParams,
    );
  });
});

interface Answer {
  readonly jsonrpc: '2.0';
  readonly id: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly result?: unknown;
}

test('every wrong message is answered with the code that JSON-RPC has for it, and the server goes on', async () => {
  const server = spawn(process.execPath, [CLI, 'mcp'], { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
  const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const raw = async (line: string): Promise<Answer> => {
    server.stdin.write(line + '\n');
    return JSON.parse((await answers.next()).value as string) as Answer;
  };
  const errors: Buffer[] = [];
  server.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  try {
    const clientInfo = { name: 'suite', version: '1' };
    const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
    const request = (id: unknown, method: string, params?: unknown): string =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const wrongStart = await raw(request(0, 'initialize', {}));
    assert.deepEqual([wrongStart.id, wrongStart.error?.code], [0, -32602]);
    assert.ok((await raw(request(1, 'initialize', initialize))).result);
    server.stdin.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) + '\n\n');
    const cases: readonly (readonly [line: string, id: unknown, code: number])[] = [
      ['{', null, -32700],
      ['no json', null, -32700],
      ['\0\x01\xff', null, -32700],
      ['{"jsonrpc":"1.0","id":5,"method":"ping"}', 5, -32600],
      ['{"id":"six"}', 'six', -32600],
      ['[]', null, -32600],
      ['7', null, -32600],
      [request(8, 'no/such/method'), 8, -32601],
      [request(9, 'tools/call', {}), 9, -32602],
      [request(10, 'tools/call', { name: 7 }), 10, -32602],
      [request(11, 'tools/call', { name: 'check_module_load', arguments: 'x' }), 11, -32602],
      [request(12, 'tools/call', { name: 'rm' }), 12, -32602],
      [`"${'x'.repeat(LONGEST_MESSAGE)}"`, null, -32600],
    ];
    for (const [line, id, code] of cases) {
      const answer = await raw(line);
      assert.deepEqual([answer.jsonrpc, answer.id, answer.error?.code], ['2.0', id, code], line.slice(0, 80));
    }
    const long = await raw(
      request(20, 'tools/call', { name: 'explain_kernel_log', arguments: { log: 'x'.repeat(12 << 20) } }),
    );
    assert.ok(long.result, 'twelve megabytes of a log are a request like any other');
    assert.ok((await raw(request(21, 'ping'))).result);
    server.stdin.end();
    assert.equal(await new Promise(resolve => server.on('exit', resolve)), 0);
    assert.equal(Buffer.concat(errors).toString(), '');
  } finally {
    server.kill();
  }
});
