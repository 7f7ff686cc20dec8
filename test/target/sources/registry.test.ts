// Which source reads what, over files in memory.
import assert from 'node:assert/strict';
import test from 'node:test';
import { defaultTarget } from '../../../src/target/defaultTarget';
import { placesOf, readTarget, SOURCES } from '../../../src/target/sources';
import { snapshotText } from '../../../src/target/snapshot';
import { makeElf } from '../../support/elf';
import { memoryFiles, type Tree } from '../../support/memoryFiles';

const HEADERS = '/usr/src/linux-headers-6.1.0-9-amd64';
const MODULES = '/lib/modules/6.1.0-9-amd64';
const tree: Tree = {
  [`${HEADERS}/include/generated/utsrelease.h`]: '#define UTS_RELEASE "6.1.0-9-amd64"\n',
  [`${HEADERS}/include/config/auto.conf`]: 'CONFIG_X86_64=y\nCONFIG_SMP=y\n',
  [`${HEADERS}/Module.symvers`]: '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n',
  [`${MODULES}/kernel/empty`]: '',
  '/boot/vmlinux': makeElf([{ name: '.rodata', data: Buffer.from('Linux Linux version 6.1.0-9-amd64 (someone)') }]),
  '/boot/other': makeElf([{ name: '.text', data: new Uint8Array(9) }]),
  '/data/notes.txt': 'none',
};
const files = memoryFiles(tree);
const sourceOf = (target: string): string | undefined => SOURCES.find(each => each.recognises(target, files))?.name;

test('each path has its source, and every source leads to the same kernel', async () => {
  const expected = {
    [HEADERS]: 'kernel build directory',
    [MODULES]: '/lib/modules/RELEASE directory',
    '/boot/vmlinux': 'kernel image',
  };
  for (const [target, name] of Object.entries(expected)) {
    assert.equal(sourceOf(target), name);
    const facts = await readTarget(target, files);
    assert.deepEqual([facts.release, facts.exports.size], ['6.1.0-9-amd64', 1]);
    const { build, release, modules } = placesOf(target, files) ?? {};
    assert.deepEqual({ build, release, modules }, { build: HEADERS, release: facts.release, modules: MODULES });
    const captured = memoryFiles({ '/k.json': snapshotText(facts) });
    assert.equal((await readTarget('/k.json', captured)).release, facts.release);
    assert.equal(placesOf('/k.json', captured), null);
  }
});

test('what no source reads is said in one line', async () => {
  const reasons = {
    '/nowhere': 'no such file or directory',
    '/data': 'is neither a kernel build directory nor a /lib/modules/RELEASE directory',
    '/data/notes.txt': 'is neither a kernel (vmlinux, vmlinuz, Image) nor a snapshot (.json, .json.gz, .json.br)',
    '/boot/other': 'holds no Linux kernel that can be found',
  };
  for (const [target, reason] of Object.entries(reasons))
    await assert.rejects(readTarget(target, files), { name: 'InputError', message: `${target}: ${reason}` });
});

test('the installed kernel that a module carries the release of, before what a Makefile names', () => {
  const module = makeElf([{ name: '.modinfo', data: Buffer.from('vermagic=6.1.0-9-amd64 SMP \0') }]);
  const built = memoryFiles({
    ...tree,
    '/m/m.ko': module,
    '/m/Makefile': 'KDIR ?= /lib/modules/$(shell uname -r)/build\n',
  });
  assert.equal(defaultTarget('/m/m.ko', built), HEADERS);
  const hostile = makeElf([{ name: '.modinfo', data: Buffer.from('vermagic=../../data SMP \0') }]);
  const running = '/lib/modules/6.1.0-running/build';
  assert.equal(defaultTarget('/m/m.ko', memoryFiles({ ...tree, '/m/m.ko': hostile })), running);
});

test('the kernel a Makefile names, else the running one', () => {
  const named = memoryFiles({ ...tree, '/m/Makefile': `KDIR ?= ${HEADERS}\n` });
  assert.equal(defaultTarget('/m/m.ko', named), HEADERS);
  assert.equal(defaultTarget('/data/m.ko', named), '/lib/modules/6.1.0-running/build');
});
