// Debian's own modules load on Debian's own kernel: all of them, each with its dependencies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTarget } from '../../src/index';
import { ensureKernel } from './lib/ensureKernel';
import { labKernel } from './lib/kernels';
import { loadStockTree } from './lib/stockTree';

const KEY = '6.1';
/** Fewer means that the tree was not read whole. */
const AT_LEAST = 4000;

void test(`every module of Debian's linux-image package for ${KEY} loads`, async t => {
  const missing = ensureKernel(KEY);
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel(KEY);
  const report = loadStockTree(await openTarget(kernel.headers), kernel.modules);
  console.log(`${kernel.release}: ${report.modules} modules, ${report.loads} loads with dependencies`);
  for (const { module, reason } of report.failures.slice(0, 20)) console.log(`  ${module}: ${reason}`);
  assert.ok(report.modules >= AT_LEAST, `only ${report.modules} modules in the tree`);
  assert.equal(report.failures.length, 0, `${report.failures.length} modules do not load`);
});
