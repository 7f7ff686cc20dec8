// The two system calls: their flags, and files that are no modules at all.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type InsmodOptions, type LoadResult } from '../../src/index';
import { configured, factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../support/recorded';

const texts = (result: LoadResult) => result.log.map(line => line.text);

function load(generation: Generation, bytes: Uint8Array, options: InsmodOptions = {}): LoadResult {
  return new System(factsOf(generation)).insmod({ path: 'some.ko', bytes }, '', options);
}

/** Log lines but those every first module of ours brings. */
const ownLines = (result: LoadResult) => texts(result).filter(text => !/out-of-tree|verification failed/.test(text));

const LOCKDEP = 'Disabling lock debugging due to kernel taint';

for (const generation of GENERATIONS) {
  const ko = fixture(generation, 'minimal');
  const versioned = generation !== '7.2';

  test(`${generation}: flag 1 takes the versions away`, () => {
    const result = load(generation, ko.bytes, { flags: 1 });
    assert.equal(result.errno, 0);
    assert.deepEqual(ownLines(result), versioned ? ['minimal: module_layout: kernel tainted.', LOCKDEP] : []);
    assert.equal(result.taints, versioned ? 'FOE' : 'OE');
  });

  test(`${generation}: flag 2 takes vermagic away`, () => {
    const result = load(generation, ko.bytes, { flags: 2 });
    assert.equal(result.errno, 0);
    assert.deepEqual(ownLines(result), ['minimal: bad vermagic: kernel tainted.', LOCKDEP]);
    assert.equal(result.taints, 'FOE');
  });

  test(`${generation}: both flags, one line`, () => {
    const result = load(generation, ko.bytes, { flags: 3 });
    assert.deepEqual(
      [result.errno, ownLines(result)],
      [0, [`minimal: ${versioned ? 'module_layout' : 'bad vermagic'}: kernel tainted.`, LOCKDEP]],
    );
  });

  test(`${generation}: without MODULE_FORCE_LOAD the flags refuse, silently`, () => {
    const system = new System(configured(generation, { MODULE_FORCE_LOAD: null }));
    for (const flags of versioned ? [1, 2, 3] : [2, 3]) {
      const result = system.insmod(moduleFile(ko), '', { flags });
      assert.deepEqual([result.errno, texts(result)], [8, []], `flags ${flags}`);
    }
    assert.equal(system.taints, '');
  });

  test(`${generation}: flags nobody knows`, () => {
    for (const flags of [8, 0x10, 0x8000_0000, -1]) {
      const result = load(generation, ko.bytes, { flags });
      assert.deepEqual([result.errnoName, texts(result), result.stages.length], ['EINVAL', [], 1], `flags ${flags}`);
      // Asked before the file is even looked at.
      assert.equal(load(generation, new Uint8Array(), { flags }).stages[0]?.outcome, 'refused');
    }
  });

  test(`${generation}: flag 4 on a file that is not compressed`, () => {
    const result = load(generation, ko.bytes, { flags: 4 });
    const expected = { '5.10': 'EINVAL', '6.1': 'EOPNOTSUPP', '6.12': 'EINVAL', '7.2': 'EINVAL' };
    assert.equal(result.errnoName, expected[generation]);
    const unpacks = generation === '6.12' || generation === '7.2';
    assert.deepEqual(texts(result), unpacks ? ['not an xz compressed module'] : []);
  });

  test(`${generation}: init_module has no flags`, () => {
    const result = load(generation, ko.bytes, { syscall: 'init_module', flags: 3 });
    assert.deepEqual([result.errno, result.taints, result.stages[0]?.name], [0, 'OE', 'init_module']);
  });

  test(`${generation}: an empty file`, () => {
    assert.equal(load(generation, new Uint8Array()).errnoName, 'EINVAL');
    assert.equal(load(generation, new Uint8Array(), { syscall: 'init_module' }).errnoName, 'ENOEXEC');
  });

  test(`${generation}: a text file`, () => {
    const text = Buffer.from('#include <linux/module.h>\n'.repeat(4));
    const short = load(generation, text.subarray(0, 26));
    const long = load(generation, text);
    assert.deepEqual([short.errnoName, long.errnoName], ['ENOEXEC', 'ENOEXEC']);
    if (generation === '5.10') {
      assert.deepEqual([texts(short), texts(long)], [[SUMMARY], [SUMMARY]]);
    } else {
      assert.deepEqual(texts(short), ['Invalid ELF header len 26']);
      assert.deepEqual(texts(long), ['Invalid ELF header magic: != \\x7fELF']);
    }
    assert.deepEqual(texts(load(generation, text.subarray(0, 26), { syscall: 'init_module' })), []);
  });

  test(`${generation}: cut off at every border of its structure`, () => {
    const ends = ko.sections.flatMap(({ sh_offset, sh_size, sh_type }) =>
      sh_type === 8 ? [sh_offset] : [sh_offset, sh_offset + sh_size],
    );
    const borders = new Set([1, 4, 16, 63, 64, 65, ...ends.flatMap(end => [end - 1, end, end + 1])]);
    const headers = ko.bytes.length - ko.sections.length * 64;
    for (let i = 0; i < ko.sections.length; i++) borders.add(headers + i * 64);
    borders.add(ko.bytes.length - 1);
    for (const length of borders) {
      if (length <= 0 || length >= ko.bytes.length) continue;
      const result = load(generation, ko.bytes.subarray(0, length));
      assert.equal(result.errnoName, 'ENOEXEC', `cut to ${length}`);
      const line = length < 64 ? `Invalid ELF header len ${length}` : 'Invalid ELF section header overflow';
      assert.deepEqual(texts(result), [generation === '5.10' ? SUMMARY : line], `cut to ${length}`);
    }
    const whole = load(generation, ko.bytes);
    assert.equal(whole.errno, 0);
  });

  test(`${generation}: built for another machine`, () => {
    for (const [machine, name] of [
      [183, 'arm64'],
      [3, 'i386'],
      [0, 'none'],
      [0xffff, 'none'],
    ] as const) {
      const result = new System(factsOf(generation)).insmod(moduleFile(ko, [ko.setEhdr('e_machine', machine)]));
      const line = `Invalid architecture in ELF header: ${machine}`;
      assert.deepEqual([result.errno, texts(result)], [8, [generation === '5.10' ? SUMMARY : line]], name);
    }
    const linked = new System(factsOf(generation)).insmod(moduleFile(ko, [ko.setEhdr('e_type', 3)]));
    const line = 'Invalid ELF header type: 3 != 1';
    assert.deepEqual([linked.errno, texts(linked)], [8, [generation === '5.10' ? SUMMARY : line]], 'shared object');
  });

  test(`${generation}: modules of the other kernels`, () => {
    for (const other of GENERATIONS) {
      const result = load(generation, fixture(other, 'minimal').bytes);
      assert.equal(result.errno, other === generation ? 0 : 8, `built for ${other}`);
    }
  });
}

const SUMMARY = 'Module has invalid ELF structures';

test('kernels before 3.8 have no finit_module, and what asks for it falls back to init_module', () => {
  const facts = { ...factsOf('5.10'), release: '2.6.39-4-amd64' };
  const file = moduleFile(fixture('5.10', 'minimal'));
  const result = new System(facts).insmod(file);
  assert.equal(result.stages[0]?.name, 'init_module');
  assert.deepEqual(result, new System(facts).insmod(file, '', { syscall: 'init_module' }));
  // What the flags of finit_module() ignore, kmod takes out of the copy.
  const wrong = { path: 'x.ko', bytes: fixture('6.1', 'minimal').bytes };
  assert.match(new System(facts).insmod(wrong).log[0]?.text ?? '', /disagrees about version of symbol module_layout/);
  const forced = new System(facts).insmod(wrong, '', { flags: 3 });
  assert.ok(!forced.log.some(({ text }) => text.includes('disagrees')));
});
