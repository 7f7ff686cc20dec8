// insmod-lens insmod: what is printed where, and the exit status.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import type { LoadResult } from '../../../src/index';
import { insmodLens } from '../../support/command';
import { fixture, fixturePath, GENERATIONS, moduleFile, releaseOf, snapshotOf } from '../../support/recorded';
import { schemaErrors } from '../../support/schema';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, bytes: Uint8Array | string): string {
  const file = path.join(directory, name);
  writeFileSync(file, bytes);
  return file;
}

const KERNEL = ['--kernel', snapshotOf('6.12')];
const ko = (name: string) => fixturePath('6.12', name);
const insmod = (...args: string[]) => insmodLens('insmod', ...KERNEL, ...args);
const parse = (text: string) => JSON.parse(text) as LoadResult;

test('a module that loads: the log, nothing else, exit 0', async () => {
  assert.deepEqual(await insmod(ko('minimal'), 'bogus=1'), {
    status: 0,
    stdout:
      'minimal: loading out-of-tree module taints kernel.\n' +
      'minimal: module verification failed: signature and/or required key missing - tainting kernel\n' +
      "minimal: unknown parameter 'bogus' ignored\n",
    stderr: '',
  });
});

test("a module that is refused: the log, insmod's line, exit 1", async () => {
  const { status, stdout, stderr } = await insmod(ko('unresolved'));
  assert.deepEqual([status, stderr], [1, '']);
  assert.deepEqual(stdout.split('\n').slice(-4), [
    'unresolved: Unknown symbol suite_missing_two (err -2)',
    'unresolved: Unknown symbol suite_missing_one (err -2)',
    `insmod: ERROR: could not insert module ${ko('unresolved')}: Unknown symbol in module`,
    '',
  ]);
});

test('section preparation that is not simulated: unchecked, exit 3', async () => {
  const minimal = fixture('6.1', 'minimal');
  const prefixed = [minimal.setEhdr('e_machine', 21), minimal.setEhdr('e_flags', 2)];
  const ppc64le = write('minimal.ko', moduleFile(minimal, prefixed).bytes);
  const facts = JSON.parse(brotliDecompressSync(readFileSync(snapshotOf('6.1'))).toString()) as { config: object };
  const config = { ...facts.config, PPC_KERNEL_PCREL: 'y' };
  const target = write('ppc64le.kernel.json', JSON.stringify({ ...facts, config, arch: 'ppc64le' }));
  const args = ['insmod', '--kernel', target, ppc64le];
  const { status, stdout, stderr } = await insmodLens(...args);
  assert.equal(status, 3);
  assert.match(stdout, /minimal: loading out-of-tree module taints kernel/);
  assert.match(
    stderr,
    /not checked: module_frob_arch_sections: module_frob_arch_sections\(\) of ppc64le is not simulated/,
  );
  assert.match(stderr, /minimal: nothing refuses the module, but this had to be checked and could not: \S/);
  const json = parse((await insmodLens(...args, '--format', 'json')).stdout);
  assert.deepEqual([json.verdict, json.errno, json.insmod], ['unchecked', 0, null]);
  const { essential = [] } = json;
  assert.ok(essential.length > 0);
  const { stdout: cells, stderr: open } = await insmodLens('matrix', ...args.slice(1));
  assert.match(cells, /\? unchecked/);
  for (const reason of essential) assert.ok(stderr.includes(reason) && open.includes(reason), open);
  assert.ok(cells.includes(essential[0] ?? '-'), cells);
  const checked = await insmodLens('check', '--kernel', target, ppc64le);
  assert.equal(checked.status, 3);
  assert.match(checked.stdout, /1 module, 0 would load, 1 unchecked, 0 would be refused/);
  // What does not depend on relocations is still decided.
  const wrong = write('wrong.ko', moduleFile(minimal, [minimal.setEhdr('e_machine', 40)]).bytes);
  assert.equal((await insmodLens('insmod', '--kernel', target, wrong)).status, 1);
});

test('what the kernel itself would be given is refused as the kernel would', async () => {
  const minimal = fixture('6.12', 'minimal');
  const empty = write('empty.ko', '');
  const cases: readonly (readonly [file: string, text: string, line: string | null])[] = [
    [empty, 'Invalid parameters', null],
    [write('text.ko', 'int x;\n'.repeat(20)), 'Invalid module format', 'Invalid ELF header magic: != \\x7fELF'],
    [write('short.ko', 'int x;\n'), 'Invalid module format', 'Invalid ELF header len 7'],
    [write('cut.ko', minimal.bytes.subarray(0, 3000)), 'Invalid module format', 'Invalid ELF section header overflow'],
    [
      write('arm.ko', moduleFile(minimal, [minimal.setEhdr('e_machine', 183)]).bytes),
      'Invalid module format',
      'Invalid architecture in ELF header: 183',
    ],
  ];
  await Promise.all(
    cases.map(async ([file, text, line]) => {
      const error = `insmod: ERROR: could not insert module ${file}: ${text}\n`;
      assert.deepEqual(await insmod(file), {
        status: 1,
        stdout: line === null ? error : `${line}\n${error}`,
        // The kernel prints no line for an empty file: this one is ours.
        stderr: line === null ? 'insmod-lens: the file is empty\n' : '',
      });
    }),
  );
  const old = await insmod('--syscall', 'init_module', empty);
  assert.equal(old.stdout, `insmod: ERROR: could not insert module ${empty}: Invalid module format\n`);
});

test('--format json: one object for one kernel, an array for several', async () => {
  const one = await insmod('--format', 'json', ko('paramkinds'), 'p_int=7', 'p_charp=a b');
  assert.deepEqual([one.status, one.stderr], [0, '']);
  const result = parse(one.stdout);
  assert.deepEqual(schemaErrors('insmod', result), []);
  const value = (name: string) => result.params.find(param => param.name === name)?.value;
  assert.deepEqual([value('p_int'), value('p_charp')], ['7', 'a b']);

  const kernels = GENERATIONS.flatMap(generation => ['--kernel', snapshotOf(generation)]);
  const all = await insmodLens('insmod', ...kernels, '--format', 'json', ko('minimal'));
  const results = JSON.parse(all.stdout) as LoadResult[];
  assert.ok(Array.isArray(results));
  assert.deepEqual(
    results.map(({ kernel, verdict }) => [kernel.release, verdict]),
    GENERATIONS.map(generation => [releaseOf(generation), generation === '6.12' ? 'loads' : 'refused']),
  );
  for (const each of results) assert.deepEqual(schemaErrors('insmod', each), []);
  assert.equal(all.status, 1, 'one refusal is enough');
  const refused = await insmod('--format', 'json', ko('unresolved'));
  assert.deepEqual([refused.status, parse(refused.stdout).errnoName], [1, 'ENOENT']);
});

test('several kernels as text: each under its own name', async () => {
  const { stdout } = await insmodLens('insmod', ...KERNEL, '--kernel', snapshotOf('7.2'), ko('minimal'));
  const headings = stdout.split('\n').filter(line => line.startsWith('== '));
  assert.deepEqual(headings, [`== ${releaseOf('6.12')}`, `== ${releaseOf('7.2')}`]);
});

test('--loaded: modules that are there already, in order', async () => {
  const loaded = ['--loaded', ko('exporter'), '--loaded', ko('chain')];
  const chained = await insmod(...loaded, '--format', 'json', ko('chainuser'));
  assert.equal(chained.status, 0);
  assert.deepEqual([...parse(chained.stdout).depends].sort(), ['chain', 'exporter']);
  // Said when exporter was loaded, before this module.
  assert.deepEqual(parse(chained.stdout).log, []);
  const wrong = await insmod('--loaded', ko('chain'), '--loaded', ko('exporter'), ko('chainuser'));
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /^insmod-lens: .*chain\.ko: given with --loaded, would itself be refused \(.*\)\n$/);
});

test('options of loading', async () => {
  const stripped = fixture('6.12', 'minimal');
  const other = write('other.ko', moduleFile(stripped, [stripped.setModinfo('vermagic', 'vermagic=6.12 SMP')]).bytes);
  const [plain, forced, both, enforced, failing] = await Promise.all([
    insmod(other),
    insmod('--force-vermagic', other),
    insmod('--force-vermagic', '--force-modversion', '--format', 'json', other),
    insmod('--cmdline', 'module.sig_enforce=1', ko('minimal')),
    insmod('--init-result', '-19', ko('initret')),
  ]);
  assert.deepEqual([plain.status, forced.status, both.status], [1, 0, 0]);
  assert.match(plain.stdout, /minimal: version magic '6\.12 SMP' should be '6\.12\.107/);
  assert.match(forced.stdout, /minimal: bad vermagic: kernel tainted\.\n/);
  assert.equal(parse(both.stdout).taints, 'FOE');
  assert.equal(enforced.status, 1);
  assert.match(enforced.stdout, /^Loading of unsigned module is rejected\n.*Key was rejected by service\n$/);
  assert.equal(failing.status, 1);
  assert.match(failing.stdout, /initret\.ko: No such device\n$/);
});

test('a message of two lines is two lines', async () => {
  const { stdout } = await insmod('--init-result', '3', ko('initret'));
  assert.deepEqual(stdout.split('\n').slice(-3), [
    "do_init_module: 'initret'->init suspiciously returned 3, it should follow 0/-E convention",
    'do_init_module: loading module anyway...',
    '',
  ]);
});
