import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { registerCapture } from '../../src/cli/capture';
import { registerModinfo } from '../../src/cli/modinfo';
import { makeModule } from '../support/elf';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const good = path.join(directory, 'good-module.ko');
const packed = path.join(directory, 'packed.ko.gz');
const text = path.join(directory, 'some-text.ko');
const module = makeModule({ size: 8 }, ['license=GPL', 'author=A', 'author=B', 'parm=a:b', 'x=\xff']);
writeFileSync(good, module);
writeFileSync(packed, gzipSync(module));
writeFileSync(text, 'text');

/** Runs the command in this process; what it writes, byte for byte, and the exit status it asks for. */
async function run(...args: string[]): Promise<{ out: string; err: string; status: number }> {
  const program = new Command();
  registerModinfo(program);
  registerCapture(program);
  const written = { out: '', err: '' };
  const { stdout, stderr } = process;
  const [outWrite, errWrite] = [stdout.write, stderr.write];
  const record = (to: 'out' | 'err') => (chunk: unknown) => {
    written[to] += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('latin1');
    return true;
  };
  stdout.write = record('out');
  stderr.write = record('err');
  try {
    await program.parseAsync(args, { from: 'user' });
    return { ...written, status: Number(process.exitCode ?? 0) };
  } finally {
    stdout.write = outWrite;
    stderr.write = errWrite;
    process.exitCode = 0;
  }
}

test('modinfo of files, compressed or not, with bytes that are no text', async () => {
  const fields =
    'license:        GPL\nauthor:         A\nauthor:         B\nx:              \xff\nparm:           a:b\n';
  const { out, err, status } = await run('modinfo', good, packed);
  assert.equal(out, `filename:       ${good}\n${fields}filename:       ${packed}\n${fields}`);
  assert.deepEqual([err, status], ['', 0]);
});

test('fields: the last option wins', async () => {
  assert.equal((await run('modinfo', '-F', 'license', good)).out, 'GPL\n');
  assert.equal((await run('modinfo', '-l', '-a', good)).out, 'A\nB\n');
  assert.equal((await run('modinfo', '-a', '--field', 'parm', '-0', good)).out, 'a:b\0');
  assert.equal((await run('modinfo', '-n', good)).out, good + '\n');
});

test('a relative path is made absolute, not tidied up', async () => {
  const relative = './' + path.relative(process.cwd(), good);
  assert.equal((await run('modinfo', '-n', relative)).out, `${process.cwd()}/${relative}\n`);
});

test('files that are no modules or not there; the others are still printed', async () => {
  const missing = path.join(directory, 'missing.ko');
  const { out, err, status } = await run('modinfo', text, missing, good);
  assert.equal(status, 2);
  assert.equal(
    err,
    `modinfo: ERROR: could not get modinfo from 'some_text': Exec format error\ninsmod-lens: ${missing}: no such file or directory\n`,
  );
  assert.ok(out.endsWith('parm:           a:b\n'));
  assert.equal((await run('modinfo', text)).status, 1);
});

test('capture names what is missing', async () => {
  await assert.rejects(run('capture', '--kernel', path.join(directory, 'none')), { name: 'InputError' });
});
