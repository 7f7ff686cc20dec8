// The tools for language models: what they answer, in process and through `insmod-lens mcp`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { TOOLS } from '../../src/host/node/tools/definitions';
import { FindingPages } from '../../src/host/node/tools/pages';
import { runTool } from '../../src/host/node/tools/runTool';
import { LANGUAGE_MODEL_TOOLS } from '../../src/host/editor/ids';
import { allCodes } from '../../src/explain/forms';
import { repositoryRoot } from '../kernel/lib/paths';
import { fixturePath, snapshotOf } from '../support/recorded';

const root = repositoryRoot();
const pages = new FindingPages(path.join(root, 'doc', 'findings'));
const user = fixturePath('6.1', 'user');
const unresolved = fixturePath('6.1', 'unresolved');
const kernels = [snapshotOf('6.1')];

test('what package.json declares is what is defined', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    contributes: { languageModelTools: { name: string; modelDescription: string; inputSchema: object }[] };
  };
  const declared = manifest.contributes.languageModelTools;
  assert.deepEqual(
    declared.map(({ name, modelDescription, inputSchema }) => [name, modelDescription, inputSchema]),
    TOOLS.map(({ name, description, inputSchema }) => [name, description, inputSchema]),
  );
  assert.deepEqual(
    LANGUAGE_MODEL_TOOLS,
    TOOLS.map(({ name }) => name),
  );
});

test('check_module_load', async () => {
  const text = await runTool('check_module_load', { module: unresolved, kernels }, pages);
  assert.match(text, /## On 6\.1\.0-50-amd64: refused, errno 2 \(ENOENT\)/);
  assert.match(text, /unresolved: Unknown symbol suite_missing_one \(err -2\)/);
  assert.match(text, /error `symbol-not-in-target`/);
  const exporter = fixturePath('6.1', 'exporter');
  assert.match(await runTool('check_module_load', { module: user, kernels, loaded: [exporter] }, pages), /: loads\n/);
  assert.match(await runTool('check_module_load', { module: 'absent.ko', kernels }, pages), /cannot be used/);
});

test('explain_module_finding', async () => {
  for (const code of allCodes())
    assert.match(await runTool('explain_module_finding', { code }, pages), /## How to fix it/);
  for (const code of ['no-such-code', '../README', ''])
    await assert.rejects(runTool('explain_module_finding', { code }, pages), /no such finding/);
  await assert.rejects(runTool('explain_module_finding', {}, pages), /code: is missing/);
  await assert.rejects(runTool('rm', {}, pages), /no such tool/);
});

test('explain_kernel_log, with the module and without', async () => {
  const log =
    '[  1.0] unresolved: loading out-of-tree module taints kernel.\n[  1.0] unresolved: Unknown symbol suite_missing_one (err -2)';
  const alone = await runTool('explain_kernel_log', { log }, pages);
  assert.match(
    alone,
    /symbol-not-in-target or symbol-provider-not-loaded or gpl-only \(unresolved, suite_missing_one\)/,
  );
  assert.match(alone, /the line alone does not tell which/);
  const known = await runTool('explain_kernel_log', { log, module: unresolved, kernels }, pages);
  assert.match(known, /error: symbol-not-in-target \(unresolved, suite_missing_one\)/);
  assert.match(known, /Neither this kernel nor any module of it exports suite_missing_one/);
  const tool = await runTool(
    'explain_kernel_log',
    { log: 'insmod: ERROR: could not insert module a.ko: Invalid parameters' },
    pages,
  );
  assert.match(tool, /errno 22 \(EINVAL\)[\s\S]*dmesg \| tail[\s\S]*`symbol-version`/);
  assert.match(
    await runTool('explain_kernel_log', { log: 'hello' }, pages),
    /Lines that Insmod Lens does not know \(1\)/,
  );
});

test('the same over standard input and output', async () => {
  const server = spawn(process.execPath, [path.join(root, 'dist', 'cli.js'), 'mcp'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const send = (message: object): void =>
    void server.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  const ask = async (id: number, method: string, params: object): Promise<Answer> => {
    send({ id, method, params });
    return (JSON.parse((await answers.next()).value as string) as { result: Answer }).result;
  };
  try {
    const clientInfo = { name: 'test', version: '1' };
    await ask(1, 'initialize', { protocolVersion: '2025-03-26', capabilities: {}, clientInfo });
    send({ method: 'notifications/initialized' });
    const { tools } = await ask(2, 'tools/list', {});
    assert.deepEqual(
      tools?.map(({ name }) => name),
      TOOLS.map(({ name }) => name),
    );
    const checked = await ask(3, 'tools/call', {
      name: 'check_module_load',
      arguments: { module: unresolved, kernels },
    });
    assert.match(checked.content?.[0]?.text ?? '', /refused, errno 2/);
    const wrong = await ask(4, 'tools/call', { name: 'explain_module_finding', arguments: { code: 'x' } });
    assert.equal(wrong.isError, true);
    server.stdin.end();
    assert.equal(await new Promise(resolve => server.on('exit', resolve)), 0);
  } finally {
    server.kill();
  }
});

interface Answer {
  readonly tools?: readonly { readonly name: string }[];
  readonly content?: readonly { readonly text: string }[];
  readonly isError?: boolean;
}
