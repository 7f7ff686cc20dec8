// Which image of a target is booted, and what is left of its temporary files.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { findImage, withBootableImage } from '../../../../src/host/node/boot/bootImage';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(root, { recursive: true }));

const RELEASE = '6.12.0-test-riscv64';

function write(name: string, contents: string | Uint8Array): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, contents);
  return file;
}

test('a modules directory leads to the installed image, not to the vmlinux of its headers', () => {
  write('usr/src/headers/include/config/auto.conf', 'CONFIG_MODULES=y\n');
  write('usr/src/headers/include/generated/utsrelease.h', `#define UTS_RELEASE "${RELEASE}"\n`);
  write('usr/src/headers/Module.symvers', '');
  write('usr/src/headers/vmlinux', 'types alone');
  const installed = write(`boot/vmlinux-${RELEASE}`, 'a kernel');
  const modules = path.join(root, 'usr/lib/modules', RELEASE);
  mkdirSync(modules, { recursive: true });
  symlinkSync(path.join(root, 'usr/src/headers'), path.join(modules, 'build'));
  assert.equal(findImage({ path: modules }, RELEASE, 'riscv64'), installed);
});

/** The header of an Image of arm64 (Documentation/arch/arm64/booting.rst). */
function arm64Image(): Buffer {
  const image = Buffer.alloc(4096);
  image.write('ARM\x64', 0x38, 'latin1');
  return image;
}

test('a packed image is unpacked for as long as it is used', async () => {
  const image = arm64Image();
  const packed = write('Image.gz', gzipSync(image));
  const booted = await withBootableImage(packed, async bootable => {
    assert.deepEqual(readFileSync(bootable), image);
    return bootable;
  });
  assert.notEqual(booted, packed);
  assert.equal(existsSync(booted), false);
});

test('an image that QEMU boots is used as it is', async () => {
  const plain = write('Image', arm64Image());
  assert.equal(await withBootableImage(plain, async bootable => bootable), plain);
});
