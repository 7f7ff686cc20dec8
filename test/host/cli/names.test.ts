// Names of every kind: bytes that are no text, control characters, options in disguise, and very long ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { fromOs, toOs } from '../../../src/host/node/osPath';
import { CLI, environment } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { leftOut } from '../../support/leftOut';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const KERNEL = ['--kernel', snapshotOf('6.1')];
const isLinux = process.platform === 'linux';

test('a name that is not UTF-8 comes back as it was; any other stays as it is', () => {
  for (const bytes of [
    [0xff],
    [0x61, 0xc3, 0x2f, 0x62],
    [0xf0, 0x9f, 0x98, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xef, 0xbf, 0xbd, 0xfe],
  ]) {
    const name = fromOs(Uint8Array.from(bytes));
    assert.deepEqual([...Buffer.from(toOs(name))], bytes, bytes.join());
  }
  for (const name of ['', 'a.ko', 'ä/😀.ko', '\ufffd']) {
    assert.equal(fromOs(Buffer.from(name)), name);
    assert.equal(toOs(name), name);
  }
});

/** Runs a shell line, in which names can be bytes. */
function shell(line: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const quoted = [process.execPath, CLI].map(word => `'${word}'`).join(' ');
  const script = path.join(directory, 'line.sh');
  writeFileSync(script, `lens() { ${quoted} "$@"; }\n${line}\n`, 'latin1');
  const { status, stdout, stderr } = spawnSync('bash', [script], {
    cwd: directory,
    encoding: 'utf8',
    env: environment(),
  });
  return { status, stdout, stderr };
}

test(
  'insmod and check read files whose names are not UTF-8, and print them escaped',
  { skip: !isLinux && leftOut('names that are not UTF-8', 'run on Linux') },
  () => {
    const tree = Buffer.from(`${directory}/tr\xffee`, 'latin1');
    mkdirSync(tree);
    const at = (name: string): Buffer => Buffer.concat([tree, Buffer.from(`/${name}`, 'latin1')]);
    copyFileSync(fixturePath('6.1', 'minimal'), at('so\xe4und.ko'));
    copyFileSync(fixturePath('6.1', 'unresolved'), at('b\xc3.ko'));
    const kernel = KERNEL.join(' ');
    const sound = shell(`lens insmod ${kernel} tr\xffee/so\xe4und.ko`);
    assert.deepEqual([sound.status, sound.stderr], [0, '']);
    const refused = shell(`lens insmod ${kernel} tr\xffee/b\xc3.ko`);
    assert.equal(refused.status, 1);
    assert.match(refused.stdout, /insmod: ERROR: could not insert module tr\\xffee\/b\\xc3\.ko/);
    for (const cache of ['--no-cache', '', '']) {
      const check = shell(`lens check ${cache} ${kernel} tr\xffee`);
      assert.equal(check.status, 1);
      assert.match(check.stdout, /^tr\\xffee\/b\\xc3\.ko: would be refused/m);
      assert.match(check.stdout, /2 modules, 1 would load/);
    }
    const sarif = shell(`lens check --no-cache --format sarif ${kernel} tr\xffee`);
    assert.match(sarif.stdout, /"uri": "tr%FFee\/b%C3\.ko"/);
    const json = shell(`lens check --no-cache --format json ${kernel} tr\xffee`);
    assert.match(json.stdout, /b\\udcc3\.ko/);
    assert.doesNotThrow(() => JSON.parse(json.stdout) as unknown);
    const absent = shell(`lens insmod ${kernel} n\xffne.ko`);
    assert.equal(absent.status, 2);
    assert.equal(absent.stderr, 'insmod-lens: n\\xffne.ko: no such file or directory\n');
  },
);

test(
  'names with control characters, or that look like options',
  { skip: !isLinux && leftOut('odd names', 'run on Linux') },
  () => {
    const tree = path.join(directory, 'odd');
    mkdirSync(tree);
    const names = [
      '--help.ko',
      '-n.ko',
      'a\n::error::b.ko',
      'a\x1b[31m.ko',
      'a b.ko',
      '$(touch x).ko',
      `${'l'.repeat(250)}.ko`,
    ];
    for (const name of names) copyFileSync(fixturePath('6.1', 'unresolved'), path.join(tree, name));
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'check', '--no-cache', ...KERNEL, tree], {
      encoding: 'utf8',
      env: environment(),
    });
    assert.equal(status, 1);
    assert.equal(stdout.match(/would be refused \(/g)?.length, names.length);
    assert.doesNotMatch(stdout, /\x1b|^::/m);
    for (const name of names.slice(0, 5)) {
      const run = spawnSync(process.execPath, [CLI, 'insmod', ...KERNEL, '--', name], { cwd: tree, encoding: 'utf8' });
      assert.equal(run.status, 1, name);
      assert.doesNotMatch(run.stdout + run.stderr, /\x1b|^::/m);
    }
  },
);
