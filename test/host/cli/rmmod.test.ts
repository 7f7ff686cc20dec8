// insmod-lens rmmod: what rmmod prints, and the exit status.
import assert from 'node:assert/strict';
import test from 'node:test';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';

const ko = (name: string) => fixturePath('6.1', name);
const rmmod = (...args: string[]) => insmodLens('rmmod', '--kernel', snapshotOf('6.1'), ...args);

test('a module nobody uses goes without a word', async () => {
  assert.deepEqual(await rmmod('--loaded', ko('minimal'), 'minimal'), { status: 0, stdout: '', stderr: '' });
  assert.equal((await rmmod('--loaded', ko('minimal'), 'some/where/minimal.ko.xz')).status, 0);
});

test('a module that is not there', async () => {
  assert.deepEqual(await rmmod('minimal'), {
    status: 1,
    stdout: 'rmmod: ERROR: Module minimal is not currently loaded\n',
    stderr: '',
  });
});

test('a module that others use: newest user first', async () => {
  const loaded = ['exporter', 'chain', 'chainuser'].flatMap(name => ['--loaded', ko(name)]);
  const result = await rmmod(...loaded, '--force', 'exporter');
  assert.equal(result.status, 1);
  assert.equal(result.stdout, 'rmmod: ERROR: Module exporter is in use by: chainuser chain\n');
});

test('a module without exit: only by force', async () => {
  const busy = await rmmod('--loaded', ko('noexit'), 'noexit');
  assert.equal(busy.status, 1);
  assert.match(busy.stdout, /^rmmod: ERROR: could not remove 'noexit': Device or resource busy\n/);
  const forced = await rmmod('--loaded', ko('noexit'), '-f', 'noexit');
  assert.deepEqual([forced.status, forced.stdout], [0, 'Disabling lock debugging due to kernel taint\n']);
});
