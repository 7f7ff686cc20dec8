import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { registerCapture } from '../../../src/host/cli/capture';
import { registerModinfo } from '../../../src/host/cli/modinfo';
import { appendSignature, makeIdentity, signCms } from '../../support/cms';
import { makeModule } from '../../support/elf';
import { kmod, KMOD_MISSING } from '../../support/kmod';
import { makeTree, RELEASE } from '../../support/moduleTree';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const good = path.join(directory, 'good-module.ko');
const packed = path.join(directory, 'packed.ko.gz');
const text = path.join(directory, 'some-text.ko');
const module = makeModule({ size: 8 }, ['license=GPL', 'author=A', 'author=B', 'parm=a:b', 'x=\xff']);
writeFileSync(good, module);
writeFileSync(packed, gzipSync(module));
writeFileSync(text, 'some text');

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

/** Starts of ELF files: cut off, and of a class or byte order there is none of. */
const HEADERS = [
  [16, 2, 1],
  [17, 2, 1],
  [64, 2, 1],
  [65, 1, 1],
  [65, 3, 1],
  [65, 2, 3],
].map(([length = 0, ...ident]) =>
  Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, ...ident]), Buffer.alloc(length)], length).toString('latin1'),
);

test(
  'signatures of every kind, and files that are hardly any, as kmod has them',
  { skip: KMOD_MISSING ?? false },
  async () => {
    const [rsa, ec] = [makeIdentity('A signer, of sorts', 'rsa', 0x7abc), makeIdentity('\xe9', 'ec', 0x81)];
    const signatures = {
      sha256: signCms(module, rsa),
      sha512: signCms(module, rsa, { digest: 'sha512', certificates: [rsa.certificate] }),
      sha1: signCms(module, ec, { digest: 'sha1' }),
      keyid: signCms(module, ec, { byKeyIdentifier: true }),
      damaged: signCms(module, rsa).subarray(3),
      empty: Buffer.alloc(0),
    };
    const files = Object.entries(signatures).map(([name, signature]) => {
      const file = path.join(directory, `signed-${name}.ko`);
      writeFileSync(file, appendSignature(module, signature));
      return file;
    });
    for (const [i, bytes] of ['', 'text', 'text1', 'int x;', '\x7fELF', '\x7fELF\x02\x01\x01', ...HEADERS].entries()) {
      const file = path.join(directory, `short-${i}.ko`);
      writeFileSync(file, bytes, 'latin1');
      files.push(file);
    }
    for (const file of files)
      for (const more of [[], ['-0'], ['-F', 'sig_key'], ['-F', 'signer'], ['-p'], ['-n']]) {
        const theirs = await kmod('modinfo', [...more, file]);
        const { out, err, status } = await run('modinfo', ...more, file);
        assert.deepEqual({ status, stdout: out, stderr: err }, theirs, `${more.join(' ')} ${file}`);
      }
  },
);

test('modules by name and alias, and what is built in', { skip: KMOD_MISSING ?? false }, async t => {
  const tree = makeTree(
    { 'kernel/some-one.ko': { modinfo: ['alias=some:*', 'license=GPL', 'parm=a:b', 'parmtype=a:int'] } },
    {
      'modules.order': '',
      'modules.builtin': 'kernel/inside.ko\nkernel/silent.ko\n',
      'modules.builtin.modinfo': 'inside.license=GPL\0inside.parm=x:y\0inside.alias=in:*\0insider.license=none\0',
    },
  );
  t.after(() => tree.remove());
  await kmod('depmod', ['-b', tree.root, RELEASE]);
  for (const name of ['some_one', 'some-one', 'some:x', 'inside', 'insider', 'in:side', 'nothing', 'bad]name'])
    for (const more of [[], ['-0'], ['-F', 'license'], ['-F', 'name'], ['-n'], ['-p']]) {
      const args = ['-b', tree.root, '-k', RELEASE, ...more, name];
      const theirs = await kmod('modinfo', args);
      const { out, err, status } = await run('modinfo', ...args);
      assert.deepEqual({ status, stdout: out, stderr: err }, theirs, args.join(' '));
    }
});
