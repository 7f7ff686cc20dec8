// insmod-lens boot on kernels that are in packages: on the disk, and fetched by name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { BootReport } from '../../../src/report/boot/types';
import { labKernel } from '../../kernel/lib/kernels';
import { insmodLens } from '../../support/command';
import { debOf, tarOf, writeSuite } from '../../support/debianPackage';
import { whyNoBoot } from '../node/boot/support';

const skip = whyNoBoot();
const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
process.env['XDG_CACHE_HOME'] = path.join(scratch, 'cache');
after(() => rmSync(scratch, { recursive: true }));

/** Without gpgv, which would refuse the mirror: its index is not signed. */
function withoutGpgv(): void {
  const programs = path.join(scratch, 'bin');
  mkdirSync(programs);
  for (const name of ['qemu-system-x86_64', 'xz'])
    symlinkSync(execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name]).toString().trim(), path.join(programs, name));
  process.env['PATH'] = programs;
}

const USER = 'drivers/net/ethernet/intel/igb/igb.ko';
const MODULES = [USER, 'drivers/i2c/algos/i2c-algo-bit.ko', 'drivers/dca/dca.ko', 'fs/nls/nls_utf8.ko'];
const STEPS = ['insmod dca', 'insmod i2c_algo_bit', 'insmod igb', 'rmmod igb'];

const mirror = path.join(scratch, 'mirror', 'debian');
const file = path.join(scratch, 'linux-image.deb');

/** What Debian's package of the image has, as far as it matters here. */
async function packageOf({ dir, release, vmlinuz, modules }: ReturnType<typeof labKernel>): Promise<Buffer> {
  const place = `lib/modules/${release}`;
  const files = MODULES.map(name => [`${place}/kernel/${name}`, readFileSync(path.join(modules, 'kernel', name))]);
  const boot = [`boot/vmlinuz-${release}`, `boot/config-${release}`].map((name, i) => {
    return [name, readFileSync(i === 0 ? vmlinuz : path.join(dir, name))];
  });
  const tar = await tarOf(Object.fromEntries([...boot, ...files]) as Record<string, Buffer>);
  return debOf(gzipSync(tar, { level: 1 }));
}

before(async () => {
  if (skip !== false) return;
  withoutGpgv();
  const kernel = labKernel('6.1');
  const deb = await packageOf(kernel);
  writeFileSync(file, deb);
  const version = '6.1.999-1';
  const { release } = kernel;
  const depends = `linux-image-${release} (= ${version})`;
  writeSuite(mirror, 'bookworm', 'amd64', [
    { name: 'linux-image-amd64', version, depends, deb: debOf(gzipSync(await tarOf({}))) },
    { name: `linux-image-${release}`, version, deb },
  ]);
});

async function booted(kernel: string, ...options: string[]): Promise<BootReport> {
  const module = path.join(labKernel('6.1').modules, 'kernel', USER);
  const asked = ['--kernel', kernel, '--accel', 'tcg', '--format', 'json', ...options, module];
  const { stdout, stderr } = await insmodLens('boot', ...asked);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as BootReport;
}

function assertLoaded({ verdict, kernel, real, facts }: BootReport, image: string): void {
  assert.equal(verdict, 'loads');
  assert.equal(kernel.image, image);
  assert.deepEqual(real.steps.map(({ op, module }) => `${op} ${module}`).sort(), [...STEPS].sort());
  assert.deepEqual(
    facts.filter(({ outcome }) => outcome === 'differs'),
    [],
  );
}

test('image and modules are taken out of a package', { skip }, async () => {
  assertLoaded(await booted(file), file);
});

test('the image of a kernel by name is kept, and forgotten with it', { skip }, async () => {
  const name = 'debian:12/amd64';
  const images = path.join(scratch, 'cache', 'insmod-lens', 'images');
  assertLoaded(await booted(name, '--mirror', mirror), name);
  assert.equal(readdirSync(images).length, 1);
  // Nothing is fetched for a module that needs no other: the mirror is gone.
  const module = path.join(labKernel('6.1').modules, 'kernel', 'fs/nls/nls_utf8.ko');
  renameSync(mirror, `${mirror}-gone`);
  const { status, stderr } = await insmodLens('boot', '--kernel', name, '--accel', 'tcg', '--mirror', mirror, module);
  assert.equal(status, 0, stderr);
  assert.equal((await insmodLens('target', '--remove', name)).status, 0);
  assert.deepEqual(readdirSync(images), []);
});

test('a package without an image is refused in one line', { skip }, async () => {
  const headers = path.join(scratch, 'linux-headers-6.1.0-1-amd64_6.1.1-1_amd64.deb');
  const build = 'usr/src/linux-headers-6.1.0-1-amd64';
  writeFileSync(
    headers,
    debOf(
      gzipSync(
        await tarOf({
          [`${build}/include/generated/utsrelease.h`]: '#define UTS_RELEASE "6.1.0-1-amd64"\n',
          [`${build}/include/config/auto.conf`]: 'CONFIG_X86_64=y\nCONFIG_SMP=y\n',
          [`${build}/Module.symvers`]: '',
        }),
      ),
    ),
  );
  const module = path.join(labKernel('6.1').modules, 'kernel', USER);
  const { status, stderr } = await insmodLens('boot', '--kernel', headers, module);
  assert.equal(status, 2);
  assert.match(stderr, /^insmod-lens: .*headers.*: no kernel image of 6\.1\.0-1-amd64 .*--image\n$/m);
});
