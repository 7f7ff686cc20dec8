// A tree of small files that each become large: one budget for all of them, whoever unpacks.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkModules } from '../../../src/host/node/check/check';
import { CheckPool } from '../../../src/host/node/check/pool';
import { newUnpackBudget } from '../../../src/host/node/check/unpackBudget';
import { CLI } from '../../support/command';
import { leftOut } from '../../support/leftOut';
import { fixturePath, snapshotOf } from '../../support/recorded';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

const MODULE = fixturePath('6.1', 'minimal');
const SIZE = readFileSync(MODULE).length;

/** Files that the threads, or the programs, may have taken before the last of the budget was counted. */
const AHEAD: Readonly<Record<string, number>> = { gz: 2, xz: 64 * (availableParallelism() + 1) };

const FILES = 51 + 64 * (availableParallelism() + 2);

const PACKERS = {
  gz: () => gzipSync(readFileSync(MODULE)),
  xz: () => execFileSync('xz', ['-c', '--check=crc32', MODULE]),
} as const;

for (const [suffix, pack] of Object.entries(PACKERS))
  test(`modules in .${suffix} after the budget is spent are named, and plain ones are judged`, async t => {
    if (suffix === 'xz' && spawnSync('xz', ['--version']).status !== 0)
      return t.skip(leftOut('files of xz(1)', 'install xz-utils'));
    const packed = Array.from({ length: FILES }, (_, i) => {
      const file = path.join(scratch, `m${i}.ko.${suffix}`);
      writeFileSync(file, pack());
      return file;
    });
    const plain = path.join(scratch, 'plain.ko');
    writeFileSync(plain, readFileSync(MODULE));
    const pool = new CheckPool(CLI, 2);
    try {
      const [report] = await checkModules(pool, {
        files: [...packed, plain],
        targets: [{ path: snapshotOf('6.1') }],
        cmdline: '',
        relocations: true,
        withHints: false,
        unlisted: [],
        dkmsConfs: [],
        root: scratch,
        shard: null,
        baseline: null,
        cache: null,
        progress: () => undefined,
        budget: newUnpackBudget(50 * SIZE),
      });
      const over = report?.unreadable.filter(line => line.includes('was not unpacked: the files before it')) ?? [];
      assert.deepEqual(report?.unreadable.length, over.length, 'nothing else is wrong');
      // A batch that is under way when the budget ends is finished.
      const unpacked = packed.length - over.length;
      assert.ok(unpacked > (50 * SIZE) / (SIZE + 1024) && unpacked <= 51 + (AHEAD[suffix] ?? 0), `${unpacked} files`);
      assert.ok(report?.modules.some(({ path: file }) => file === 'plain.ko'));
    } finally {
      await pool.close();
    }
  });
