// Kernel images in every envelope, and what is wrong with those that cannot be read: a small kernel of our own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { unpackKernel } from '../../../src/host/node/unpackKernel';
import { readTarget } from '../../../src/target/sources';
import { readImage } from '../../../src/target/image/imageFacts';
import { parseSymvers } from '../../../src/target/symvers';
import { memoryFiles } from '../../support/memoryFiles';
import { COUNT, crcOf, nameOf, RELEASE, smallKernel, VERMAGIC } from '../../support/kernelImage';

const kernel = smallKernel();
const packed = gzipSync(kernel);

function uImage(data: Uint8Array): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x27051956, 0);
  header.writeUInt32BE(data.length, 12);
  header[30] = 2;
  return Buffer.concat([header, data]);
}

function android(data: Uint8Array): Buffer {
  const header = Buffer.alloc(2048);
  header.write('ANDROID!');
  header.writeUInt32LE(data.length, 8);
  header.writeUInt32LE(2048, 36);
  return Buffer.concat([header, data, Buffer.alloc(4096, 0x55)]);
}

function zboot(data: Uint8Array, name = 'gzip'): Buffer {
  const header = Buffer.alloc(512);
  header.write('MZ');
  header.write('zimg', 4);
  header.writeUInt32LE(512, 8);
  header.writeUInt32LE(data.length, 12);
  header.write(name, 24);
  return Buffer.concat([header, data]);
}

function bzImage(data: Uint8Array): Buffer {
  const setup = Buffer.alloc(1024);
  setup[0x1f1] = 1;
  setup.write('HdrS', 0x202);
  setup.writeUInt16LE(0x20f, 0x206);
  setup.writeUInt32LE(data.length, 0x24c);
  return Buffer.concat([setup, data]);
}

/** An ARM zImage says nothing of where its data is. */
function zImage(data: Uint8Array): Buffer {
  const code = Buffer.alloc(8192, 0x11);
  code.writeUInt32LE(0x016f2818, 0x24);
  return Buffer.concat([code, data, Buffer.alloc(64)]);
}

test('a kernel in each envelope says the same', async () => {
  const images = {
    'arm64 Image': kernel,
    'gzip, arm64 Image': packed,
    'uImage, gzip, arm64 Image': uImage(packed),
    'Android boot image, arm64 Image': android(kernel),
    'EFI zboot (gzip), arm64 Image': zboot(packed),
    'bzImage (gzip), arm64 Image': bzImage(packed),
    'ARM zImage (gzip), arm64 Image': zImage(packed),
  };
  for (const [containers, image] of Object.entries(images)) {
    const facts = await readImage(image, unpackKernel);
    assert.ok(!('id' in facts), containers);
    assert.equal(facts.containers.join(', '), containers);
    assert.deepEqual([facts.release, facts.vermagic, facts.exports?.count], [RELEASE, VERMAGIC, COUNT], containers);
    const table = parseSymvers(facts.exports?.symvers ?? new Uint8Array());
    const row = table.row(table.findName(nameOf(0)));
    assert.deepEqual([row.crc, row.gplOnly, row.owner], [crcOf(COUNT / 2), true, 'vmlinux']);
    assert.equal(table.gplOnly(table.findName(nameOf(COUNT - 1))), false);
  }
});

test('what cannot be read says why in one line', async () => {
  const reasons: Readonly<Record<string, readonly [Uint8Array, string]>> = {
    '/cut.gz': [packed.subarray(0, packed.length / 2), 'corrupted gzip data'],
    '/vmlinuz-cut': [bzImage(packed).subarray(0, 1500), 'corrupted gzip data'],
    '/vmlinuz-strange': [
      zboot(Buffer.alloc(64, 0x33), 'brotli'),
      'holds a kernel that is packed with brotli, which cannot be unpacked here',
    ],
    '/notes.gz': [gzipSync(Buffer.from('some notes')), 'holds no Linux kernel that can be found'],
    '/Image': [Buffer.alloc(100), 'holds no Linux kernel that can be found'],
    '/Image-without': [
      Buffer.from(`${'\0'.repeat(0x38)}ARMd\0Linux version ${RELEASE} (me) #1\0`, 'latin1'),
      `is the kernel ${RELEASE}, which was built without support for modules`,
    ],
    '/Image-bare': [
      Buffer.from(`${'\0'.repeat(0x38)}ARMd\0Linux version ${RELEASE} (me) #1\0${VERMAGIC}\0`, 'latin1'),
      `is the kernel ${RELEASE}, whose table of exports was not found in it: install linux-headers-${RELEASE}, or name the tree it was built in`,
    ],
  };
  const files = memoryFiles(Object.fromEntries(Object.entries(reasons).map(([path, [bytes]]) => [path, bytes])));
  for (const [path, [, reason]] of Object.entries(reasons))
    await assert.rejects(readTarget(path, files), { name: 'InputError', message: `${path}: ${reason}` });
});

test('a kernel that is alone is a target, with the configuration beside it or what it shows of it', async () => {
  const image = { [`/boot/vmlinuz-${RELEASE}`]: packed };
  const alone = await readTarget(`/boot/vmlinuz-${RELEASE}`, memoryFiles(image));
  assert.deepEqual([alone.arch, alone.exports.size, alone.config.MODVERSIONS], ['arm64', COUNT, 'y']);
  assert.equal(alone.config.MODULE_SIG, undefined);
  const beside = memoryFiles({ ...image, [`/boot/config-${RELEASE}`]: 'CONFIG_ARM64=y\nCONFIG_MODULE_SIG=y\n' });
  const configured = await readTarget(`/boot/vmlinuz-${RELEASE}`, beside);
  assert.equal(configured.config.MODULE_SIG, 'y');
  assert.equal(configured.sources?.config, `/boot/config-${RELEASE}`);
});

test('beside headers the image is asked too, and stands above what Module.symvers says of vmlinux', async () => {
  const headers = `/usr/src/linux-headers-${RELEASE}`;
  const tree = {
    [`${headers}/include/generated/utsrelease.h`]: `#define UTS_RELEASE "${RELEASE}"\n`,
    [`${headers}/include/config/auto.conf`]: 'CONFIG_ARM64=y\n',
    [`${headers}/Module.symvers`]:
      '0x00000001\tsymbol_0001\tvmlinux\tEXPORT_SYMBOL\t\n0x00000002\tof_module\tdrivers/m\tEXPORT_SYMBOL_GPL\t\n',
    [`/boot/vmlinuz-${RELEASE}`]: packed,
  };
  const facts = await readTarget(headers, memoryFiles(tree));
  assert.equal(facts.vermagic, VERMAGIC);
  assert.equal(facts.exports.size, COUNT + 1);
  assert.equal(facts.exports.crc(facts.exports.findName('symbol_0001')), crcOf(COUNT / 2 + 1));
  assert.equal(facts.exports.owner(facts.exports.findName('of_module')), 'drivers/m');
  const without = Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('/boot')));
  const other = { ...without, [`/boot/vmlinuz-${RELEASE}`]: gzipSync(Buffer.from('no kernel')) };
  for (const files of [without, other]) assert.equal((await readTarget(headers, memoryFiles(files))).exports.size, 2);
});
