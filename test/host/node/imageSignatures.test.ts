// With the image of a kernel its keyring is at hand: signatures of modules are verified, in the command and in the library.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { verdictLine } from '../../../src/host/cli/printResult';
import { openTarget, System, type LoadResult } from '../../../src/index';
import { ensureKernel } from '../../kernel/lib/ensureKernel';
import { labKernel, type LabKernel } from '../../kernel/lib/kernels';

const KEY = '6.1';
const EKEYREJECTED = 129;

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

/** A signed module of Debian's own, and the same with one byte changed after it was signed. */
function modules(kernel: LabKernel): { readonly stock: Uint8Array; readonly changed: Uint8Array } {
  const stock = readFileSync(path.join(kernel.modules, 'kernel/drivers/net/dummy.ko'));
  const changed = Buffer.from(stock);
  const at = stock.indexOf('description=') + 'description='.length;
  changed[at] = (changed[at] ?? 0) ^ 1;
  return { stock, changed };
}

async function load(target: string, bytes: Uint8Array): Promise<LoadResult> {
  return new System(await openTarget(target)).insmod({ path: 'dummy.ko', bytes });
}

test('a stock module that was changed after signing is refused, by an image alone and beside headers', async t => {
  const missing = ensureKernel(KEY);
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel(KEY);
  const { stock, changed } = modules(kernel);
  const alone = path.join(scratch, `vmlinuz-${kernel.release}`);
  cpSync(kernel.vmlinuz, alone);
  for (const target of [alone, kernel.vmlinuz, kernel.headers, kernel.modules]) {
    const facts = await openTarget(target);
    assert.equal(facts.trustedKeys?.certificates.length, 1, target);
    assert.match(facts.sources?.trustedKeys ?? '', /built-in keyring of /);
    assert.equal((await load(target, stock)).errno, 0, target);
    const refused = await load(target, changed);
    assert.deepEqual([refused.verdict, refused.errno], ['refused', EKEYREJECTED], target);
  }
});

test('without the image the first line says that the signature is unchecked', async t => {
  const missing = ensureKernel(KEY);
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel(KEY);
  const { changed } = modules(kernel);
  const headers = path.join(scratch, path.basename(kernel.headers));
  for (const part of ['include', 'Module.symvers', 'Makefile']) {
    mkdirSync(headers, { recursive: true });
    cpSync(path.join(kernel.headers, part), path.join(headers, part), { recursive: true });
  }
  const result = await load(headers, changed);
  assert.equal(result.verdict, 'loads');
  assert.match(verdictLine(result, result.kernel.release), /would load on \S+.*, signature unchecked$/);
  // An image of another release does not count.
  writeFileSync(path.join(headers, 'vmlinux'), 'no kernel');
  assert.equal((await openTarget(headers)).trustedKeys, null);
});
