// insmod-lens modprobe against kmod's own, with the same arguments on the same made-up tree and configuration.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { insmodLens, type Run } from '../../support/command';
import { kmod, KMOD_MISSING } from '../../support/kmod';
import { makeTree, RELEASE, type MadeTree } from '../../support/moduleTree';
import { fixturePath, snapshotOf } from '../../support/recorded';

const skip = KMOD_MISSING ?? false;
let tree: MadeTree;

before(async () => {
  tree = makeTree(
    {
      'kernel/base.ko': { exports: { base: 1 }, modinfo: ['alias=base-alias'] },
      'kernel/mid-dle.ko': { exports: { mid: 1 }, imports: { base: 1 } },
      'kernel/top.ko': { imports: { mid: 1, base: 1 }, modinfo: ['alias=pci:v*d0000[1-3]*', 'alias=top-alias'] },
      'kernel/other.ko': { modinfo: ['alias=pci:v*d00002*', 'alias=usb:v?p*'] },
      'kernel/soft.ko': { modinfo: ['softdep=pre: other post: top'] },
      'kernel/alone.ko': { exports: { sym: 1 } },
    },
    {
      'modules.order': '',
      'modules.builtin': 'kernel/built-in.ko\n',
      'modules.builtin.modinfo':
        'built_in.alias=bus:*\0built_in.license=GPL\0second.alias=bus:x*\0second.alias=bus:xy\0',
    },
  );
  if (KMOD_MISSING === null) await kmod('depmod', ['-b', tree.root, RELEASE]);
});
after(() => tree.remove());

/** Configuration as files below a new directory; their paths. */
function configuration(files: Readonly<Record<string, string>>): string {
  const directory = path.join(tree.root, `config-${count++}`);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}
let count = 0;

/** What both print; complaints of kmod's library differ with how it was built, so that its tools' lines are compared. */
function shown({ status, stdout, stderr }: Run): Run {
  const lines = stderr.split('\n').filter(line => /^modprobe: (?:FATAL|WARNING)/.test(line));
  return { status, stdout, stderr: lines.join('\n') };
}

/** The machine's command line, which kmod reads and ours is given. */
const CMDLINE = readFileSync('/proc/cmdline', 'utf8');

async function same(...args: readonly string[]): Promise<Run> {
  const where = ['-d', tree.root, '-S', RELEASE];
  const [ours, theirs] = await Promise.all([
    insmodLens('modprobe', '--cmdline', CMDLINE, ...where, ...args),
    kmod('modprobe', [...where, ...args]),
  ]);
  assert.deepEqual(shown(ours), shown(theirs), args.join(' '));
  return ours;
}

test('dependencies, aliases, symbols, built-ins, parameters', { skip }, async () => {
  const none = configuration({ 'none.conf': '' });
  const names = [
    'top',
    'mid_dle',
    'mid-dle',
    'top-alias',
    'pci:v7d00002x',
    'usb:v1p2',
    'symbol:sym',
    'soft',
    'base_alias',
  ];
  for (const name of [...names, 'built-in', 'bus:xy', 'bus:z']) await same('-C', none, '-D', name);
  const run = await same('-C', none, '-D', 'top', 'a=1', 'b=two words', 'c="quoted already"', 'flag');
  assert.match(run.stdout, /top\.ko a=1 b="two words" c="quoted already" flag\n$/);
  await same('-C', none, '-R', 'pci:v7d00002x');
  await same('-C', none, '-a', '-D', 'top', 'alone', 'soft');
});

test('what is not found', { skip }, async () => {
  const none = configuration({ 'none.conf': '' });
  const run = await same('-C', none, '-D', 'nothing');
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^modprobe: FATAL: Module nothing not found in directory /);
  await same('-C', none, '-q', '-D', 'nothing');
  await same('-C', none, '-D', 'bad]name');
  await same('-C', none, '-a', '-D', 'nothing', 'alone', 'nor-this');
});

test('options, aliases and blacklists', { skip }, async () => {
  const at = configuration({
    'a.conf': [
      '# a comment',
      'options top x=1 \\',
      '  y=2\tz="3 4"',
      'options  mid-dle   spaced=1 ',
      'options my-name of=alias',
      'options empty ',
      'alias my-name top',
      'alias many* base',
      'alias many-[a-c]? alone',
      'alias nowhere does-not-exist',
      'alias unmatched[ top',
      'alias lonely',
      'blacklist top',
      'blacklist alone and-more',
      ' # no comment, since it does not begin the line',
      'unknown words',
      'escaped\\ line',
    ].join('\n'),
  });
  for (const name of ['top', 'my-name', 'my_name', 'many-b1', 'many-d1', 'alone', 'top-alias', 'nowhere', 'usb:v1p2'])
    for (const more of [[], ['-b'], ['-i'], ['-R']]) await same('-C', at, '-D', ...more, name);
  await same('-C', at, '-D', 'my-name', 'given=1');
});

test('install, remove and soft dependencies', { skip }, async () => {
  const at = configuration({
    'a.conf': [
      'install base /bin/true $CMDLINE_OPTS',
      'install mid* first-of-patterns',
      'install mid_dle second',
      'install only-command echo only',
      'remove only-removed echo removed',
      'options base base_option=1',
      'softdep other pre: alone post: base',
      'softdep oth* pre: top',
      'softdep top  pre: lost-by-two-blanks',
      'softdep alone   pre: other post: nothing base',
      'softdep built-in pre: alone',
    ].join('\n'),
  });
  for (const name of ['base', 'mid-dle', 'top', 'other', 'alone', 'soft', 'only-command', 'only-removed', 'built-in'])
    for (const more of [[], ['-i'], ['--ignore-remove']]) await same('-C', at, '-D', ...more, name);
});

test('a cycle of soft dependencies, and one of a dependency', { skip }, async () => {
  const at = configuration({
    'a.conf':
      'softdep alone pre: other\nsoftdep other pre: alone\nsoftdep base pre: top post: soft\nsoftdep mid_dle pre: base\n',
  });
  for (const name of ['alone', 'other', 'base', 'mid_dle', 'top', 'soft']) await same('-C', at, '-D', name);
});

test('order of files, and shadowing between directories', { skip }, async () => {
  const first = configuration({ 'b.conf': 'options top from=first-b\n', 'z.conf': 'options top from=first-z\n' });
  const second = configuration({
    'a.conf': 'options top from=second-a\n',
    'b.conf': 'options top from=shadowed\n',
    'modules.softdep': 'not read',
    'note.txt': 'options top from=text\n',
    '.hidden.conf': 'options top from=hidden\n',
    'sub.conf/c.conf': 'options top from=below\n',
  });
  const file = path.join(configuration({ 'plain-name': 'options top from=file\n' }), 'plain-name');
  const both = await same('-C', first, '-C', second, '-C', file, '-D', 'top');
  assert.match(both.stdout, /from=second-a from=first-b from=file from=first-z \n$/);
  await same('-C', second, '-C', first, '-D', 'top');
  await same('-C', path.join(first, 'missing'), '-D', 'top');
  await same('-D', 'top');
});

test('the configuration itself', { skip }, async () => {
  const at = configuration({
    'a.conf':
      'softdep top pre: a b post: c\nsoftdep base post: d\nblacklist x\ninstall y z\nremove y z\nalias q r\noptions s t\n',
  });
  const { stdout } = await same('-C', at, '-c');
  assert.match(stdout, /^softdep top pre: a bpost: c$/m);
});

/** Whether another command line can be put in the place of this machine's, for one program. */
const canMount =
  spawnSync('unshare', ['-m', 'sh', '-c', 'mount --bind /dev/null /proc/cmdline']).status === 0
    ? false
    : 'needs unshare(1) and the right to mount';

test('the kernel command line', { skip: skip || canMount }, async () => {
  const none = configuration({ 'none.conf': '' });
  const lines = [
    'quiet top.a=1 mid-dle.b=2 top.flag modprobe.blacklist=alone,base root=/dev/sda1',
    '"top.dyndbg=file x y +p" top.spaced="a b" top.half="open',
    'top.a.b=1 top=1 .x=1 top.=5 a"top.q=1" "top.r" top.tab=1\ttop.after=2',
    'modprobe.blacklist=top modprobe.blacklist modprobe.other=1 bad]name.x=1 "modprobe.blacklist=alone"',
  ];
  for (const [i, line] of lines.entries()) {
    const file = path.join(tree.root, `cmdline-${i}`);
    writeFileSync(file, `${line}\n`);
    for (const name of ['top', 'alone', 'mid-dle', 'top-alias']) {
      const args = ['-d', tree.root, '-S', RELEASE, '-C', none, '-D', '-b', name];
      const script = 'mount --bind "$1" /proc/cmdline && shift && exec modprobe "$@"';
      const theirs = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', file, ...args], { encoding: 'latin1' });
      const ours = await insmodLens('modprobe', '--cmdline', line, ...args);
      assert.deepEqual(shown(ours), shown(theirs), line);
    }
  }
});

const KERNEL = [
  '--kernel',
  snapshotOf('6.1'),
  '--modules',
  path.dirname(fixturePath('6.1', 'minimal')),
  '-C',
  '/dev/null',
];
const modprobe = (...args: string[]) => insmodLens('modprobe', ...KERNEL, ...args);

test('simulated: what is needed first, on one machine', async () => {
  const { status, stdout } = await modprobe('-v', 'chainuser');
  assert.equal(status, 0);
  const order = [...stdout.matchAll(/^insmod \S*\/(\w+)\.ko/gm)].map(match => match[1]);
  assert.deepEqual(order, ['exporter', 'chain', 'chainuser']);
});

test('simulated: the kernel refuses, and modprobe says so', async () => {
  const { status, stdout } = await modprobe('unresolved');
  assert.equal(status, 1);
  assert.match(stdout, /^unresolved: Unknown symbol \w+ \(err -2\)$/m);
  assert.match(
    stdout,
    /^modprobe: ERROR: could not insert 'unresolved': Unknown symbol in module, or unknown parameter \(see dmesg\)$/m,
  );
});

test('simulated: loaded already, removal, and commands that are not run', async () => {
  const loaded = ['--loaded', fixturePath('6.1', 'exporter'), '--loaded', fixturePath('6.1', 'user')];
  assert.equal((await modprobe(...loaded, 'user')).status, 0);
  const twice = await modprobe(...loaded, '--first-time', 'user');
  assert.deepEqual(
    [twice.status, twice.stdout],
    [1, "modprobe: ERROR: could not insert 'user': Module already in kernel\n"],
  );
  const busy = await modprobe(...loaded, '-r', 'exporter');
  assert.deepEqual([busy.status, busy.stderr], [1, 'modprobe: FATAL: Module exporter is in use.\n']);
  const gone = await modprobe(...loaded, '-r', '-v', 'user');
  assert.deepEqual([gone.status, gone.stdout.match(/^rmmod \w+$/gm)], [0, ['rmmod user', 'rmmod exporter']]);
  const at = configuration({ 'a.conf': 'install minimal touch /never $CMDLINE_OPTS\n' });
  const command = await modprobe('-C', at, 'minimal', 'a=1');
  assert.deepEqual([command.status, command.stderr], [0, 'insmod-lens: not run: install minimal: touch /never a=1\n']);
});

test('simulated: JSON, and what cannot be run', async () => {
  const report = JSON.parse((await modprobe('--format', 'json', 'user')).stdout) as {
    steps: { module: string; action: string; errno: number; result: { verdict: string } }[];
    errno: number;
  };
  assert.deepEqual(
    report.steps.map(({ module, action, result }) => [action, module, result.verdict]),
    [
      ['insmod', 'exporter', 'loads'],
      ['insmod', 'user', 'loads'],
    ],
  );
  assert.equal(report.errno, 0);
  assert.equal((await insmodLens('modprobe')).status, 2);
  assert.equal((await insmodLens('modprobe', '--kernel', path.join(tree.root, 'none'), 'x')).status, 2);
  const missing = await modprobe('not-there');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^modprobe: FATAL: Module not-there not found in directory /);
});
