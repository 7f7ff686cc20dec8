// Budgets of the main commands: what they ask the system, read, and take of memory. What was measured stands behind each.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { labKernel } from '../../kernel/lib/kernels';
import { leftOut } from '../../support/leftOut';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { usageOf, type Usage } from '../../support/usage';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const kernel = labKernel('6.1');
const hasKernel = existsSync(kernel.headers);
const stock = path.join(kernel.modules, 'kernel/net/phonet/phonet.ko');
const SNAPSHOT = ['--kernel', snapshotOf('6.1'), fixturePath('6.1', 'minimal')];

interface Budget extends Usage {
  readonly args: readonly string[];
  /** Runs that fill the cache. */
  readonly before: number;
  readonly needsKernel?: boolean;
}

const BUDGETS: Readonly<Record<string, Budget>> = {
  'insmod for the first time': { args: ['insmod', ...SNAPSHOT], before: 0, calls: 40, bytes: 1_500_000, pages: 9_000 },
  insmod: { args: ['insmod', ...SNAPSHOT], before: 3, calls: 45, bytes: 2_500_000, pages: 6_000 },
  'the version': { args: ['--version'], before: 3, calls: 20, bytes: 2_300_000, pages: 4_500 },
  modinfo: { args: ['modinfo', fixturePath('6.1', 'minimal')], before: 3, calls: 25, bytes: 2_000_000, pages: 3_500 },
  'insmod on a kernel with its image': {
    args: ['insmod', '--kernel', kernel.headers, stock],
    before: 3,
    calls: 115,
    bytes: 5_700_000,
    pages: 4_600,
    needsKernel: true,
  },
  'check of plain modules, each looked at': {
    args: ['check', '--no-cache', '--kernel', kernel.headers, path.join(kernel.modules, 'kernel/drivers/net')],
    before: 1,
    calls: 2_300,
    bytes: 98_000_000,
    pages: 12_500,
    needsKernel: true,
  },
  'check of what did not change': {
    args: ['check', '--kernel', kernel.headers, path.join(kernel.modules, 'kernel/fs')],
    before: 3,
    calls: 620,
    bytes: 13_500_000,
    pages: 8_000,
    needsKernel: true,
  },
};

for (const [name, { args, before, needsKernel = false, ...most }] of Object.entries(BUDGETS))
  test(`budget: ${name}`, t => {
    if (needsKernel && !hasKernel) return t.skip(leftOut('budgets on a real kernel', 'run npm run test:kernel'));
    const used = usageOf(mkdtempSync(path.join(directory, 'cache-')), args, before);
    t.diagnostic(`${name}: ${JSON.stringify(used)}`);
    for (const what of ['calls', 'bytes'] as const) {
      assert.ok(used[what] > 0, what);
      assert.ok(used[what] <= most[what], `${what}: ${used[what]}`);
    }
    // Pages have this size on most machines only.
    if (process.arch === 'x64') assert.ok(used.pages <= most.pages, `pages: ${used.pages}`);
  });
