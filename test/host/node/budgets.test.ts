// Files that become much more than they are. What is too much is said, and the rest goes on.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { MOST_DEPENDENCIES } from '../../../src/graph/tree/linkTree';
import { MOST_ROWS, Rows } from '../../../src/formats/dwarf/rows';
import { runLineProgram, type LineProgram } from '../../../src/formats/dwarf/lineProgram';
import type { DebugSection } from '../../../src/formats/dwarf/sections';
import { ByteReader } from '../../../src/formats/bytes/byteReader';
import { placeOf } from '../../../src/formats/elf/relocations';
import { FileReader } from '../../../src/host/node/check/fileReader';
import { XzProgram } from '../../../src/host/node/check/xzProgram';
import { unpackKernel } from '../../../src/host/node/unpackKernel';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { leftOut } from '../../support/leftOut';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));
const KERNEL = ['--kernel', snapshotOf('6.1')];

test('rows of line programs end at a number, and those before can be found', () => {
  // Special opcodes: each is a row.
  const bytes = new Uint8Array(MOST_ROWS + 1000).fill(13 + 14);
  const section = { r: new ByteReader(bytes), length: bytes.length } as unknown as DebugSection;
  const program: LineProgram = {
    version: 4,
    offsetSize: 4,
    addressSize: 8,
    offset: 0,
    opcodesAt: 0,
    end: bytes.length,
    minimumInstructionLength: 1,
    lineBase: -5,
    lineRange: 14,
    opcodeBase: 13,
    opcodeLengths: [0],
    files: ['', 'a.c'],
  };
  const rows = new Rows();
  runLineProgram(section, program, rows);
  assert.ok(rows.isFull);
  rows.end(placeOf(0, 2 * MOST_ROWS));
  assert.equal(rows.find(placeOf(0, 0))?.file ?? rows.find(placeOf(0, 5))?.file, 1);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 1000; i++) rows.row(placeOf(0, i), 1, i, 0);
  assert.equal(process.memoryUsage().arrayBuffers, before, 'nothing is added');
});

test('a file larger than any module', async () => {
  const file = path.join(directory, 'sparse.ko');
  copyFileSync(fixturePath('6.1', 'minimal'), file);
  truncateSync(file, 2 ** 29 + 1);
  const sound = path.join(directory, 'minimal.ko');
  copyFileSync(fixturePath('6.1', 'minimal'), sound);
  const check = await insmodLens('check', '--no-cache', ...KERNEL, directory);
  assert.equal(check.status, 2);
  assert.match(check.stderr, /^insmod-lens: .*sparse\.ko: too large/);
  assert.match(check.stdout, /1 module, 1 would load/, 'the rest goes on');
  const insmod = await insmodLens('insmod', ...KERNEL, file);
  assert.equal(insmod.status, 2);
  assert.match(insmod.stderr, /too large/);
  rmSync(file);
});

test('a chain of modules that all need each other and one that is missing', async () => {
  const tree = mkdtempSync(path.join(directory, 'chain-'));
  const bytes = readFileSync(fixturePath('7.2', 'chain')).toString('latin1');
  const name = (i: number): string => i.toString(16).padStart(4, '0');
  const count = MOST_DEPENDENCIES + 100;
  for (let i = 0; i < count; i++) {
    const linked = bytes
      .replaceAll('suite_chain', `suite_c${name(i)}`)
      .replaceAll('suite_plain', i === 0 ? 'suite_plain' : `suite_c${name(i - 1)}`)
      .replaceAll('chain\0', `m${name(i)}\0`);
    writeFileSync(path.join(tree, `m${name(i)}.ko`), Buffer.from(linked, 'latin1'));
  }
  const check = ['check', '--no-cache', '--kernel', snapshotOf('7.2'), tree];
  const { status, stdout, stderr } = await insmodLens(...check);
  assert.equal(status, 1);
  const beyond = count - 1 - MOST_DEPENDENCIES;
  assert.match(
    stdout,
    new RegExp(`${count} modules, 0 would load, ${beyond} unchecked, ${count - beyond} would be refused`),
  );
  assert.match(
    stderr,
    new RegExp(`not checked in ${beyond} modules: it depends on more than ${MOST_DEPENDENCIES} other modules`),
  );
  rmSync(tree, { recursive: true });
});

test('a large file takes its own size once', () => {
  const file = path.join(directory, 'large.bin');
  writeFileSync(file, 'x');
  truncateSync(file, 100 << 20);
  const reader = new FileReader();
  const before = process.memoryUsage().arrayBuffers;
  assert.equal(reader.read(file).length, 100 << 20);
  assert.ok(process.memoryUsage().arrayBuffers - before <= (100 << 20) + 4096);
  rmSync(file);
});

test('what an .xz says of its size does not count, and one dictionary is too large for all commands alike', async t => {
  if (spawnSync('xz', ['--version']).status !== 0) return t.skip(leftOut('files of xz(1)', 'install xz-utils'));
  const pack = (...args: string[]): Buffer =>
    execFileSync('xz', ['-c', '--check=crc32', ...args], { input: Buffer.alloc(200 << 20), maxBuffer: 2 ** 30 });
  const large = pack('-0');
  const small = execFileSync('xz', ['-0', '-c', '--check=crc32'], { input: Buffer.alloc(3 << 20) });
  const indexSize = (packed: Buffer): number => (packed.readUInt32LE(packed.length - 8) + 1) * 4 + 12;
  const tree = mkdtempSync(path.join(directory, 'xz-'));
  const bomb = path.join(tree, 'bomb.ko.xz');
  const module = execFileSync('xz', ['-c', '--lzma2=preset=0,dict=128MiB', fixturePath('6.1', 'minimal')]);
  writeFileSync(
    bomb,
    Buffer.concat([
      large.subarray(0, large.length - indexSize(large)),
      small.subarray(small.length - indexSize(small)),
    ]),
  );
  const both = async (): Promise<void> => {
    const file = path.join(tree, 'bomb.ko.xz');
    const [check, insmod] = [
      await insmodLens('check', '--no-cache', ...KERNEL, tree),
      await insmodLens('insmod', ...KERNEL, file),
    ];
    assert.deepEqual([check.status, insmod.status], [2, 2]);
    const reason = (text: string): string | undefined => /bomb\.ko\.xz: (.*)\n/.exec(text)?.[1];
    assert.equal(reason(check.stderr), reason(insmod.stderr));
  };
  await both();
  // The kernel holds xz to what was promised, so that it does not go on when whoever started it was killed.
  const { unpacked, limit } = await limitedAs(async () => {
    const program = new XzProgram();
    return program.unpack([bomb]).finally(() => program.close());
  });
  assert.deepEqual(unpacked, [null]);
  assert.equal(limit, (3 << 20) + 512);
  writeFileSync(bomb, module);
  await both();
});

/** By packing, the program that makes it. */
const PACKERS: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  gzip: ['gzip', '-c'],
  xz: ['xz', '-1', '-c', '--check=crc32'],
  lzma: ['xz', '-1', '-c', '--format=lzma'],
  bzip2: ['bzip2', '-c'],
  zstd: ['zstd', '-q', '-c'],
  lz4: ['lz4', '-l', '-q', '-c'],
  lzo: ['lzop', '-c'],
};

for (const packing of ['gzip', 'xz', 'lzma', 'bzip2', 'zstd', 'lz4', 'lzo'] as const)
  test(`a kernel image of ${packing} becomes no larger than a kernel so packed can be`, async t => {
    const [program, ...args] = PACKERS[packing] ?? ['false'];
    if (spawnSync(program, ['--version']).status !== 0) return t.skip(leftOut(`files of ${program}(1)`, `install it`));
    const pack = (size: number): Buffer =>
      execFileSync(program, args, { input: Buffer.alloc(size), maxBuffer: 2 ** 30 });
    // 32 MiB are always allowed, and more only where the file itself is large.
    assert.equal((await unpackKernel(packing, pack(16 << 20)))?.length, 16 << 20);
    assert.equal(await unpackKernel(packing, pack(200 << 20)), null);
  });

/** Runs what starts xz(1), with the limit on the size of files, in bytes, under which it was started. */
async function limitedAs<T>(unpack: () => Promise<T>): Promise<{ unpacked: T; limit: number }> {
  const before = process.env['PATH'] ?? '';
  const own = mkdtempSync(path.join(directory, 'bin-'));
  const real = execFileSync('sh', ['-c', 'command -v xz'], { encoding: 'utf8' }).trim();
  // dash and POSIX count in blocks of 512 bytes.
  writeFileSync(path.join(own, 'xz'), `#!/bin/sh\nulimit -f > '${own}/limit'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  process.env['PATH'] = `${own}:${before}`;
  try {
    const unpacked = await unpack();
    return { unpacked, limit: 512 * Number(readFileSync(path.join(own, 'limit'), 'utf8')) };
  } finally {
    process.env['PATH'] = before;
  }
}
