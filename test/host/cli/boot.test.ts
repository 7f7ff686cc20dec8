// insmod-lens boot: real kernels in QEMU, where it can be had.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import type { BootReport } from '../../../src/report/boot/types';
import { ensureKernel } from '../../kernel/lib/ensureKernel';
import { labKernel } from '../../kernel/lib/kernels';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { schemaErrors } from '../../support/schema';
import { INITS, modulesOf, whyNoBoot, withInit } from '../node/boot/support';

const skip = whyNoBoot();
const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const ko = (name: string) => fixturePath('6.1', name);
const boot = (...args: string[]) => insmodLens('boot', '--accel', 'tcg', '--kernel', modulesOf('6.1'), ...args);

async function report(...args: string[]): Promise<BootReport> {
  const { stdout, stderr } = await boot('--format', 'json', ...args);
  assert.notEqual(stdout, '', stderr);
  const answer = JSON.parse(stdout) as BootReport;
  assert.deepEqual(schemaErrors('boot', answer), []);
  return answer;
}

const differing = ({ facts }: BootReport) => facts.filter(({ outcome }) => outcome !== 'same');

test('a module that loads, with parameters, and everything about it', { skip }, async () => {
  const { status, stdout, stderr } = await boot(ko('paramkinds'), 'p_int=7', 'p_charp=two words');
  assert.equal(status, 0, stderr);
  const [first = '', ...rows] = stdout.split('\n').filter(line => !line.startsWith('['));
  assert.match(first, /^✓ paramkinds loads on 6\.1\.0-\d+-amd64; init returned 0$/);
  assert.ok(
    rows.some(row => /^✓ parameters +\d\d the same$/.test(row)),
    stdout,
  );
  assert.ok(
    rows.every(row => row === '' || row.startsWith('✓')),
    stdout,
  );
  assert.match(stdout, /^\[ *\d+\.\d+\] paramkinds: loading out-of-tree module taints kernel\.$/m);
  assert.match(stderr, /simulation and kernel agree/);
});

test('dependencies come first', { skip }, async () => {
  const answer = await report(ko('chainuser'));
  assert.deepEqual(
    answer.real.steps.map(({ op, module, errno }) => `${op} ${module} ${errno}`),
    ['insmod exporter 0', 'insmod chain 0', 'insmod chainuser 0', 'rmmod chainuser 0'],
  );
  assert.deepEqual(differing(answer), []);
  assert.equal(answer.facts.find(({ name }) => name === 'chain')?.real, '1 references, used by chainuser, taints OE');
});

test('a report for a bug tracker has both answers and a fingerprint of the module', { skip }, async () => {
  const file = path.join(directory, 'report.json');
  const { status, stderr } = await boot('--report', file, '--syscall', 'init_module', ko('paramkinds'), 'p_int=7');
  assert.equal(status, 0, stderr);
  const { asked, ...report } = JSON.parse(readFileSync(file, 'utf8')) as BootReport & { readonly asked: object };
  const { name } = report.module;
  assert.deepEqual(schemaErrors('boot', { ...report, module: { name, path: report.module.path } }), []);
  assert.deepEqual(
    { ...asked, version: '' },
    { args: 'p_int=7', flags: 0, syscall: 'init_module', cmdline: '', version: '' },
  );
  const bytes = readFileSync(ko('paramkinds'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(report.module, { name: 'paramkinds', path: ko('paramkinds'), sha256, size: bytes.length });
  assert.deepEqual([report.verdict, report.agrees], ['loads', true]);
});

test('the answer is printed even if the report cannot be written', { skip }, async () => {
  const file = path.join(directory, 'missing', 'report.json');
  const { status, stdout, stderr } = await boot('--report', file, ko('minimal'));
  assert.equal(status, 2);
  assert.match(stdout, /^✓ minimal loads on /m);
  assert.match(stderr, /^insmod-lens: .*report\.json: .+$/m);
});

test('a module that is refused', { skip }, async () => {
  const answer = await report(ko('unresolved'));
  assert.deepEqual([answer.verdict, answer.real.steps[0]?.errno, answer.agrees], ['refused', 2, true]);
  assert.ok(answer.facts.some(({ real }) => /Unknown symbol/.test(real ?? '')));
  assert.equal((await boot(ko('unresolved'))).status, 1);
});

test('a module whose init fails', { skip }, async () => {
  const answer = await report('--keep', ko('initret'), 'ret=-19');
  assert.equal(answer.verdict, 'init-failed');
  assert.match(answer.summary, /its init returned -19 \(ENODEV: No such device\) on this virtual machine/);
  assert.deepEqual([answer.real.steps[0]?.loaded, answer.simulated.errno, answer.agrees], [true, 19, true]);
  assert.equal(answer.real.steps.length, 1);
});

test('a module that crashes the kernel', { skip }, async () => {
  const file = path.join(directory, 'minimal.ko');
  writeFileSync(file, withInit(INITS.crash));
  const { status, stdout } = await boot(file);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^✗ 6\.1\.0-\d+-amd64 crashed while minimal was loading: invalid opcode: 0000 \[#1\].*\n {4}\w+\+0x\w+ \[minimal\]\n {4}do_one_initcall\+0x/m,
  );
});

test('a module that never comes back, and nothing stays behind', { skip }, async () => {
  const file = path.join(directory, 'minimal.ko');
  writeFileSync(file, withInit(INITS.hang));
  const { status, stdout } = await boot('--timeout', '2', file);
  assert.equal(status, 1);
  assert.match(stdout, /^✗ \S+ did not answer for 2 s while minimal was loading$/m);
});

test('without QEMU one line says how to get it', async () => {
  const { status, stdout, stderr } = await insmodLens(
    'boot',
    '--kernel',
    snapshotOf('6.1'),
    '--qemu',
    directory,
    ko('minimal'),
  );
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^insmod-lens: .* holds no qemu-system-x86_64; .*apt install qemu-system-x86.*\n$/);
  assert.equal(stderr.trim().split('\n').length, 1);
});

test(
  'the image of another kernel: the sentence names the kernel that was booted',
  { skip: skip || ensureKernel('6.12') || false },
  async () => {
    const answer = await report('--image', labKernel('6.12').vmlinuz, ko('minimal'));
    assert.match(answer.summary, /^6\.12\.\S+ refuses minimal \(ENOEXEC/);
    assert.deepEqual([answer.simulated.verdict, answer.agrees], ['loads', false]);
  },
);

test('a target without an image', { skip }, async () => {
  const { status, stderr } = await insmodLens('boot', '--kernel', snapshotOf('7.2'), ko('minimal'));
  assert.equal(status, 2);
  assert.match(stderr, /no kernel image of 7\.2\S+ beside it or in \/boot; give one with --image/);
});

test('nothing is left in the directory for temporary files', { skip }, async () => {
  const before = readdirSync(tmpdir()).filter(name => name.startsWith('insmod-lens-boot-'));
  await boot('--timeout', '1', '--image', ko('minimal'), ko('minimal'));
  const now = readdirSync(tmpdir()).filter(name => name.startsWith('insmod-lens-boot-'));
  assert.deepEqual(
    now.filter(name => !before.includes(name)),
    [],
  );
});
