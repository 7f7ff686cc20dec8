import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { InputError } from '../../../src/host/node/files';
import { packagesOfKernel } from '../../../src/host/node/packages/siblings';
import { readTarget } from '../../../src/host/node/targets';
import { ensureKernel } from '../../kernel/lib/ensureKernel';
import { cpioArchive } from '../../../src/host/node/boot/cpio';
import { labKernel } from '../../kernel/lib/kernels';
import { labDir } from '../../kernel/lib/paths';
import { arOf, debOf, headersOf, tarOf, type Texts } from '../../support/debianPackage';
import { hasProgram } from '../../kernel/lib/shell';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));
// What is read is kept in the cache, which is not this test's.
process.env['XDG_CACHE_HOME'] = path.join(scratch, 'cache');

const RELEASE = '6.6.6-odd';
const BUILD = `usr/src/linux-headers-${RELEASE}`;
const FILES = headersOf(
  RELEASE,
  '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n0x87654321\thelp\tlib/helper\tEXPORT_SYMBOL_GPL\tODD\n',
);

/** The lead, an empty header of signatures, one with a tag, and the payload. */
function rpm(payload: Buffer): Buffer {
  const lead = Buffer.alloc(96);
  lead.writeUInt32BE(0xedabeedb);
  const header = (entries: number, data: number): Buffer => {
    const bytes = Buffer.alloc(16 + 16 * entries + data);
    bytes.writeUInt32BE(0x8eade801);
    bytes.writeUInt32BE(entries, 8);
    bytes.writeUInt32BE(data, 12);
    return bytes;
  };
  const signature = header(1, 5);
  return Buffer.concat([lead, signature, Buffer.alloc(3), header(2, 9), payload]);
}

const cpioOf = (files: Texts): Buffer =>
  Buffer.from(
    cpioArchive(Object.entries(files).map(([name, text]) => ({ name: `./${name}`, bytes: Buffer.from(text) }))),
  );

function written(name: string, bytes: Buffer): string {
  const file = path.join(mkdtempSync(path.join(scratch, 'package-')), name);
  writeFileSync(file, bytes);
  return file;
}

async function assertRead(file: string): Promise<void> {
  for (const time of ['read', 'from the cache']) {
    const facts = await readTarget(file);
    assert.equal(facts.release, RELEASE, time);
    assert.equal(facts.exports.crc(facts.exports.findName('help')), 0x87654321, time);
    assert.equal(facts.sources?.exports, `${path.basename(file)}: /${BUILD}/Module.symvers`, time);
  }
}

test('a kernel is read out of packages of Debian, Fedora and Arch, packed in each way', async t => {
  const tar = await tarOf(FILES);
  await assertRead(written('linux-headers-6.6.6-odd_6.6.6-1_amd64.deb', debOf(gzipSync(tar))));
  await assertRead(written('kernel-devel-6.6.6-1.odd.x86_64.rpm', rpm(gzipSync(cpioOf(FILES)))));
  await assertRead(written('linux-headers-6.6.6-1-x86_64.pkg.tar.gz', gzipSync(tar)));
  await assertRead(written('linux-headers-6.6.6-1-x86_64.pkg.tar', tar));
  for (const [program, suffix] of [
    ['xz', 'xz'],
    ['zstd', 'zst'],
  ] as const) {
    if (!hasProgram(program)) t.diagnostic(`not packed with ${program}, which is not there`);
    else
      await assertRead(
        written(`linux-headers-6.6.6-1-x86_64.pkg.tar.${suffix}`, execFileSync(program, ['-c'], { input: tar })),
      );
  }
});

test('packages that cannot be used say so in one line', async () => {
  const tar = await tarOf(FILES);
  const whole = debOf(gzipSync(tar));
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['noise.deb', Buffer.from('this is no package'.repeat(100)), /is not a package that can be read/],
    ['empty.deb', Buffer.alloc(0), /is not a package that can be read|holds no kernel/],
    ['cut.deb', whole.subarray(0, whole.length - 300), /corrupted gzip data|is not a package/],
    ['no-data.deb', arOf({ 'debian-binary': Buffer.from('2.0\n') }), /is not a package that can be read/],
    ['other.deb', debOf(gzipSync(await tarOf({ 'usr/bin/true': '' }))), /holds no kernel/],
    ['bzip2.pkg.tar', Buffer.from('BZh91AY&SY and more'), /packed with bzip2/],
    ['noise.rpm', rpm(Buffer.from('this is no archive')), /holds no kernel|is not a package/],
  ];
  for (const [name, bytes, reason] of cases) {
    const file = written(name, bytes);
    await assert.rejects(readTarget(file), error => {
      assert.ok(error instanceof InputError, `${name}: ${String(error)}`);
      assert.match(error.message, reason, name);
      assert.ok(error.message.startsWith(`${file}: `) && !error.message.includes('\n'), error.message);
      return true;
    });
  }
});

test('packages of one kernel are found beside each other, those of others are not', () => {
  const groups = [
    [
      'linux-headers-6.1.0-50-amd64_6.1.176-1_amd64.deb',
      'linux-headers-6.1.0-50-common_6.1.176-1_all.deb',
      'linux-image-6.1.0-50-amd64-unsigned_6.1.176-1_amd64.deb',
    ],
    ['linux-headers-6.1.0-50-rt-amd64_6.1.176-1_amd64.deb', 'linux-headers-6.1.0-50-common-rt_6.1.176-1_all.deb'],
    [
      'kernel-devel-6.9.1-200.fc40.x86_64.rpm',
      'kernel-core-6.9.1-200.fc40.x86_64.rpm',
      'kernel-modules-core-6.9.1-200.fc40.x86_64.rpm',
    ],
    ['kernel-rt-core-6.9.1-200.fc40.x86_64.rpm'],
    ['kernel-core-6.9.1-200.fc40.aarch64.rpm'],
    ['linux-headers-6.9.arch1-1-x86_64.pkg.tar.zst', 'linux-6.9.arch1-1-x86_64.pkg.tar.zst'],
    ['linux-lts-headers-6.6.9-1-x86_64.pkg.tar.zst', 'linux-lts-6.6.9-1-x86_64.pkg.tar.zst'],
    ['linux-kbuild-6.1_6.1.176-1_amd64.deb'],
    ['readme.deb'],
  ];
  const directory = mkdtempSync(path.join(scratch, 'beside-'));
  for (const name of groups.flat()) writeFileSync(path.join(directory, name), '');
  const namesOf = (name: string): string[] =>
    packagesOfKernel(path.join(directory, name))
      .map(file => path.basename(file))
      .sort();
  for (const group of groups) {
    const [name = ''] = group;
    assert.deepEqual(namesOf(name), [...group].sort());
  }
});

test('the package of an image says what its unpacked files say, exports of its modules included', async t => {
  const missing = ensureKernel('6.1');
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel('6.1');
  const packages = path.join(labDir(), 'pkgs');
  const name = readdirSync(packages).find(each => each.startsWith(`linux-image-${kernel.release}`)) ?? '';
  // Alone: without the headers beside it.
  const alone = path.join(scratch, 'alone');
  mkdirSync(alone);
  writeFileSync(path.join(alone, name), readFileSync(path.join(packages, name)));
  const facts = await readTarget(path.join(alone, name));
  const headers = await readTarget(kernel.headers);
  for (const fact of ['release', 'arch', 'vermagic', 'builtin', 'distribution'] as const)
    assert.deepEqual(facts[fact], headers[fact], fact);
  assert.deepEqual(facts.structModule?.size, headers.structModule?.size);
  const linesOf = (text: Uint8Array): string[] => Buffer.from(text).toString('latin1').trimEnd().split('\n').sort();
  assert.deepEqual(linesOf(facts.exports.text), linesOf(headers.exports.text));
});
