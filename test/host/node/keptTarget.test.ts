// A target that is kept in the cache is the same as one that is read, and is read again when anything it was read from changed.
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, beforeEach } from 'node:test';
import { CacheFiles } from '../../../src/host/node/cacheFiles';
import { readThroughCache } from '../../../src/host/node/keptTarget';
import { DISK } from '../../../src/host/node/targetFiles';
import { watchFiles, isUnchanged } from '../../../src/host/node/watchedFiles';
import { readTarget } from '../../../src/target/sources';
import { symversRow } from '../../../src/target/symvers';
import { btfOfWords, info } from '../../support/rawBtf';
import type { KernelFacts } from '../../../src/target/types';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const LONG_AGO = 1_600_000_000;
let build = '';
let reads = 0;

/** Writes a file of the build that was not touched for years. */
function write(name: string, text: string): void {
  const file = path.join(build, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, LONG_AGO, LONG_AGO);
  for (let above = path.dirname(file); above !== directory; above = path.dirname(above))
    utimesSync(above, LONG_AGO, LONG_AGO);
}

const rows = (crc: number): string =>
  [...Array(300).keys()]
    .map(i =>
      symversRow({ name: `symbol_${i}`, crc: crc + i, type: i % 3 === 0 ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL' }),
    )
    .join('');

const read = (): Promise<KernelFacts> =>
  readThroughCache(build, {}, DISK, files => {
    reads++;
    return readTarget(build, files);
  });

const kernels = (): string => path.join(process.env['XDG_CACHE_HOME'] ?? '', 'insmod-lens', 'kernels');

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = mkdtempSync(path.join(directory, 'cache-'));
  build = path.join(mkdtempSync(path.join(directory, 'root-')), 'build');
  write('include/config/auto.conf', 'CONFIG_X86_64=y\nCONFIG_64BIT=y\nCONFIG_MODVERSIONS=y\nCONFIG___proto__="odd"\n');
  write('include/generated/utsrelease.h', '#define UTS_RELEASE "6.1.0-test"\n');
  write('Module.symvers', rows(0x1000));
  reads = 0;
});

/** Everything that can be asked of facts. */
function plain(facts: KernelFacts): unknown {
  const { exports, config, ...rest } = facts;
  const table = Array.from({ length: exports.size }, (_, i) => [
    exports.row(i),
    exports.line(i),
    exports.findName(exports.name(i)),
    exports.findNext(i),
  ]);
  return {
    ...rest,
    config: Object.entries(config),
    prototype: Object.getPrototypeOf(config) as unknown,
    table,
    digest: exports.vmlinuxDigest(),
    missing: exports.findName('none'),
  };
}

test('the second time nothing is read, and the facts are the same', async () => {
  const first = plain(await read());
  assert.equal(reads, 1);
  assert.deepEqual(plain(await read()), first);
  assert.equal(reads, 1);
});

const CHANGES: Readonly<Record<string, () => void>> = {
  'another text': () => write('Module.symvers', rows(0x2000).replace('symbol_7', 'symbol_8')),
  'another file of the same size and age': () => {
    const file = path.join(build, 'Module.symvers');
    write('other', rows(0x2000));
    assert.equal(statSync(path.join(build, 'other')).size, statSync(file).size);
    renameSync(path.join(build, 'other'), file);
    utimesSync(build, LONG_AGO, LONG_AGO);
  },
  'a file that was looked for and not found': () =>
    write('include/generated/package.h', '#define LINUX_PACKAGE_ID " Debian 6.1.1"\n'),
  'a file that is gone': () => rmSync(path.join(build, 'include/config/auto.conf')),
};

for (const [what, change] of Object.entries(CHANGES))
  test(`read again after a change: ${what}`, async () => {
    await read();
    change();
    const now = await read().then(plain, (error: Error) => error.message);
    assert.equal(reads, 2);
    assert.deepEqual(now, await readTarget(build, DISK).then(plain, (error: Error) => error.message));
  });

test('what was written a moment ago is not kept', async () => {
  writeFileSync(path.join(build, 'Module.symvers'), rows(0x3000));
  await read();
  await read();
  assert.equal(reads, 2);
});

test('a damaged or foreign cache is not used', async () => {
  const first = plain(await read());
  const [name = ''] = readdirSync(kernels());
  const file = path.join(kernels(), name);
  const bytes = readFileSync(file);
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  assert.deepEqual(plain(await read()), first);
  assert.equal(reads, 2);
  assert.equal(new CacheFiles(kernels()).list().length, 1, 'and replaced');
  process.env['XDG_CACHE_HOME'] = '/proc/1/nowhere';
  assert.deepEqual(plain(await read()), first);
  assert.equal(reads, 3);
});

test('types that were damaged, cut or taken away are never just missing', async () => {
  const btf = { bytes: Uint8Array.from({ length: 5000 }, (_, i) => i), source: 'a test' };
  const withTypes = (): Promise<KernelFacts> =>
    readThroughCache(build, {}, DISK, async files => {
      reads++;
      return { ...(await readTarget(build, files)), btf };
    });
  await withTypes();
  assert.deepEqual((await withTypes()).btf, btf);
  assert.equal(reads, 1);
  const large = (): string => {
    const files = new CacheFiles(kernels()).list().sort((a, b) => b.size - a.size);
    const found = files.find(({ name }) => readFileSync(path.join(kernels(), name)).includes(Buffer.from(btf.bytes)));
    return path.join(kernels(), found?.name ?? '');
  };
  for (const damage of [
    (file: string) => writeFileSync(file, readFileSync(file).fill(7, 100, 101)),
    (file: string) => truncateSync(file, 1000),
    (file: string) => rmSync(file),
  ]) {
    reads = 0;
    damage(large());
    assert.deepEqual((await withTypes()).btf, btf);
    assert.equal(reads, 1);
    assert.deepEqual((await withTypes()).btf, btf);
    assert.equal(reads, 1, 'and replaced');
  }
  const facts = await withTypes();
  const file = large();
  writeFileSync(file, readFileSync(file).fill(7, 100, 101));
  assert.throws(() => facts.btf, /was damaged in the cache and is removed: run the command again/);
  assert.ok(!existsSync(file));
});

test('of sound types only an outline is read, in blocks that are checked', async () => {
  const text = `\0${'name_'.repeat(10_000)}\0int\0`;
  const bytes = new Uint8Array(btfOfWords([[text.indexOf('int'), info(1), 4, 32 | (1 << 24)]], text));
  const withTypes = (): Promise<KernelFacts> =>
    readThroughCache(build, {}, DISK, async files => ({
      ...(await readTarget(build, files)),
      btf: { bytes, source: 'a test' },
    }));
  await withTypes();
  const { btf } = await withTypes();
  const outline = btf?.outline;
  assert.deepEqual(outline && { kinds: [...outline.kinds], strLen: outline.strLen }, {
    kinds: [0, 1],
    strLen: text.length,
  });
  const string = (offset: number): string => {
    const { bytes: held = new Uint8Array(), at = 0 } = outline?.string(offset) ?? {};
    return Buffer.from(held).toString('latin1', at, held.indexOf(0, at));
  };
  assert.equal(string(text.indexOf('int')), 'int');
  assert.equal(string(1), 'name_'.repeat(10_000), 'over several blocks');
  assert.deepEqual(btf?.bytes, bytes);
  const again = (await withTypes()).btf?.outline;
  const file = new CacheFiles(kernels()).list().sort((a, b) => b.size - a.size)[0]?.name ?? '';
  const kept = path.join(kernels(), file);
  writeFileSync(kept, readFileSync(kept).fill(7, 20_000, 20_001));
  assert.equal(again?.string(text.indexOf('int')).at, (text.indexOf('int') % (16 << 10)) + 40, 'another block');
  assert.throws(() => again?.string(10_000), /was damaged in the cache and is removed: run the command again/);
  assert.ok(!existsSync(kept));
});

test('a moved target is another one', async () => {
  await read();
  const moved = path.join(mkdtempSync(path.join(directory, 'root-')), 'build');
  cpSync(build, moved, { recursive: true, preserveTimestamps: true });
  build = moved;
  await read();
  assert.equal(reads, 2);
});

test('links are noted themselves, and packages cannot be watched', async () => {
  const watching = watchFiles(DISK);
  watching.files.isLink(path.join(build, 'link'));
  const before = watching.watched();
  assert.ok(before && isUnchanged(before, DISK));
  writeFileSync(path.join(build, 'link'), '');
  assert.ok(!isUnchanged(before, DISK));
  await watching.files.readPackage(path.join(build, 'none.deb'), () => Promise.reject(new Error())).catch(() => null);
  assert.equal(watching.watched(), null);
});
