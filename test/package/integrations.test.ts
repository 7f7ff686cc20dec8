// The GitHub action and the hooks of pre-commit, run as their hosts run them, with the package that `npm pack` makes.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { repositoryRoot } from '../kernel/lib/paths';
import { environment } from '../support/command';
import { leftOut } from '../support/leftOut';
import { NPM, OFFLINE, pack, run } from '../support/npm';
import { fixturePath, snapshotOf } from '../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const tarball = path.join(directory, pack(directory).filename);
const project = path.join(directory, 'project');
mkdirSync(path.join(project, 'sound'), { recursive: true });
mkdirSync(path.join(project, 'bad'));
copyFileSync(fixturePath('6.1', 'minimal'), path.join(project, 'sound/minimal.ko'));
copyFileSync(fixturePath('6.1', 'unresolved'), path.join(project, 'bad/unresolved.ko'));

const { version } = JSON.parse(readFileSync(path.join(repositoryRoot(), 'package.json'), 'utf8')) as {
  version: string;
};
const read = (name: string): string => readFileSync(path.join(repositoryRoot(), name), 'utf8');

test('the versions that are recommended are the current one', () => {
  for (const file of ['action.yml', 'doc/ci.md'])
    for (const [, named] of read(file).matchAll(/insmod-lens(?:@v?|-)(\d+\.\d+\.\d+)/g))
      assert.equal(named, version, file);
});

/** The action's one step, with its inputs; what GitHub Actions runs. */
function act(inputs: Readonly<Record<string, string>>): { status: number | null; stdout: string; stderr: string } {
  const script = /\n {6}run: \|\n((?: {8}.*\n|\n)+)/.exec(read('action.yml'))?.[1]?.replace(/^ {8}/gm, '') ?? '';
  const file = path.join(directory, 'step.sh');
  writeFileSync(file, script);
  const names = { MODULES: '', KERNELS: '', BASELINE: '', SARIF: '', PACKAGE: tarball };
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd: project,
    encoding: 'utf8',
    env: {
      ...environment(),
      ...names,
      ...inputs,
      HOME: directory,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    },
  });
}

test('the action has an input for each variable of its step', () => {
  const action = read('action.yml');
  for (const [, name = ''] of action.matchAll(/\$\{\{ inputs\.(\w+) \}\}/g))
    assert.match(action, new RegExp(`^ {2}${name}:$`, 'm'));
});

test('the action fails for what would be refused, and writes SARIF all the same', () => {
  const kernels = `${snapshotOf('6.1')}\n${snapshotOf('6.12')}\n`;
  const sound = act({ MODULES: 'sound', KERNELS: snapshotOf('6.1') });
  assert.deepEqual([sound.status, sound.stderr], [0, '']);
  const bad = act({ MODULES: 'sound\nbad', KERNELS: kernels, SARIF: 'modules.sarif' });
  assert.equal(bad.status, 1);
  assert.equal(bad.stdout.match(/unresolved\.ko: would be refused/g)?.length, 2, 'on both kernels');
  assert.match(readFileSync(path.join(project, 'modules.sarif'), 'utf8'), /unresolved\.ko/);
  assert.notEqual(act({ MODULES: 'absent', KERNELS: kernels, SARIF: 'none.sarif' }).status, 0);
  // No name is more than a name.
  const odd = act({ MODULES: '$(touch owned);*', KERNELS: snapshotOf('6.1') });
  assert.equal(odd.status, 2);
  assert.match(odd.stderr, /no such file/);
});

test('the hooks run what is installed', t => {
  const prefix = path.join(directory, 'global');
  run(directory, NPM, ['install', '--global', '--prefix', prefix, ...OFFLINE, tarball], directory);
  const entries = [...read('.pre-commit-hooks.yaml').matchAll(/^ {2}entry: (.*)$/gm)].map(([, entry = '']) => entry);
  assert.equal(entries.length, 2);
  const hook = (entry: string, cwd: string, ...more: string[]): number | null => {
    const [command = '', ...args] = entry.split(' ');
    return spawnSync(path.join(prefix, 'bin', command), [...args, '--kernel', snapshotOf('6.1'), ...more], { cwd })
      .status;
  };
  const [changed = '', tree = ''] = entries;
  assert.equal(hook(changed, project, 'sound/minimal.ko'), 0);
  assert.equal(hook(changed, project, 'sound/minimal.ko', 'bad/unresolved.ko'), 1);
  assert.equal(hook(tree, path.join(project, 'sound')), 0);
  assert.equal(hook(tree, project), 1);
  if (spawnSync('pre-commit', ['--version']).status !== 0) {
    t.skip(leftOut('the hooks as pre-commit reads them', 'install pre-commit'));
    return;
  }
  execFileSync('pre-commit', ['validate-manifest', path.join(repositoryRoot(), '.pre-commit-hooks.yaml')]);
});
