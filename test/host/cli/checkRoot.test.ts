// insmod-lens check --root: root filesystems with the kernels in them.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { CheckReport } from '../../../src/report/check/types';
import { installedKernels } from '../../../src/host/node/check/installedKernels';
import { BOOT_LISTS } from '../../../src/kmod/bootLists';
import { insmodLens } from '../../support/command';
import { fixture, fixturePath, moduleFile } from '../../support/recorded';
import { ensureKernel } from '../../kernel/lib/ensureKernel';
import { number } from '../../kernel/lib/koFile';
import { labKernel } from '../../kernel/lib/kernels';

function emptyRoot(t: TestContext): string {
  const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  t.after(() => rmSync(root, { recursive: true }));
  return root;
}

function write(root: string, place: string, contents: string | Uint8Array): void {
  mkdirSync(path.dirname(path.join(root, place)), { recursive: true });
  writeFileSync(path.join(root, place), contents);
}

/** With all that modules in them need, so that nothing else of the machine is asked for. */
const DIRECTORIES = [
  'fs/nls',
  'net/ipv6',
  'drivers/usb/serial',
  'drivers/usb/core',
  'drivers/usb/common',
  'drivers/usb/misc',
  'drivers/parport',
  'drivers/pcmcia',
  'net/ipv4',
  'net/xfrm',
];

/** An image of Debian 12 as it is unpacked, with some of its modules; null where the kernel is not here. */
function debianRoot(t: TestContext): { readonly root: string; readonly modules: string } | null {
  const missing = ensureKernel('6.1');
  if (missing !== null) {
    t.skip(missing);
    return null;
  }
  const kernel = labKernel('6.1');
  const root = emptyRoot(t);
  const modules = path.join('lib/modules', kernel.release);
  for (const directory of DIRECTORIES)
    for (const name of readdirSync(path.join(kernel.modules, 'kernel', directory)).filter(each =>
      each.endsWith('.ko'),
    )) {
      mkdirSync(path.join(root, modules, 'kernel', directory), { recursive: true });
      copyFileSync(
        path.join(kernel.modules, 'kernel', directory, name),
        path.join(root, modules, 'kernel', directory, name),
      );
    }
  mkdirSync(path.join(root, 'boot'));
  copyFileSync(kernel.vmlinuz, path.join(root, 'boot', path.basename(kernel.vmlinuz)));
  return { root, modules };
}

/** The module with the CRC of one import changed, as after a rebuild of the kernel. */
function withStaleCrc(name: string): Uint8Array {
  const ko = fixture('6.1', name);
  return moduleFile(ko, [number(ko.section('__versions').sh_offset + 64, 4, 0x1234_5678)]).bytes;
}

test('of a root filesystem exactly the modules that are wrong are named, with who asks for them', async t => {
  const debian = debianRoot(t);
  if (!debian) return;
  const { root, modules } = debian;
  const updates = path.join(modules, 'updates/dkms');
  write(root, path.join(updates, 'minimal.ko'), new Uint8Array());
  copyFileSync(fixturePath('5.10', 'minimal'), path.join(root, updates, 'minimal.ko'));
  write(root, path.join(modules, 'extra/exporter.ko'), withStaleCrc('exporter'));
  write(root, 'usr/src/minimal-1.0/dkms.conf', 'PACKAGE_NAME="minimal"\nBUILT_MODULE_NAME[0]="$PACKAGE_NAME"\n');
  write(root, 'etc/modules-load.d/own.conf', '# what this machine needs\nminimal\nnls_utf8\n');
  write(root, 'etc/dracut.conf.d/own.conf', 'add_drivers+=" minimal exporter "\n');
  const { status, stdout } = await insmodLens('check', '--root', root, '--format', 'json');
  const report = JSON.parse(stdout) as CheckReport;
  assert.equal(status, 1);
  const refused = report.modules.filter(({ verdict }) => verdict !== 'loads');
  assert.deepEqual(
    refused.map(({ path: place, errnoName, namedBy, dkms }) => [place, errnoName, namedBy, dkms]),
    [
      [
        path.join(updates, 'minimal.ko'),
        'ENOEXEC',
        ['etc/modules-load.d/own.conf', 'etc/dracut.conf.d/own.conf'],
        'usr/src/minimal-1.0',
      ],
      [path.join(modules, 'extra/exporter.ko'), 'EINVAL', ['etc/dracut.conf.d/own.conf'], undefined],
    ],
  );
  const text = await insmodLens('check', '--root', root);
  assert.match(
    text.stdout,
    /etc\/modules-load\.d\/own\.conf asks for it\n.*\n {2}built by DKMS from usr\/src\/minimal-1\.0\n/,
  );
});

test('a root filesystem as it comes is good, with nothing but the image to go by', async t => {
  const debian = debianRoot(t);
  if (!debian) return;
  const { status, stdout, stderr } = await insmodLens('check', '--root', debian.root);
  assert.deepEqual([status, stderr], [0, ''], stdout);
  // A board names no release.
  const boot = path.join(debian.root, 'boot');
  copyFileSync(path.join(boot, readdirSync(boot)[0] ?? ''), path.join(debian.root, 'Image'));
  rmSync(boot, { recursive: true });
  mkdirSync(boot);
  copyFileSync(path.join(debian.root, 'Image'), path.join(boot, 'Image'));
  const again = await insmodLens('check', '--root', debian.root);
  assert.deepEqual([again.status, again.stderr], [0, '']);
});

test('what cannot be checked is said in one line, with status 2', async t => {
  const root = emptyRoot(t);
  const line = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await insmodLens('check', ...args);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^[^\n]+\n$/);
    return stderr;
  };
  assert.match(await line('--root', root), /has no kernel with modules/);
  assert.match(await line('--root', path.join(root, 'none')), /no such directory/);
  assert.match(await line('--root', fixturePath('6.1', 'minimal')), /is not a directory/);
  assert.match(await line('--root', root, root), /finds modules and kernels itself/);
  assert.match(await line(), /which modules\?/);
});

test('the kernel that boots next comes first, then newer ones', async t => {
  const root = emptyRoot(t);
  for (const release of ['6.1.0-9-amd64', '6.1.0-10-amd64', '5.10.0-1-amd64', '6.1.0-2-amd64']) {
    write(root, `usr/lib/modules/${release}/kernel/odd.ko`, '');
    if (release !== '6.1.0-2-amd64') write(root, `boot/vmlinuz-${release}`, '');
  }
  symlinkSync('usr/lib', path.join(root, 'lib'));
  const order = async (): Promise<string[]> =>
    (await installedKernels(root)).map(({ release, target, bootsNext }) => {
      return `${release}${bootsNext ? ' next' : ''}${target === null ? ' gone' : ''}`;
    });
  assert.deepEqual(await order(), ['6.1.0-10-amd64 next', '6.1.0-9-amd64', '6.1.0-2-amd64 gone', '5.10.0-1-amd64']);
  symlinkSync('boot/vmlinuz-6.1.0-9-amd64', path.join(root, 'vmlinuz'));
  assert.deepEqual(await order(), ['6.1.0-9-amd64 next', '6.1.0-10-amd64', '6.1.0-2-amd64 gone', '5.10.0-1-amd64']);
});

test('modules are named at boot in the forms of several systems', () => {
  const texts: Readonly<Record<string, string>> = {
    'etc/modules': '# comment\nloop max_loop=4\nsnd-pcm\n',
    'etc/initramfs-tools/modules': 'dm_crypt\n',
    'etc/dracut.conf': 'add_drivers+=" virtio-blk "\n#add_drivers+=" no "\nforce_drivers+="nvme"\n',
    'etc/mkinitcpio.conf': 'MODULES=(btrfs ext4)\n',
    'etc/modprobe.d': 'options kvm nested=1\nsoftdep a pre: b-c post: d\nblacklist e\n',
  };
  const named = Object.entries(texts).map(([place, text]) => {
    const namesIn = BOOT_LISTS.find(([each]) => each === place)?.[1];
    return namesIn?.(text);
  });
  assert.deepEqual(named, [
    ['loop', 'snd_pcm'],
    ['dm_crypt'],
    ['virtio_blk', 'nvme'],
    ['btrfs', 'ext4'],
    ['kvm', 'a', 'b_c', 'd'],
  ]);
});
