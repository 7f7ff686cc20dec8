// What a module needs is found and loaded before it: built here, the kernel's own, or known from Module.symvers only.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { analyseModule } from '../../../src/host/node/analyse';
import type { TargetResult } from '../../../src/protocol/analysis';
import { number, text, type KoFile } from '../../kernel/lib/koFile';
import type { Patch } from '../../kernel/lib/recipe';
import { fixture, moduleFile, snapshotOf } from '../../support/recorded';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(root, { recursive: true }));

type Change = (ko: KoFile) => readonly Patch[];

function write(file: string, name: string, change: Change = () => []): string {
  const ko = fixture('6.1', name);
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, moduleFile(ko, change(ko)).bytes);
  return target;
}

async function analysed(module: string, known: readonly string[]): Promise<TargetResult> {
  const targets = [{ path: snapshotOf('6.1') }];
  const { results } = await analyseModule({ path: module, targets, args: '', cmdline: '', loaded: [], known });
  assert.ok(results[0]);
  return results[0];
}

const codesOf = ({ result }: TargetResult): string[] => result.findings.map(({ code }) => code);
const otherKernel: Change = ko => [ko.setModinfo('vermagic', 'vermagic=6.2.0')];
/** Of a symbol that another version of the exporter had. */
const otherCrc: Change = ko =>
  ko.versions.filter(({ name }) => name === 'suite_plain').map(({ at }) => number(at, 4, 0x1234));

void test('a provider that was built here is loaded first, wherever it lies', async () => {
  const user = write('a/user.ko', 'user');
  const exporter = write('b/exporter.ko', 'exporter');
  const { result, needs } = await analysed(user, [user, exporter]);
  assert.equal(result.verdict, 'loads');
  assert.deepEqual(result.depends, ['exporter']);
  assert.deepEqual(
    needs.map(({ name, origin, errno }) => ({ name, origin, errno })),
    [{ name: 'exporter', origin: 'built', errno: 0 }],
  );
});

void test('of several builds of a provider the one for the same kernel counts', async () => {
  const user = write('c/user.ko', 'user');
  const wrong = write('c/exporter.ko', 'exporter', otherKernel);
  const right = write('d/exporter.ko', 'exporter');
  const { needs } = await analysed(user, [user, wrong, right]);
  assert.deepEqual(
    needs.map(each => each.path),
    [right],
  );
});

void test('two modules that disagree are told with both checksums, whichever was built last', async () => {
  const user = write('e/user.ko', 'user', otherCrc);
  const exporter = write('e/exporter.ko', 'exporter');
  const found = await analysed(user, [user, exporter]);
  const finding = found.result.findings.find(({ code }) => code === 'symbol-version');
  assert.equal(finding?.facts['wanted'], 0x1234);
  assert.equal(finding?.facts['owner'], 'exporter');
  // What was kept of the exporter is not kept longer than the file.
  write('e/user.ko', 'user');
  assert.equal((await analysed(user, [user, exporter])).result.verdict, 'loads');
  write('e/exporter.ko', 'exporter', otherKernel);
  assert.ok(codesOf(await analysed(user, [user, exporter])).includes('dependency-refused'));
});

void test('a dependency that would be refused, or is nowhere, is one finding', async () => {
  const user = write('f/user.ko', 'user');
  const refused = await analysed(user, [write('f/exporter.ko', 'exporter', otherKernel)]);
  assert.deepEqual(
    codesOf(refused).filter(code => code.startsWith('dependency-')),
    ['dependency-refused'],
  );
  const [first] = refused.result.findings;
  assert.deepEqual(first?.facts['symbols'], ['suite_plain', 'suite_data']);
  assert.match(first?.explanation ?? '', /exporter: version magic '6\.2\.0' should be/);
  const missing = await analysed(user, []);
  assert.deepEqual(
    codesOf(missing).filter(code => code.startsWith('dependency-')),
    ['dependency-missing'],
  );
  assert.deepEqual(missing.absent, ['exporter']);
});

void test("one of the kernel's own modules whose file is not at hand is known by Module.symvers", async () => {
  const renamed: Change = ko => [text(ko.symbolNameAt(ko.symbol('suite_plain')), 'usb_put_dev\0')];
  const { needs, result } = await analysed(write('g/user.ko', 'user', renamed), []);
  assert.deepEqual(
    needs.map(({ name, origin }) => [name, origin]),
    [['usbcore', 'listed']],
  );
  assert.ok(result.symbols.some(({ name, owner }) => name === 'usb_put_dev' && owner === 'usbcore'));
});
