// insmod-lens insmod --tool: the same kernel, told of by the insmod of several user spaces.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { INSMOD_TOOLS, type InsmodToolName } from '../../../src/kmod/insmodTools';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));
const KERNEL = snapshotOf('6.12');
const FOREIGN = fixturePath('6.1', 'minimal');

async function lines(tool: InsmodToolName, file: string, ...params: readonly string[]): Promise<string[]> {
  const { stdout } = await insmodLens('insmod', '--tool', tool, '--kernel', KERNEL, file, ...params);
  return stdout.trimEnd().split('\n');
}

test('each tool has its own words; BusyBox asks twice, and so the kernel answers twice', async () => {
  const [answer = ''] = await lines('kmod', FOREIGN);
  assert.match(answer, /section size must match/);
  assert.deepEqual(await lines('kmod', FOREIGN), [
    answer,
    `insmod: ERROR: could not insert module ${FOREIGN}: Invalid module format`,
  ]);
  assert.deepEqual(await lines('busybox', FOREIGN), [
    answer,
    answer,
    `insmod: can't insert '${FOREIGN}': invalid module format`,
  ]);
  assert.deepEqual(await lines('toybox', FOREIGN), [answer, `insmod: failed to load ${FOREIGN}: Exec format error`]);
});

test('lines that a kernel prints once are printed once, whoever calls how often', async () => {
  const { stdout } = await insmodLens(
    ...['insmod', '--tool', 'busybox', '--init-result', '-19', '--kernel', KERNEL, fixturePath('6.12', 'minimal')],
  );
  const taints = stdout.split('\n').filter(line => line.includes('loading out-of-tree module'));
  assert.equal(taints.length, 1, stdout);
  assert.match(stdout, /insmod: can't insert '.*': No such device\n$/);
});

test('a compressed module is unpacked by whoever that tool leaves it to', async () => {
  const file = path.join(scratch, 'minimal.ko.gz');
  writeFileSync(file, gzipSync(readFileSync(fixturePath('6.12', 'minimal'))));
  const loaded = await lines('kmod-30', file);
  assert.ok(
    loaded.every(line => line.startsWith('minimal: ')),
    loaded.join('\n'),
  );
  // This kernel unpacks xz only.
  assert.deepEqual(await lines('kmod', file), loaded);
  const [first, second, ...rest] = await lines('busybox', file);
  assert.deepEqual([first, rest], ['not an xz compressed module', loaded]);
  assert.match(second ?? '', /Invalid ELF header magic/);
  assert.match((await lines('toybox', file)).join('\n'), /Invalid ELF header magic.*\ninsmod: failed to load/);
});

test('arguments are joined as each tool joins them', () => {
  const args = ['a=b c', 'd=1', 'e="f g"', 'h i'];
  const joined = Object.values(INSMOD_TOOLS).map(tool => tool.joinArguments(args));
  assert.deepEqual(joined, [
    'a="b c" d=1 e="f g" h i',
    'a=b c d=1 e="f g" h i',
    'a=b c d=1 e="f g" h i ',
    'a=b c d=1 e="f g" h i ',
  ]);
});

test('the tool of the root filesystem is taken, and said', async () => {
  const root = path.join(scratch, 'root');
  mkdirSync(path.join(root, 'boot'), { recursive: true });
  mkdirSync(path.join(root, 'sbin'));
  symlinkSync('../bin/busybox', path.join(root, 'sbin/insmod'));
  const kernel = path.join(root, 'boot', path.basename(KERNEL));
  copyFileSync(KERNEL, kernel);
  const { stdout, stderr } = await insmodLens('insmod', '--kernel', kernel, FOREIGN);
  assert.match(stdout, /can't insert/);
  assert.match(stderr, /as insmod of busybox, which is in .*sbin\/insmod/);
});
