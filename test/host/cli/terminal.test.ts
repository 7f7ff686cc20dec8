// What must never reach a terminal, and readers that go away.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { text } from '../../kernel/lib/koFile';
import { CLI, environment, insmodLens } from '../../support/command';
import { fixture, fixturePath, moduleFile, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const KERNEL = ['--kernel', snapshotOf('6.12')];
/** Control characters other than the newline, as Unicode has them. */
const CONTROL = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;

/** A module whose every name and text has an escape sequence, a bell or a C1 control in it. */
function hostileModule(): string {
  const ko = fixture('6.12', 'paramkinds');
  const strings = Buffer.from(ko.bytes);
  const patches = [
    ko.setModinfo('name', 'name=\x1b[31mred'),
    text(ko.section('.gnu.linkonce.this_module').sh_offset + 24, '\x1b[2J\x07\x9b1m\0'),
    ko.setModinfo('parm', 'parm=p_int:\x9b1m'),
  ];
  // The name of the parameter itself, in .rodata and friends.
  for (let at = strings.indexOf('p_custom\0'); at >= 0; at = strings.indexOf('p_custom\0', at + 1))
    patches.push(text(at, 'p_\x1b[7m_'));
  const file = path.join(directory, 'hostile.ko');
  writeFileSync(file, moduleFile(ko, patches).bytes);
  return file;
}

test('no control characters from module, arguments or paths', async () => {
  const file = hostileModule();
  const odd = path.join(directory, 'o\x1b[31mdd\ndd.ko');
  writeFileSync(odd, 'no module');
  const runs = await Promise.all([
    insmodLens('insmod', ...KERNEL, file, 'p_\x1b[7m_=good', 'a\x1b[0mb=\x07', 'p_int=\x1bc'),
    insmodLens('insmod', ...KERNEL, '--format', 'json', file),
    insmodLens('insmod', ...KERNEL, odd),
    insmodLens('insmod', ...KERNEL, '--loaded', odd, file),
    insmodLens('insmod', ...KERNEL, `${odd}.none`),
    insmodLens('insmod', ...KERNEL, '--format', '\x1b[31m\nx', file),
    insmodLens('rmmod', ...KERNEL, '\x1b[31mred'),
    insmodLens('rmmod', ...KERNEL, '--loaded', file, '\x1b[31mred'),
  ]);
  for (const [i, { stdout, stderr }] of runs.entries()) {
    assert.doesNotMatch(stdout, CONTROL, `standard output ${i}`);
    assert.doesNotMatch(stderr, CONTROL, `standard error ${i}`);
  }
  assert.match(runs[0]?.stdout ?? '', /\\x1b\[2J\\x07/, 'shown as /dev/kmsg does');
  for (const bad of [3, 4, 5]) {
    assert.equal(runs[bad]?.status, 2);
    assert.equal(runs[bad]?.stderr.split('\n').length, 2, 'still one line');
  }
});

test('a newline in a string of a module begins no line', async () => {
  const ko = fixture('6.12', 'paramkinds');
  const file = path.join(directory, 'newline.ko');
  const name = text(ko.section('.gnu.linkonce.this_module').sh_offset + 24, 'a\n::error::b\n##[c\0');
  writeFileSync(file, moduleFile(ko, [name]).bytes);
  const refused = path.join(directory, 'newlines.ko');
  const missing = fixture('6.12', 'unresolved');
  writeFileSync(
    refused,
    moduleFile(missing, [text(missing.section('.gnu.linkonce.this_module').sh_offset + 24, 'a\n::error::b\0')]).bytes,
  );
  for (const args of [
    ['insmod', ...KERNEL, file, 'x\n::error::y=1'],
    ['insmod', ...KERNEL, '--init-result', '5', file],
    ['insmod', ...KERNEL, refused],
    ['insmod', ...KERNEL, '--with-dependencies', refused],
    ['check', '--no-cache', ...KERNEL, refused],
    ['rmmod', ...KERNEL, '--loaded', file, 'a\n::error::b'],
  ]) {
    const { stdout, stderr } = await insmodLens(...args);
    assert.doesNotMatch(stdout + stderr, /^\s*(?:::|##\[)/m, args.join(' '));
    assert.match(stdout + stderr, /::error::/, 'shown, but not as a line');
  }
});

test('no colours into a pipe', async () => {
  const { stdout, stderr } = await insmodLens('insmod', ...KERNEL, fixturePath('6.12', 'unresolved'));
  assert.ok(stdout.length > 0);
  assert.doesNotMatch(stdout + stderr, CONTROL);
});

test('a reader that goes away is no reason to complain', async () => {
  const kernels = Array.from({ length: 8 }, () => KERNEL).flat();
  const args = ['insmod', ...kernels, '--format', 'json', fixturePath('6.12', 'paramkinds')];
  const whole = await insmodLens(...args);
  assert.ok(whole.stdout.length > 65536, 'more than a pipe holds');
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  child.stdout.destroy();
  const err: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [status, signal] = await new Promise<[number | null, string | null]>(resolve =>
    child.on('close', (code, by) => resolve([code, by])),
  );
  assert.deepEqual([Buffer.concat(err).toString(), signal], ['', null]);
  assert.equal(status, whole.status);
});

test('on a terminal the verdict comes first; piped, the log stands alone', async () => {
  const module = fixturePath('6.12', 'minimal');
  const piped = await insmodLens('insmod', ...KERNEL, module);
  assert.doesNotMatch(piped.stdout, /would load/);
  // script(1) gives the command a terminal.
  const command = [process.execPath, CLI, 'insmod', ...KERNEL, module].map(word => `'${word}'`).join(' ');
  const shown = await run('script', ['--quiet', '--return', '--command', command, '/dev/null']);
  const [first = ''] = shown.split('\n');
  assert.match(first, /✓ minimal would load on 6\.12\.\S+ \(taints OE?\)/);
});

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}
