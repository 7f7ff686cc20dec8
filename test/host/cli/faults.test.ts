// Ordinary places where things go wrong: full disks, closed streams, users without a home. The exit status says what is
// known, and standard error one line.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { snapshotText } from '../../../src/target/snapshot';
import { leftOut } from '../../support/leftOut';
import { CLI, environment, insmodLens, type Run } from '../../support/command';
import { withoutPlt32 } from '../../support/oldCalls';
import { factsOf, fixturePath, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const at = (name: string): string => path.join(directory, name);
const KERNEL = ['--kernel', snapshotOf('6.1')];
const LOADS = fixturePath('6.1', 'minimal');
const REFUSED = fixturePath('6.1', 'unresolved');
const ABSENT = at('none.ko');

mkdirSync(at('tree'));
copyFileSync(LOADS, at('tree/minimal.ko'));

interface Surroundings {
  readonly stdout?: 'pipe' | 'closed' | number;
  readonly stderr?: 'pipe' | 'closed' | number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
}

function run(args: readonly string[], { stdout = 'pipe', stderr = 'pipe', env, cwd, uid }: Surroundings): Promise<Run> {
  return new Promise((resolve, reject) => {
    const pipe = (given: 'pipe' | 'closed' | number): 'pipe' | number => (given === 'closed' ? 'pipe' : given);
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: ['ignore', pipe(stdout), pipe(stderr)],
      env: env ?? environment(),
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    if (stdout === 'closed') child.stdout?.destroy();
    if (stderr === 'closed') child.stderr?.destroy();
    const parts: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (chunk: Buffer) => parts[0].push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => parts[1].push(chunk));
    child.on('error', reject);
    child.on('close', status => {
      const [out, err] = parts.map(part => Buffer.concat(part).toString());
      resolve({ status, stdout: out ?? '', stderr: err ?? '' });
    });
  });
}

const isOneLine = (text: string): void => assert.match(text, /^insmod-lens: [^\n]+\n$/, 'one line, no stack');

test('the status of a command whose readers have gone away is that of its answer', async () => {
  const cases: readonly (readonly [args: readonly string[], status: number])[] = [
    [['insmod', ...KERNEL, LOADS], 0],
    [['insmod', ...KERNEL, REFUSED], 1],
    [['insmod', ...KERNEL, ABSENT], 2],
    [['modinfo', LOADS], 0],
    [['check', '--no-cache', ...KERNEL, at('tree')], 0],
    [['check', '--no-cache', ...KERNEL, ABSENT], 2],
    [['modprobe', '--bogus'], 2],
  ];
  for (const [args, status] of cases) {
    const name = args.join(' ');
    assert.equal((await run(args, {})).status, status, name);
    assert.equal((await run(args, { stderr: 'closed' })).status, status, `${name} 2>&-`);
    assert.equal((await run(args, { stdout: 'closed', stderr: 'closed' })).status, status, `${name}, both`);
  }
});

test('output that is lost on a full disk is no answer', async t => {
  const full = openFull();
  if (full === null) {
    t.skip(leftOut('output to a full disk', 'it needs /dev/full'));
    return;
  }
  try {
    for (const args of [
      ['insmod', ...KERNEL, LOADS],
      ['insmod', ...KERNEL, REFUSED],
      ['insmod', ...KERNEL, '--format', 'json', LOADS],
      ['check', '--no-cache', ...KERNEL, at('tree')],
      ['modinfo', LOADS],
      ['capture', ...KERNEL],
      ['--help'],
    ]) {
      const { status, stderr } = await run(args, { stdout: full });
      // What a module that loads prints on standard output is nothing.
      const printsNothing = args[0] === 'insmod' && args.length === 4 && args[3] === LOADS;
      if (printsNothing && status === 0) continue;
      assert.equal(status, 2, args.join(' '));
      isOneLine(stderr);
      assert.match(stderr, /standard output: .*ENOSPC/);
    }
    assert.equal((await run(['insmod', ...KERNEL, ABSENT], { stderr: full })).status, 2);
    assert.equal((await run(['check', '--no-cache', ...KERNEL, ABSENT], { stderr: full })).status, 2);
  } finally {
    closeSync(full);
  }
});

function openFull(): number | null {
  try {
    return openSync('/dev/full', 'w');
  } catch {
    return null;
  }
}

test('a kernel before 3.8 is asked by init_module, by one command as by the other', async () => {
  const old = at('old.json');
  writeFileSync(old, snapshotText({ ...factsOf('6.1'), release: '3.2.0-4-amd64' }));
  mkdirSync(at('of-then'));
  writeFileSync(at('of-then/minimal.ko'), withoutPlt32('6.1', 'minimal').bytes);
  const { status, stdout } = await insmodLens('check', '--no-cache', '--kernel', old, at('of-then'));
  const single = await insmodLens('insmod', '--kernel', old, at('of-then/minimal.ko'));
  assert.equal(single.status, 0, single.stderr);
  assert.match(single.stderr, /rules for 3\.2\.0-4-amd64 come from its sources; not verified by a booted kernel/);
  assert.equal(status, 0);
  assert.match(stdout, /1 would load|would load, 0 would be refused/);
});

test('a directory that cannot be listed is said, and no module of it is taken for sound', async () => {
  // Deeper than a path can be: every component by itself is fine.
  const name = 'd'.repeat(200);
  const start = process.cwd();
  mkdirSync(at('deep'));
  process.chdir(at('deep'));
  try {
    for (let depth = 0; depth < 25; depth++) {
      mkdirSync(name);
      process.chdir(name);
    }
  } finally {
    process.chdir(start);
  }
  for (const given of ['deep', '.']) {
    const { status, stderr } = await run(['check', '--no-cache', ...KERNEL, path.join(directory, given)], {});
    assert.equal(status, 2, given);
    isOneLine(stderr);
    assert.match(stderr, /name too long/);
  }
  // Node removes by path, and the path is too long.
  execFileSync('rm', ['-r', at('deep')]);
});

test('a user without a home, or without a place for a cache', async t => {
  const check = ['check', ...KERNEL, at('tree')];
  const plain = await run(['check', '--no-cache', ...KERNEL, at('tree')], {});
  const bare = { PATH: process.env['PATH'] };
  writeFileSync(at('file'), '');
  for (const env of [
    { ...bare, HOME: '' },
    { ...bare, HOME: 'relative' },
    { ...bare, HOME: at('file') },
    { ...bare, HOME: '/proc/self/nowhere' },
    { ...bare, XDG_CACHE_HOME: at('file') },
    { ...bare, XDG_CACHE_HOME: '/dev/full/x' },
  ])
    assert.deepEqual(await run(check, { env, cwd: at('tree') }), plain, JSON.stringify(env));
  assert.deepEqual(readdirSync(at('tree')), ['minimal.ko'], 'nothing is left in what was checked');
  if (process.getuid?.() !== 0) {
    t.skip(leftOut('a user without an entry in passwd', 'it needs root'));
    return;
  }
  // As `docker run -u 54321` has it. Nothing of the repository may be out of reach for it.
  const own = mkdtempSync(path.join(tmpdir(), 'insmod-lens-foreign-'));
  try {
    copyFileSync(LOADS, path.join(own, 'minimal.ko'));
    copyFileSync(snapshotOf('6.1'), path.join(own, 'target.json.br'));
    const foreign = ['check', '--kernel', path.join(own, 'target.json.br'), own];
    chmodSync(own, 0o755);
    const { status, stderr } = await run(foreign, { env: bare, uid: 54321, cwd: '/' });
    assert.deepEqual([status, stderr], [0, '']);
  } finally {
    rmSync(own, { recursive: true });
  }
});

test('a directory and a file that may not be read', async t => {
  if (process.getuid?.() !== 0) return t.skip(leftOut('a user who may not read what is there', 'it needs root'));
  const own = mkdtempSync(path.join(tmpdir(), 'insmod-lens-closed-'));
  try {
    chmodSync(own, 0o755);
    const kernel = path.join(own, 'target.json.br');
    copyFileSync(snapshotOf('6.1'), kernel);
    for (const name of ['open', 'closed', 'file']) {
      mkdirSync(path.join(own, name));
      copyFileSync(LOADS, path.join(own, name, `${name}.ko`));
    }
    chmodSync(path.join(own, 'closed'), 0);
    chmodSync(path.join(own, 'file', 'file.ko'), 0);
    const foreign = { env: { PATH: process.env['PATH'] }, uid: 54321, cwd: '/' };
    for (const given of ['closed', 'file']) {
      const { status, stderr } = await run(['check', '--kernel', kernel, path.join(own, given)], foreign);
      assert.equal(status, 2, given);
      isOneLine(stderr);
      assert.match(stderr, /permission denied/);
    }
    const all = await run(['check', '--kernel', kernel, own], foreign);
    assert.equal(all.status, 2);
    assert.match(all.stdout, /1 module, 1 would load/, 'the rest goes on');
    assert.equal(all.stderr.match(/permission denied/g)?.length, 2);
    const closedKernel = path.join(own, 'closed', 'target.json.br');
    const insmod = await run(['insmod', '--kernel', closedKernel, path.join(own, 'open', 'open.ko')], foreign);
    assert.equal(insmod.status, 2);
    isOneLine(insmod.stderr);
  } finally {
    rmSync(own, { recursive: true });
  }
});

test('a file system that cannot be written', async t => {
  const own = mkdtempSync(path.join(tmpdir(), 'insmod-lens-readonly-'));
  const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;
  try {
    if (!mount('-t', 'tmpfs', 'none', own))
      return t.skip(leftOut('a file system that cannot be written', 'it needs mount(8)'));
    copyFileSync(LOADS, path.join(own, 'minimal.ko'));
    writeFileSync(path.join(own, '.minimal.o.cmd'), 'savedcmd_minimal.o := gcc -c -o minimal.o minimal.c\n');
    assert.ok(mount('-o', 'remount,ro', own));
    const env = { PATH: process.env['PATH'], HOME: own };
    for (const cache of [[], ['--no-cache']])
      assert.equal((await run(['check', ...cache, ...KERNEL, own], { env, cwd: own })).stderr, '', cache.join());
    assert.equal((await run(['check', ...KERNEL, own], { env, cwd: own })).status, 0);
    const written = await run(['compdb', own], { env, cwd: own });
    assert.equal(written.status, 2);
    isOneLine(written.stderr);
    assert.match(written.stderr, /read-only/);
    assert.deepEqual(readdirSync(own).sort(), ['.minimal.o.cmd', 'minimal.ko']);
  } finally {
    spawnSync('umount', [own]);
    rmSync(own, { recursive: true });
  }
});

test('an error of the program itself is one line; --debug shows where', async () => {
  const broken = at('broken.cjs');
  // One that is thrown while a command runs, and one that nobody waits for.
  const failures = [
    "Array.prototype.findLast = () => { throw new TypeError('bro\\u001b[31mken'); };",
    "setTimeout(() => { throw new TypeError('bro\\u001b[31mken'); }, 1); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);",
    "Promise.reject(new TypeError('bro\\u001b[31mken'));",
  ];
  const env = { ...environment(), NODE_OPTIONS: `--require ${broken}` };
  for (const failure of failures) {
    writeFileSync(broken, failure);
    const quiet = await run(['insmod', ...KERNEL, LOADS], { env });
    const check = await run(['check', '--no-cache', ...KERNEL, at('tree')], { env });
    const seen = [quiet, check].filter(({ status }) => status !== 0);
    assert.ok(seen.length > 0, failure);
    for (const { status, stderr } of seen) {
      assert.equal(status, 2, failure);
      isOneLine(stderr);
      assert.match(stderr, /internal error: bro\\x1b\[31mken/);
    }
    const { stderr } = await run(['check', '--debug', '--no-cache', ...KERNEL, at('tree')], { env });
    if (check.status !== 0) assert.match(stderr, /\n +at /, 'a stack');
  }
});

test('a snapshot with a fraction where an integer belongs', async () => {
  const file = at('fraction.json');
  const facts = factsOf('6.1');
  for (const structModule of [
    { ...facts.structModule, init: 0.5 },
    { ...facts.structModule, size: 1e300 },
    { ...facts.structModule, exit: -8 },
  ]) {
    writeFileSync(file, JSON.stringify({ ...JSON.parse(snapshotText(facts)), structModule }));
    const { status, stderr } = await insmodLens('insmod', '--kernel', file, LOADS);
    assert.ok(status === 0 || status === 3, `${status} ${stderr}`);
    assert.doesNotMatch(stderr, /internal error| at .*:\d+/);
  }
});
