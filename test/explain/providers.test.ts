// What the tables of names say of a symbol is what real kernels export.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { isOfImage, providerOf } from '../../src/explain/providers';
import { repositoryRoot } from '../kernel/lib/paths';
import { leftOut } from '../support/leftOut';

const HEADERS = [
  '5.10/usr/src/linux-headers-5.10.0-46-amd64',
  '6.12/usr/src/linux-headers-6.12.117+deb13-amd64',
  '7.2/usr/src/linux-headers-7.2.12+deb14-amd64',
];

for (const headers of HEADERS) {
  const file = path.join(repositoryRoot(), '.lab', headers, 'Module.symvers');
  const skip = existsSync(file) ? false : leftOut(`symbols of ${headers}`, 'npm run test:kernel fetches the kernels');
  void test(`names tell the modules of ${path.basename(headers)}`, { skip }, () => {
    const right = new Map<string, number>();
    const wrong = new Map<string, string[]>();
    let image = 0;
    const notOfImage: string[] = [];
    const owners = new Set<string>();
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const [, symbol = '', exporter = ''] = line.split('\t');
      const owner = path.basename(exporter).replaceAll('-', '_');
      owners.add(owner);
      const provider = providerOf(symbol);
      if (provider === owner) right.set(owner, (right.get(owner) ?? 0) + 1);
      else if (provider !== null) {
        const others = wrong.get(provider) ?? [];
        others.push(`${symbol} of ${owner}`);
        wrong.set(provider, others);
      } else if (isOfImage(symbol) && owner === 'vmlinux') image++;
      else if (isOfImage(symbol)) notOfImage.push(`${symbol} of ${owner}`);
    }
    assert.ok(right.size > 30 && image > 1000);
    // "Usually" is what the texts say: nine of ten. A kernel without the module has its symbols elsewhere.
    for (const [provider, others] of [...wrong].filter(([name]) => owners.has(name)))
      assert.ok(others.length * 9 <= (right.get(provider) ?? 0), `${provider}: ${others.join(', ')}`);
    assert.ok(notOfImage.length < 10, notOfImage.join(', '));
  });
}

test('modules that no distribution builds are known by their names', () => {
  assert.equal(providerOf('nvidia_p2p_get_pages'), 'nvidia');
  assert.equal(providerOf('VBoxGuest_RTMemAlloc'), 'vboxguest');
  assert.equal(providerOf('spl_kmem_alloc'), 'spl');
  assert.equal(providerOf('of_a_stranger'), null);
  // The longer of two beginnings decides.
  assert.equal(providerOf('snd_seq_device_new'), 'snd_seq_device');
  assert.equal(providerOf('ptp_clock_event'), 'ptp');
  assert.equal(providerOf('dm_btree_lookup'), 'dm_persistent_data');
  assert.equal(providerOf('__devm_regmap_init_i3c'), 'regmap_i3c');
  assert.ok(!isOfImage('cfg80211_scan_done') && isOfImage('vfs_write'));
});
