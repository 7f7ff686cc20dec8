// A Makefile of a stranger must not make this machine mount the disk of another.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isAutomounted } from '../../../src/host/node/automounts';
import { defaultTarget } from '../../../src/target/defaultTarget';
import { memoryFiles } from '../../support/memoryFiles';

const MOUNTS = `/dev/sda1 / ext4 rw 0 0
systemd-1 /proc/sys/fs/binfmt_misc autofs rw 0 0
auto.direct /srv/far\\040away autofs rw 0 0
`;

test('below the mount points of automounters, and where they are by custom', () => {
  for (const far of ['/net/host/src', '/afs/x/y', '/srv/far away/build']) assert.ok(isAutomounted(far, MOUNTS), far);
  for (const near of ['/usr/src/linux', '/network/x', '/srv/far', '/proc/sys/fs/binfmt_misc/x', '/'])
    assert.ok(!isAutomounted(near, MOUNTS), near);
});

test('a build directory there is not even asked for', () => {
  const asked: string[] = [];
  const files = memoryFiles({ '/w/Makefile': 'KDIR := /net/host/src\nall:\n\tmake -C /net/host/src\n' });
  const watched = {
    ...files,
    isAutomounted: (path: string) => isAutomounted(path, ''),
    isDirectory: (path: string) => {
      asked.push(path);
      return files.isDirectory(path);
    },
  };
  assert.equal(defaultTarget('/w/a.ko', watched), '/lib/modules/6.1.0-running/build');
  assert.deepEqual(
    asked.filter(path => path.startsWith('/net')),
    [],
  );
});
