// insmod-lens capture --script: what a machine without Node.js can give, taken as a target.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readTarget } from '../../../src/host/node/targets';
import { ensureKernel } from '../../kernel/lib/ensureKernel';
import { labKernel } from '../../kernel/lib/kernels';
import { repositoryRoot } from '../../kernel/lib/paths';
import { hasProgram } from '../../kernel/lib/shell';
import { headersOf } from '../../support/debianPackage';
import { insmodLens } from '../../support/command';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));
process.env['XDG_CACHE_HOME'] = path.join(scratch, 'cache');

const RELEASE = '6.6.6-odd';
const SYMVERS = '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n';

/** A machine with headers only. */
function machine(): string {
  const root = mkdtempSync(path.join(scratch, 'root-'));
  for (const [place, text] of Object.entries(headersOf(RELEASE, SYMVERS))) {
    mkdirSync(path.dirname(path.join(root, place)), { recursive: true });
    writeFileSync(path.join(root, place), text);
  }
  mkdirSync(path.join(root, 'lib/modules', RELEASE), { recursive: true });
  return root;
}

interface Captured {
  readonly file: string;
  readonly status: number | null;
  readonly stderr: string;
}

let captures = 0;
async function capture(
  root: string,
  release: string,
  shell: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Captured> {
  const { stdout: script } = await insmodLens('capture', '--script');
  const [program = '', ...args] = shell;
  const { stdout, stderr, status } = spawnSync(program, args, {
    input: script,
    maxBuffer: 2 ** 28,
    encoding: 'latin1',
    env: { PATH: process.env['PATH'], INSMOD_LENS_ROOT: root, INSMOD_LENS_RELEASE: release, ...env },
  });
  const file = path.join(scratch, `board${captures++}.json`);
  writeFileSync(file, stdout, 'latin1');
  return { file, status, stderr };
}

test('any shell does, with base64 or without', async t => {
  const root = machine();
  // A PATH with the few programs that BusyBox has everywhere.
  const few = path.join(scratch, 'few');
  mkdirSync(few);
  for (const name of ['cat', 'od', 'tr', 'uname']) {
    const place = ['/bin', '/usr/bin'].map(bin => path.join(bin, name)).find(existsSync);
    symlinkSync(place ?? '', path.join(few, name));
  }
  const shells: [readonly string[], NodeJS.ProcessEnv][] = [
    [['sh'], {}],
    [['/bin/sh'], { PATH: few }],
  ];
  if (hasProgram('busybox')) shells.push([['busybox', 'sh'], {}]);
  else t.diagnostic('not run with BusyBox, which is not there');
  for (const [shell, env] of shells) {
    const { file, status, stderr } = await capture(root, RELEASE, shell, env);
    assert.deepEqual([status, stderr], [0, ''], shell.join(' '));
    const facts = await readTarget(file);
    assert.equal(facts.release, RELEASE);
    assert.equal(facts.exports.crc(facts.exports.findName('printk')), 0x12345678);
  }
});

test('a machine that has nothing says so, and a damaged capture is refused in one line', async () => {
  const root = path.join(scratch, 'nothing');
  mkdirSync(root);
  const nothing = await capture(root, RELEASE, ['sh']);
  assert.equal(nothing.status, 1);
  assert.match(
    nothing.stderr,
    /^insmod-lens: neither an image of this kernel nor its Module.symvers was found[^\n]*\n$/,
  );
  const odd = await capture(root, '6.6"},', ['sh']);
  assert.deepEqual([odd.status, readFileSync(odd.file, 'latin1')], [2, '']);
  const whole = await capture(machine(), RELEASE, ['sh']);
  const text = readFileSync(whole.file, 'latin1');
  const cases = [
    text.slice(0, 300),
    text.replace('"encoding":"base64"', '"encoding":"odd"'),
    text.replace('"files":{', '"other":{'),
    readFileSync(nothing.file, 'latin1'),
  ];
  for (const damaged of cases) {
    writeFileSync(whole.file, damaged);
    const { status, stdout, stderr } = await insmodLens('target', whole.file);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^insmod-lens: [^\n]*board\d+\.json: [^\n]+\n$/);
  }
});

test('with the image all is known that the image tells, and a packed configuration is read', async t => {
  const missing = ensureKernel('6.1');
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel('6.1');
  const root = mkdtempSync(path.join(scratch, 'board-'));
  mkdirSync(path.join(root, 'boot'));
  mkdirSync(path.join(root, 'proc'));
  symlinkSync(kernel.vmlinuz, path.join(root, 'boot/Image'));
  const config = readFileSync(path.join(kernel.dir, 'boot', `config-${kernel.release}`));
  writeFileSync(path.join(root, 'proc/config.gz'), gzipSync(config));
  const { file, status } = await capture(root, kernel.release, ['sh']);
  assert.equal(status, 0);
  const [facts, image] = [await readTarget(file), await readTarget(kernel.vmlinuz)];
  for (const fact of ['release', 'arch', 'vermagic'] as const) assert.equal(facts[fact], image[fact]);
  assert.equal(facts.config['MODVERSIONS'], 'y');
  assert.equal(facts.exports.vmlinuxDigest(), image.exports.vmlinuxDigest());
  assert.equal(facts.trustedKeys?.certificates.length, 1);
  assert.equal(facts.structModule?.size, image.structModule?.size);
});

test('the script is plain enough for a POSIX shell', () => {
  const script = path.join(repositoryRoot(), 'src/host/cli/captureFiles.sh');
  assert.equal(spawnSync('sh', ['-n', script]).status, 0);
  assert.doesNotMatch(readFileSync(script, 'utf8'), /\[\[|\bfunction\b|<<<|\blocal\b|\bdeclare\b/);
});
