// insmod-lens check: trees of modules, what is said of them in each format, and the exit status.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Log } from 'sarif';
import type { CheckReport } from '../../../src/report/check/types';
import { CLI, environment, insmodLens } from '../../support/command';
import { fixture, fixturePath, moduleFile, snapshotOf } from '../../support/recorded';
import { number } from '../../kernel/lib/koFile';

const KERNEL = snapshotOf('6.12');
/** exporter is used by user, gpluser and chain, and chain by chainuser. */
const GOOD = ['minimal', 'exporter', 'user', 'gpluser', 'chain', 'chainuser', 'weakref'];

function tree(t: TestContext, names: readonly string[]): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  t.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(path.join(directory, 'kernel/drivers'), { recursive: true });
  for (const name of names)
    copyFileSync(fixturePath('6.12', name), path.join(directory, 'kernel/drivers', `${name}.ko`));
  return directory;
}

/** The exporter as it would be after a change of its types: every CRC is another. */
function rebuiltExporter(directory: string): void {
  const ko = fixture('6.12', 'exporter');
  const patches = ['__kcrctab', '__kcrctab_gpl'].flatMap(name => {
    const { sh_offset, sh_size } = ko.section(name);
    return Array.from({ length: sh_size / 4 }, (_, i) => number(sh_offset + 4 * i, 4, 0x1234_0000 + i));
  });
  writeFileSync(path.join(directory, 'kernel/drivers/exporter.ko'), moduleFile(ko, patches).bytes);
}

async function json(...args: string[]): Promise<{ status: number | null; report: CheckReport }> {
  const { status, stdout } = await insmodLens('check', '--format', 'json', '--kernel', KERNEL, ...args);
  return { status, report: JSON.parse(stdout) as CheckReport };
}

test('without --kernel: what the modules were built against, unless they are the tree of a kernel', async t => {
  const directory = tree(t, []);
  const build = path.join(directory, 'linux');
  mkdirSync(path.join(build, 'include/generated'), { recursive: true });
  const own = path.join(directory, 'own');
  mkdirSync(own);
  copyFileSync(fixturePath('6.12', 'minimal'), path.join(own, 'minimal.ko'));
  writeFileSync(path.join(own, 'Makefile'), `KDIR ?= ${build}\n`);
  // As kbuild leaves it.
  writeFileSync(path.join(own, 'modules.order'), `${own}/minimal.ko\n`);
  const named = async (): Promise<string> => (await insmodLens('check', own)).stderr.split(': ')[1] ?? '';
  assert.equal(await named(), build);
  mkdirSync(path.join(own, 'kernel'));
  assert.equal(await named(), own);
});

test('a tree in which everything loads: one line, exit 0', async t => {
  const { status, stdout } = await insmodLens('check', '--kernel', KERNEL, tree(t, GOOD));
  assert.deepEqual(
    { status, stdout },
    {
      status: 0,
      stdout: '6.12.107+deb13-amd64: 7 modules, 7 would load, 0 would be refused, 0 findings\n',
    },
  );
});

test('a provider that was rebuilt: every dependant is named, exit 1', async t => {
  const directory = tree(t, GOOD);
  rebuiltExporter(directory);
  const { status, report } = await json(directory);
  assert.equal(status, 1);
  const refused = report.modules.filter(({ verdict }) => verdict === 'refused');
  assert.deepEqual(refused.map(({ name, errnoName }) => `${name} ${errnoName ?? ''}`).sort(), [
    'chain EINVAL',
    'chainuser EINVAL',
    'gpluser EINVAL',
    'user EINVAL',
    'weakref EINVAL',
  ]);
  assert.deepEqual(refused.find(({ name }) => name === 'chainuser')?.refusedDependencies, ['chain']);
  const versions = report.findings.filter(({ code }) => code === 'symbol-version');
  assert.deepEqual([...new Set(versions.map(({ path: file }) => file))].sort(), [
    'kernel/drivers/chain.ko',
    'kernel/drivers/chainuser.ko',
    'kernel/drivers/gpluser.ko',
    'kernel/drivers/user.ko',
    'kernel/drivers/weakref.ko',
  ]);
  const text = await insmodLens('check', '--kernel', KERNEL, directory);
  assert.equal(text.status, 1);
  assert.match(text.stdout, /^kernel\/drivers\/user\.ko: would be refused \(EINVAL\)$/m);
  assert.match(text.stdout, /^ {2}user: disagrees about version of symbol suite_\w+ \[symbol-version\]$/m);
  assert.match(text.stdout, /^ {2}it needs chain, which is refused itself$/m);
  assert.match(text.stdout, /7 modules, 2 would load, 5 would be refused/);
});

test('a missing provider is named by what is missing', async t => {
  const { status, report } = await json(tree(t, ['user', 'minimal']));
  assert.equal(status, 1);
  const missing = report.findings.filter(({ module }) => module === 'user');
  assert.ok(missing.length > 0 && missing.every(({ message }) => message.startsWith('user: Unknown symbol suite_')));
});

test('two kernels: a report for each', async t => {
  const run = await insmodLens(
    'check',
    '--format',
    'json',
    '--kernel',
    KERNEL,
    '--kernel',
    snapshotOf('6.1'),
    tree(t, ['minimal']),
  );
  const reports = JSON.parse(run.stdout) as CheckReport[];
  assert.equal(run.status, 1);
  assert.deepEqual(
    reports.map(({ kernel, modules }) => `${kernel.release} ${modules[0]?.verdict ?? ''}`),
    ['6.12.107+deb13-amd64 loads', '6.1.0-50-amd64 refused'],
  );
});

test('two files of one module: the second is named', async t => {
  const directory = tree(t, ['minimal']);
  mkdirSync(path.join(directory, 'updates'));
  copyFileSync(fixturePath('6.12', 'minimal'), path.join(directory, 'updates/minimal.ko'));
  const { status, report } = await json(directory);
  assert.equal(status, 0);
  assert.deepEqual(
    report.findings.map(({ code, path: file, message }) => [code, file, message]),
    [['duplicate-module', 'kernel/drivers/minimal.ko', 'a module called minimal is also in updates/minimal.ko']],
  );
});

test('SARIF: rules, relative paths and the same fingerprints on another day', async t => {
  const run = async (): Promise<Log> => {
    const directory = tree(t, GOOD);
    rebuiltExporter(directory);
    const { stdout, status } = await insmodLens('check', '--format', 'sarif', '--kernel', KERNEL, directory);
    assert.equal(status, 1);
    return JSON.parse(stdout) as Log;
  };
  const log = await run();
  assert.equal(log.version, '2.1.0');
  const [first] = log.runs;
  const rules = first?.tool.driver.rules ?? [];
  assert.ok(rules.some(({ id }) => id === 'symbol-version'));
  const results = first?.results ?? [];
  assert.ok(results.length > 4);
  for (const result of results) {
    assert.equal(rules[result.ruleIndex ?? -1]?.id, result.ruleId);
    const uri = result.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
    assert.match(uri, /^kernel\/drivers\/\w+\.ko$/);
    assert.match(result.partialFingerprints?.['insmodLens/v1'] ?? '', /^[0-9a-f]{16}$/);
  }
  const prints = (of: Log): unknown[] =>
    (of.runs[0]?.results ?? []).map(({ partialFingerprints }) => partialFingerprints);
  assert.deepEqual(prints(await run()), prints(log));
  assert.equal(new Set(prints(log).map(value => JSON.stringify(value))).size, results.length);
});

test('a baseline: what is in it is known, what is new fails', async t => {
  const directory = tree(t, GOOD);
  rebuiltExporter(directory);
  const baseline = path.join(directory, 'baseline.json');
  const written = await insmodLens('check', '--kernel', KERNEL, '--write-baseline', baseline, directory);
  assert.equal(written.status, 0);
  const again = await json('--baseline', baseline, directory);
  assert.deepEqual([again.status, again.report.findings.length], [0, 0]);
  assert.ok(again.report.known > 4);
  copyFileSync(fixturePath('6.12', 'unresolved'), path.join(directory, 'kernel/drivers/unresolved.ko'));
  const more = await json('--baseline', baseline, directory);
  assert.equal(more.status, 1);
  assert.deepEqual([...new Set(more.report.findings.map(({ module }) => module))], ['unresolved']);
  const absent = await insmodLens(
    'check',
    '--kernel',
    KERNEL,
    '--baseline',
    path.join(directory, 'none.json'),
    directory,
  );
  assert.deepEqual([absent.status, absent.stderr.split('\n').length], [2, 2]);
});

test('shards judge every module once, with the providers of the whole tree', async t => {
  const directory = tree(t, GOOD);
  const parts = await Promise.all(['1/3', '2/3', '3/3'].map(shard => json('--shard', shard, directory)));
  assert.ok(parts.every(({ status, report }) => status === 0 && report.modules.length > 0));
  assert.deepEqual(parts.flatMap(({ report }) => report.modules.map(({ name }) => name)).sort(), [...GOOD].sort());
  assert.equal((await insmodLens('check', '--kernel', KERNEL, '--shard', '4/3', directory)).status, 2);
});

test('what cannot be read is said, and the rest is checked; exit 2', async t => {
  const directory = tree(t, ['minimal']);
  writeFileSync(path.join(directory, 'kernel/drivers/broken.ko.gz'), gzipSync('not whole').subarray(0, 15));
  const { status, stdout, stderr } = await insmodLens('check', '--kernel', KERNEL, directory);
  assert.equal(status, 2);
  assert.match(stdout, /1 module, 1 would load/);
  assert.match(stderr, /^insmod-lens: .*broken\.ko\.gz: corrupted gzip data$/m);
});

test('files that are no modules get the kernel’s answer', async t => {
  const directory = tree(t, ['minimal']);
  writeFileSync(path.join(directory, 'kernel/drivers/empty.ko'), '');
  writeFileSync(path.join(directory, 'kernel/drivers/text.ko'), 'no module at all\n'.repeat(10));
  const { status, report } = await json(directory);
  assert.equal(status, 1);
  assert.deepEqual(report.modules.map(({ name, errnoName }) => `${name} ${errnoName ?? ''}`).sort(), [
    'empty EINVAL',
    'minimal ',
    'text ENOEXEC',
  ]);
});

test('packed modules, with xz(1) and without it, give the same report', async t => {
  const plain = await json(tree(t, GOOD));
  const directory = tree(t, GOOD);
  const files = GOOD.map(name => path.join(directory, 'kernel/drivers', `${name}.ko`));
  if (spawnSync('xz', ['-q', ...files]).status !== 0) {
    t.skip('needs the program xz (Debian package xz-utils)');
    return;
  }
  const verdicts = ({ modules }: CheckReport): string[] =>
    modules.map(({ name, verdict, depends }) => `${name} ${verdict} ${depends.join(',')}`).sort();
  const args = ['check', '--format', 'json', '--kernel', KERNEL, directory];
  const without = spawnSync(process.execPath, [CLI, ...args], {
    env: { ...environment(), PATH: '' },
    encoding: 'utf8',
  });
  for (const output of [(await insmodLens(...args)).stdout, without.stdout])
    assert.deepEqual(verdicts(JSON.parse(output) as CheckReport), verdicts(plain.report));
});

test('a check after a check looks only at what changed, and finds the same', async t => {
  const directory = tree(t, GOOD);
  const cache = path.join(directory, 'cache');
  const check = (...more: string[]): { status: number | null; report: CheckReport } => {
    const args = ['check', '--format', 'json', '--kernel', KERNEL, ...more, path.join(directory, 'kernel')];
    const env = { ...environment(), XDG_CACHE_HOME: cache };
    const { status, stdout } = spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'utf8' });
    return { status, report: JSON.parse(stdout) as CheckReport };
  };
  assert.equal(check('--no-cache').status, 0);
  assert.equal(existsSync(cache), false);
  // What was written a moment ago is never taken as unchanged.
  const longAgo = new Date('2020-01-01');
  for (const name of GOOD) utimesSync(path.join(directory, 'kernel/drivers', `${name}.ko`), longAgo, longAgo);
  const first = check();
  const [kept] = readdirSync(path.join(cache, 'insmod-lens/check'));
  assert.ok(kept);
  const written = (): number => statSync(path.join(cache, 'insmod-lens/check', kept)).mtimeMs;
  const then = written();
  assert.deepEqual(check(), first);
  assert.equal(written(), then, 'nothing was looked at again');
  // A file that is as long as before and says something else.
  rebuiltExporter(directory);
  const rebuilt = check();
  assert.equal(rebuilt.status, 1);
  assert.deepEqual(rebuilt, check('--no-cache'));
  assert.deepEqual(check(), rebuilt);
  copyFileSync(fixturePath('6.12', 'exporter'), path.join(directory, 'kernel/drivers/exporter.ko'));
  rmSync(path.join(directory, 'kernel/drivers/minimal.ko'));
  copyFileSync(fixturePath('6.12', 'unresolved'), path.join(directory, 'kernel/drivers/unresolved.ko'));
  const changed = check();
  assert.deepEqual(changed, check('--no-cache'));
  assert.deepEqual(
    changed.report.modules.filter(({ verdict }) => verdict === 'refused').map(({ name }) => name),
    ['unresolved'],
  );
  // Another kernel, other settings: nothing is taken from what this one left.
  assert.equal(check('--cmdline', 'module_blacklist=user').status, 1);
  for (const file of readdirSync(path.join(cache, 'insmod-lens/check')))
    writeFileSync(path.join(cache, 'insmod-lens/check', file), 'not a cache');
  assert.deepEqual(check(), changed);
});

test('what the command line of the kernel changes is asked of the loader', async t => {
  const { status, report } = await json('--cmdline', 'module_blacklist=user', tree(t, GOOD));
  assert.equal(status, 1);
  assert.deepEqual(
    report.findings.map(({ code, module }) => `${module} ${code}`),
    ['user blacklisted'],
  );
});

test('the format of depmod', async t => {
  const directory = tree(t, GOOD);
  const { status, stdout } = await insmodLens('check', '--format', 'depmod', directory);
  assert.equal(status, 0);
  assert.match(stdout, /^kernel\/drivers\/chainuser\.ko: kernel\/drivers\/chain\.ko kernel\/drivers\/exporter\.ko$/m);
  assert.match(stdout, /^alias symbol:suite_\w+ exporter$/m);
});

test('insmod in SARIF', async () => {
  const file = fixturePath('6.12', 'unresolved');
  const { status, stdout } = await insmodLens('insmod', '--format', 'sarif', '--kernel', KERNEL, file);
  assert.equal(status, 1);
  const log = JSON.parse(stdout) as Log;
  assert.ok(log.runs[0]?.results?.some(({ message }) => message.text?.includes('unresolved: Unknown symbol')));
});

test('a directory without modules, a target that is none: one line, exit 2', async t => {
  const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const args of [
    ['--kernel', KERNEL, directory],
    ['--kernel', directory, fixturePath('6.12', 'minimal')],
  ]) {
    const { status, stdout, stderr } = await insmodLens('check', ...args);
    assert.deepEqual([status, stdout, stderr.trimEnd().split('\n').length], [2, '', 1], stderr);
  }
});

test('every module of the fixtures, by trial and by loader, is judged as insmod judges it', async () => {
  const directory = path.dirname(fixturePath('6.12', 'minimal'));
  const { report } = await json(directory);
  assert.ok(report.modules.length > 30);
  for (const { path: file, depends, errno } of report.modules) {
    if (depends.length > 0) continue;
    const { stdout } = await insmodLens('insmod', '--format', 'json', '--kernel', KERNEL, path.resolve(file));
    const alone = JSON.parse(stdout) as { errno: number };
    assert.equal(alone.errno, errno, file);
  }
});

test('hints are told when they are asked for, in every format, and change no exit status', async t => {
  const directory = tree(t, ['noexit', 'minimal']);
  const quiet = await json(directory);
  assert.deepEqual([quiet.status, quiet.report.findings.length], [0, 0]);
  const { status, report } = await json('--hints', directory);
  assert.equal(status, 0);
  const told = report.findings.map(({ code, severity, module, facts }) => [code, severity, module, facts]);
  assert.deepEqual(told, [['no-exit', 'hint', 'noexit', { module: 'noexit', refused: false }]]);
  const sarif = await insmodLens('check', '--hints', '--format', 'sarif', '--kernel', KERNEL, directory);
  const [result] = (JSON.parse(sarif.stdout) as Log).runs[0]?.results ?? [];
  assert.deepEqual([result?.ruleId, result?.level], ['no-exit', 'note']);
  const text = await insmodLens('check', '--hints', '--kernel', KERNEL, directory);
  assert.match(
    text.stdout,
    /noexit\.ko: would load\n {2}noexit has an init function and no exit function \[no-exit\]\n/,
  );
});
