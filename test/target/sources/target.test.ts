import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { readTarget } from '../../../src/host/node/targets';
import { readTargetCached } from '../../../src/host/node/targets';
import { makeElf, makeModule } from '../../support/elf';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A directory tree of its own with these files. */
function tree(files: Files): string {
  const root = mkdtempSync(path.join(scratch, 'root-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return root;
}

const RELEASE = '6.1.0-9-amd64';
const HEADERS = `usr/src/linux-headers-${RELEASE}`;
const MODULES = `lib/modules/${RELEASE}`;
const headers: Files = {
  [`${HEADERS}/include/generated/utsrelease.h`]: `#define UTS_RELEASE "${RELEASE}"\n`,
  [`${HEADERS}/include/generated/package.h`]: '#define LINUX_PACKAGE_ID " Debian 6.1.27-1"\n',
  // As in Debian's packages: not the release.
  [`${HEADERS}/include/config/kernel.release`]: '6.1.27\n',
  [`${HEADERS}/include/config/auto.conf`]: 'CONFIG_X86_64=y\nCONFIG_SMP=y\nCONFIG_MODULE_UNLOAD=y\n',
  [`${HEADERS}/Module.symvers`]: '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n',
};
const ownModule = makeModule({ size: 0x380, init: 0x138, exit: 0x350 }, [`vermagic=${RELEASE} SMP odd `]);
const modules: Files = {
  [`${MODULES}/kernel/some/where/tiny.ko`]: ownModule,
  [`${MODULES}/modules.builtin.modinfo`]:
    'ext-4.license=GPL\0ext-4.parmtype=journal:int\0aes.file=crypto/aes\0zlib.version=1\0',
};

test('a headers package with the modules under the same root', async () => {
  const root = tree({ ...headers, ...modules });
  const facts = await readTarget(path.join(root, HEADERS));
  assert.equal(facts.release, RELEASE);
  assert.equal(facts.arch, 'x86_64');
  assert.equal(facts.vermagic, `${RELEASE} SMP odd `);
  assert.equal(facts.distribution, 'debian');
  assert.equal(facts.exports.crc(facts.exports.findName('printk')), 0x12345678);
  assert.deepEqual(facts.builtin, ['ext_4', 'zlib']);
  assert.equal(facts.trustedKeys, null);
  assert.deepEqual(facts.ownSigners, []);
  const source = `.gnu.linkonce.this_module of ${path.join(root, MODULES, 'kernel/some/where/tiny.ko')}`;
  assert.deepEqual(facts.structModule, { size: 0x380, init: 0x138, exit: 0x350, source });
});

test('a modules directory leads to the headers, with and without a build link', async () => {
  const root = tree({ ...headers, ...modules });
  assert.equal((await readTarget(path.join(root, MODULES))).release, RELEASE);
  // As Debian 12 has it: absolute, meant inside the same root.
  symlinkSync(`/${HEADERS}`, path.join(root, MODULES, 'build'));
  assert.equal((await readTarget(path.join(root, MODULES))).exports.size, 1);
});

test('a module without init or exit, or of another kernel, is passed over', async () => {
  const root = tree({
    ...headers,
    [`${MODULES}/kernel/a.ko`]: makeModule({ size: 1 }, []),
    [`${MODULES}/kernel/b.ko`]: makeModule({ size: 2, init: 8, exit: 16 }, ['vermagic=5.10.0 SMP ']),
    [`${MODULES}/kernel/c.ko`]: 'not a module',
    [`${MODULES}/kernel/d.ko.xz`]: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2, 3]),
    [`${MODULES}/kernel/z/e.ko`]: ownModule,
  });
  assert.equal((await readTarget(path.join(root, HEADERS))).structModule?.size, 0x380);
});

test('without modules, the vermagic follows from the configuration', async () => {
  const root = tree(headers);
  const facts = await readTarget(path.join(root, HEADERS));
  assert.equal(facts.vermagic, `${RELEASE} SMP mod_unload `);
  assert.equal(facts.structModule, null);
  assert.equal(facts.builtin, null);
});

test('a built tree: its own modules, vmlinux with BTF, certificates', async () => {
  const root = tree({
    'include/config/kernel.release': '6.9.0-mine\n',
    '.config': 'CONFIG_ARM64=y\n# CONFIG_SMP is not set\n',
    'Module.symvers': '',
    'modules.order': 'drivers/x/y.o\n',
    'drivers/x/y.ko': makeModule({ size: 0x400, init: 8, exit: 16 }, []),
    'modules.builtin.modinfo': '',
    vmlinux: makeElf([
      { name: '.text', data: new Uint8Array(9) },
      { name: '.BTF', data: Buffer.from('some btf') },
    ]),
    'certs/signing_key.x509': Buffer.from([0x30, 0x03, 0x02, 0x01, 0x05]),
  });
  const facts = await readTarget(root);
  assert.equal(facts.release, '6.9.0-mine');
  assert.equal(facts.vermagic, '6.9.0-mine aarch64');
  assert.equal(facts.distribution, null);
  assert.equal(facts.structModule?.size, 0x400);
  assert.deepEqual(facts.builtin, []);
  assert.equal(Buffer.from(facts.btf?.bytes ?? []).toString(), 'some btf');
  assert.equal(facts.trustedKeys?.certificates.length, 1);
});

test('a vmlinux: the tree it lies in, or the release its banner names', async () => {
  const banner = { name: '.rodata', data: Buffer.from('\0Linux version %s\0Linux version 9.9.9-none (me) #1\0') };
  const own = { name: '.rodata', data: Buffer.from(`\0Linux version ${RELEASE} (me) #1\0`) };
  const build = tree({ ...inTree(headers), vmlinux: makeElf([own]) });
  assert.equal((await readTarget(path.join(build, 'vmlinux'))).release, RELEASE);
  await assert.rejects(
    readTarget(path.join(tree({ vmlinux: makeElf([banner]) }), 'vmlinux')),
    /is the kernel 9\.9\.9-none, which was built without support for modules/,
  );
});

/** The files of a headers package as those of a tree of their own. */
function inTree(files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, data]) => [name.replace(`${HEADERS}/`, ''), data]));
}

test('what is missing is said in one line', async () => {
  const without = (part: string) =>
    tree(Object.fromEntries(Object.entries(headers).filter(([name]) => !name.endsWith(part))));
  const rejects = (target: string, message: RegExp) =>
    assert.rejects(readTarget(target), (error: Error) => {
      assert.equal(error.name, 'InputError');
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(target + ': ') && !error.message.includes('\n'));
      return true;
    });
  await rejects(path.join(without('Module.symvers'), HEADERS), /has no Module\.symvers.*install the headers package/);
  await rejects(path.join(without('auto.conf'), HEADERS), /no include\/config\/auto\.conf and no \.config/);
  await rejects(path.join(scratch, 'nowhere'), /no such file or directory/);
  await rejects(tree({ a: '' }), /neither a kernel build directory nor/);
  await rejects(
    path.join(tree(modules), MODULES),
    /build directory was not found: install linux-headers-6\.1\.0-9-amd64/,
  );
  await rejects(path.join(tree({ vmlinux: '' }), 'vmlinux'), /holds no Linux kernel that can be found/);
  const root = tree({ ...headers, [`${HEADERS}/include/config/auto.conf`]: 'CONFIG_XTENSA=y\n' });
  // Any architecture can be a target; what it adds to vermagic is not known of all.
  const { arch, vermagic } = await readTarget(path.join(root, HEADERS));
  assert.deepEqual([arch, vermagic], ['other32', '']);
  const options = { modules: path.join(root, 'no') };
  await assert.rejects(readTarget(path.join(root, HEADERS), options), {
    message: `${options.modules}: no such directory`,
  });
});

test('the cache gives the same facts until a file changes', async () => {
  const root = tree({ ...headers, ...modules });
  const target = path.join(root, HEADERS);
  const [first, second] = await Promise.all([readTargetCached(target), readTargetCached(target)]);
  assert.equal(first, second);
  assert.equal(await readTargetCached(target), first);
  assert.notEqual(await readTargetCached(target, { modules: path.join(root, MODULES) }), first);
  utimesSync(path.join(target, 'Module.symvers'), 1, 1);
  assert.notEqual(await readTargetCached(target), first);
});

test('a failed read is not kept', async () => {
  const root = tree({
    [`${HEADERS}/include/generated/utsrelease.h`]: headers[`${HEADERS}/include/generated/utsrelease.h`] ?? '',
  });
  const target = path.join(root, HEADERS);
  await assert.rejects(readTargetCached(target));
  for (const [name, content] of Object.entries(headers)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  assert.equal((await readTargetCached(target)).release, RELEASE);
});
