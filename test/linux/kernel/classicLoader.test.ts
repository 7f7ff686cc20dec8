// Rules that changed between 2.6.21 and 4.20: the same module on kernels before and after.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type KernelFacts, type LoadResult } from '../../../src/index';
import type { Arch } from '../../../src/target/types';
import { classicFacts } from '../../support/classicFacts';
import { classicModule, I386, X86_64, type ClassicModule } from '../../support/classicModule';

interface Kernel {
  readonly arch?: Arch;
  readonly config?: Readonly<Record<string, string>>;
  /** Name, CRC and how it was exported. */
  readonly exports?: readonly (readonly [name: string, crc: number, type?: string])[];
}

function kernel(release: string, { arch = 'i386', config = {}, exports = [] }: Kernel = {}): KernelFacts {
  const options = { MODULES: 'y', MODULE_UNLOAD: 'y', KALLSYMS: 'y', UNUSED_SYMBOLS: 'y', ...config };
  return classicFacts(
    { release, arch, vermagic: `${release} mod_unload `, config: options },
    exports.map(([name, crc, type = 'EXPORT_SYMBOL']) => ({ name, crc, type })),
  );
}

function moduleFor(release: string, more: Partial<ClassicModule> = {}): ClassicModule {
  const modinfo = ['license=GPL', 'intree=Y', `vermagic=${release} mod_unload `];
  return { name: 'm', format: I386, modinfo, ...more };
}

function load(release: string, more: Partial<ClassicModule> = {}, on: Kernel = {}, args = ''): LoadResult {
  return new System(kernel(release, on)).insmod(classicModule(moduleFor(release, more)), args);
}

const linesOf = ({ log }: LoadResult): string[] => log.map(({ text }) => text);
const answer = (result: LoadResult): (string | null)[] => [result.errnoName, ...linesOf(result)];

test('a missing symbol: no number, then 0, then the error', () => {
  const missing = { undefinedSymbols: ['absent'] };
  assert.deepEqual(answer(load('2.6.34', missing)), ['ENOENT', 'm: Unknown symbol absent']);
  assert.deepEqual(answer(load('2.6.35', missing)), ['ENOENT', 'm: Unknown symbol absent (err 0)']);
  assert.deepEqual(answer(load('4.18', missing)), ['ENOENT', 'm: Unknown symbol absent (err 0)']);
  assert.deepEqual(answer(load('4.19', missing)), ['ENOENT', 'm: Unknown symbol absent (err -2)']);
});

test('a symbol without a version refuses before 4.9, and one of another version is not there before 2.6.35', () => {
  const on: Kernel = {
    config: { MODVERSIONS: 'y' },
    exports: [
      ['module_layout', 1],
      ['printk', 2],
    ],
  };
  const lacking = { undefinedSymbols: ['printk'], versions: [['module_layout', 1]] } as const;
  const lines = ['m: no symbol version for printk', 'm: Unknown symbol printk (err -22)'];
  assert.deepEqual(answer(load('4.8', lacking, on)), ['EINVAL', ...lines]);
  assert.deepEqual(answer(load('4.9', lacking, on)), [null, 'm: no symbol version for printk']);
  const other = {
    undefinedSymbols: ['printk'],
    versions: [
      ['module_layout', 1],
      ['printk', 3],
    ],
  } as const;
  const disagrees = 'm: disagrees about version of symbol printk';
  assert.deepEqual(answer(load('3.0', other, on)), ['EINVAL', disagrees, 'm: Unknown symbol printk (err -22)']);
  assert.deepEqual(answer(load('2.6.32', other, on)), ['ENOENT', disagrees, 'm: Unknown symbol printk']);
});

test('before 2.6.30 the CRC of struct module went by another name', () => {
  const on: Kernel = { config: { MODVERSIONS: 'y' }, exports: [['struct_module', 1]] };
  const wrong = { versions: [['struct_module', 2]] } as const;
  assert.deepEqual(answer(load('2.6.29', wrong, on)), [
    'ENOEXEC',
    'm: disagrees about version of symbol struct_module',
  ]);
  assert.equal(load('2.6.30', wrong, on).errno, 0);
});

test('out of tree: no taint, a taint without a line, then with one', () => {
  const outside = (release: string): Partial<ClassicModule> => ({
    modinfo: ['license=GPL', `vermagic=${release} mod_unload `],
  });
  const at = (release: string): readonly [string, string[]] => {
    const result = load(release, outside(release));
    return [result.taints, linesOf(result)];
  };
  assert.deepEqual(at('3.1'), ['', []]);
  assert.deepEqual(at('3.18'), ['O', []]);
  assert.deepEqual(at('4.4'), ['O', ['m: loading out-of-tree module taints kernel.']]);
});

test('unsigned: F, F with another line, E', () => {
  const on: Kernel = { config: { MODULE_SIG: 'y' } };
  const line = (spaces: string): string =>
    `m: module verification failed: signature and/or${spaces}required key missing - tainting kernel`;
  const at = (release: string): readonly [string, string[]] => {
    const result = load(release, {}, on);
    return [result.taints, linesOf(result)];
  };
  assert.deepEqual(at('3.6'), ['', []]);
  assert.deepEqual(at('3.7'), ['F', ['Disabling lock debugging due to kernel taint']]);
  assert.deepEqual(at('3.10'), ['F', [line('  ')]]);
  assert.deepEqual(at('3.18'), ['E', [line('  ')]]);
  assert.deepEqual(at('4.4'), ['E', [line(' ')]]);
});

/** Name of the signer, identifier of its key, signature, and the information block of 3.7 to 4.2. */
function oldSignature(
  fields: { readonly idType?: number; readonly hash?: number; readonly length?: number } = {},
): Uint8Array {
  const { idType = 1, hash = 6, length = 64 } = fields;
  const info = Buffer.alloc(12);
  info.set([1, hash, idType, 6, 4]);
  info.writeUInt32BE(length, 8);
  const marker = '~Module signature appended~\n';
  return Buffer.concat([Buffer.from('signer'), Buffer.alloc(4, 7), Buffer.alloc(64, 9), info, Buffer.from(marker)]);
}

test('signatures of 3.7 to 4.2 name a signer and a key, and later kernels do not take them', () => {
  const on: Kernel = { config: { MODULE_SIG: 'y' } };
  const verified = load('3.10', { trailer: oldSignature() }, on);
  assert.deepEqual(answer(verified), [null]);
  const stage = verified.stages.find(({ name }) => name === 'module_sig_check');
  assert.equal(stage?.outcome, 'not-checked');
  assert.equal(load('3.10', { trailer: oldSignature({ idType: 0 }) }, on).errnoName, 'ENOPKG');
  assert.equal(load('3.10', { trailer: oldSignature({ hash: 9 }) }, on).errnoName, 'ENOPKG');
  assert.equal(load('3.10', { trailer: oldSignature({ length: 1 << 30 }) }, on).errnoName, 'EBADMSG');
  assert.equal(load('4.4', { trailer: oldSignature() }, on).errnoName, 'ENOPKG');
});

test('unsigned and enforced is a missing key before 5.4', () => {
  const on: Kernel = { config: { MODULE_SIG: 'y', MODULE_SIG_FORCE: 'y' } };
  assert.deepEqual(answer(load('4.19', {}, on)), ['ENOKEY']);
  assert.deepEqual(answer(load('5.4', {}, on)), ['EKEYREJECTED', 'Loading of unsigned module is rejected']);
});

test('a cut-off section, and a file without struct module', () => {
  for (const [release, name] of [
    ['2.6.32', ''],
    ['4.16', ''],
    ['4.17', '(missing .modinfo section or name field): '],
  ] as const) {
    const facts = kernel(release);
    const { path, bytes } = classicModule(moduleFor(release));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const headers = view.getUint32(32, true);
    const cut = bytes.slice();
    new DataView(cut.buffer).setUint32(headers + 40 + 20, 1 << 20, true);
    const truncated = new System(facts).insmod({ path, bytes: cut });
    assert.deepEqual(answer(truncated), ['ENOEXEC', `Module len ${bytes.length} truncated`], release);
    const gone = Buffer.from(bytes);
    const at = gone.indexOf('.gnu.linkonce.this_module\0.', 0, 'latin1');
    gone.write('.gnu.linkonce.that_module', at < 0 ? gone.indexOf('.gnu.linkonce.this_module') : at, 'latin1');
    assert.deepEqual(answer(new System(facts).insmod({ path, bytes: gone })), [
      'ENOEXEC',
      `${name}No module found in object`,
    ]);
  }
});

test('a name that is taken: found first, found late, found early', () => {
  for (const [release, expected] of [
    ['2.6.32', ['EEXIST']],
    // The list is looked at when the module is ready for it.
    ['3.0', ['ENOENT', 'm: Unknown symbol absent (err 0)']],
    ['3.9', ['EEXIST']],
  ] as const) {
    const system = new System(kernel(release));
    assert.equal(system.insmod(classicModule(moduleFor(release))).errno, 0);
    const again = moduleFor(release, { undefinedSymbols: ['absent'] });
    assert.deepEqual(answer(system.insmod(classicModule(again))), expected, release);
  }
});

test('up to 2.6.35 exports are looked at behind symbols, and a duplicate before parameters', () => {
  const stages = load('2.6.32').stages.map(({ name }) => name);
  const order = [
    'find_module',
    'layout_and_allocate',
    'set_license',
    'simplify_symbols',
    'find_module_sections',
    'list_add',
  ];
  assert.deepEqual(
    stages.filter(name => order.includes(name)),
    order,
  );
  assert.equal(stages.at(-1), 'sys_init_module');
});

test('announced and unused exports, with all lines of the time', () => {
  const on: Kernel = {
    exports: [
      ['soon', 0, 'EXPORT_SYMBOL_GPL_FUTURE'],
      ['old', 0, 'EXPORT_UNUSED_SYMBOL'],
    ],
  };
  const closed = (release: string): Partial<ClassicModule> => ({
    modinfo: ['license=Proprietary', 'intree=Y', `vermagic=${release} mod_unload `],
    undefinedSymbols: ['soon', 'old'],
  });
  const future = 'Symbol soon is being used by a non-GPL module, which will not be allowed in the future';
  const file =
    'Please see the file Documentation/feature-removal-schedule.txt in the kernel source tree for more details.';
  const old = linesOf(load('3.0', closed('3.0'), on));
  assert.deepEqual(old.slice(2, 5), [future, file, 'Symbol old is marked as UNUSED, however this module is using it.']);
  assert.equal(old.length, 7);
  const later = linesOf(load('4.4', closed('4.4'), on));
  assert.ok(later.includes(future) && !later.includes(file));
});

test('an unsorted table of exports is searched by halves since 3.0', () => {
  const words = (release: string): Partial<ClassicModule> => ({
    exports: ['z', 'a', 'm', 'b'].map(name => ({ name })),
    ...moduleFor(release),
  });
  for (const [release, found] of [
    ['2.6.39', true],
    ['3.0', false],
  ] as const) {
    const system = new System(kernel(release));
    assert.equal(system.insmod(classicModule({ ...moduleFor(release), ...words(release), name: 'p' })).errno, 0);
    const user = moduleFor(release, { undefinedSymbols: ['z'] });
    assert.equal(system.insmod(classicModule(user)).errno === 0, found, release);
  }
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('parameters with set and get functions, and bools that are ints', () => {
  const types = ['int', 'bool', 'charp'];
  const exports = ['array_set', 'array_get', ...types.flatMap(type => [`set_${type}`, `get_${type}`])];
  const on: Kernel = { exports: exports.map(name => [`param_${name}`, 0] as const) };
  for (const format of [I386, X86_64]) {
    const arch: Arch = format.is64 ? 'x86_64' : 'i386';
    const module: Partial<ClassicModule> = {
      format,
      paramForm: 'functions',
      params: [
        { name: 'number', type: 'int', value: bytes(5, 0, 0, 0) },
        { name: 'flag', type: 'bool', value: bytes(0, 1, 0, 0) },
        { name: 'small', type: 'bool', value: bytes(1, 9, 9, 9), flags: 2 },
        { name: 'text', type: 'charp', value: bytes(), text: 'abc' },
        { name: 'list', type: 'int', value: new Uint8Array(8), array: { max: 2, elemsize: 4, counted: true } },
      ],
    };
    const values = (args: string): Record<string, string | null> =>
      Object.fromEntries(load('2.6.32', module, { ...on, arch }, args).params.map(({ name, value }) => [name, value]));
    const base = { number: '5', flag: 'Y', small: 'Y', text: 'abc', list: '' };
    assert.deepEqual(values(''), base, arch);
    const set = { number: '-3', flag: 'N', small: 'N', text: 'x', list: '1,2' };
    assert.deepEqual(values('number=-3 flag=n small=0 text=x list=1,2'), set, arch);
    const three = load('2.6.32', module, { ...on, arch }, 'list=1,2,3');
    assert.deepEqual(answer(three), [
      'EINVAL',
      'list: can only take 2 arguments',
      "m: `1' invalid for parameter `list'",
    ]);
    assert.deepEqual(answer(load('2.6.32', module, { ...on, arch }, 'text')), [
      'EINVAL',
      'text: string parameter expected',
      "m: `' invalid for parameter `text'",
    ]);
  }
});

test('numbers: wrapped, out of range of a long, out of range of the type', () => {
  const exports = ['short', 'uint', 'bool'].flatMap(type => [
    [`param_ops_${type}`, 0] as const,
    [`param_set_${type}`, 0] as const,
    [`param_get_${type}`, 0] as const,
  ]);
  const given = (release: string, args: string, paramForm: ClassicModule['paramForm'] = 'ops'): string | null =>
    load(
      release,
      {
        format: X86_64,
        paramForm,
        params: [
          { name: 's', type: 'short', value: bytes(0, 0) },
          { name: 'u', type: 'uint', value: bytes(0, 0, 0, 0) },
          { name: 'b', type: 'bool', value: bytes(0, 0, 0, 0), flags: 2 },
        ],
      },
      { arch: 'x86_64', exports },
      args,
    ).errnoName;
  assert.equal(given('3.14', 's=32768'), 'EINVAL');
  assert.equal(given('3.15', 's=32768'), 'ERANGE');
  assert.equal(given('3.14', 'u=99999999999999999999'), 'ERANGE');
  assert.equal(given('2.6.38', 'u=18446744073709551617'), null, 'wraps to 1');
  assert.equal(given('2.6.38', 'u=1x'), 'EINVAL');
  assert.equal(given('2.6.24', 'u=1x', 'functions'), null, 'what follows is not looked at');
  assert.equal(given('4.5', 'b=on', 'module'), 'EINVAL');
  assert.equal(given('4.6', 'b=on', 'module'), null);
});

test('unknown parameters: refused, with the error of dynamic debug where that is asked first', () => {
  const debug: Kernel = { config: { DYNAMIC_DEBUG: 'y' } };
  assert.deepEqual(answer(load('2.6.32', {}, {}, 'x=1')), ['ENOENT', "m: Unknown parameter `x'"]);
  assert.deepEqual(answer(load('3.10', {}, {}, 'x=1')), ['EINVAL', "m: `1' invalid for parameter `x'"]);
  assert.deepEqual(answer(load('3.10', {}, debug, 'x=1')), ['ENOENT', "m: Unknown parameter `x'"]);
  assert.deepEqual(answer(load('3.11', {}, debug, 'x=1')), [null, "m: unknown parameter 'x' ignored"]);
  // Before 3.15 two dashes are a name like any other.
  assert.deepEqual(answer(load('3.14', {}, debug, '-- x')), [
    null,
    "m: unknown parameter '--' ignored",
    "m: unknown parameter 'x' ignored",
  ]);
});

test('a positive result of init names the function that ran it', () => {
  for (const [release, caller] of [
    ['3.7', 'sys_init_module'],
    ['3.8', 'do_init_module'],
  ] as const) {
    const result = new System(kernel(release)).insmod(classicModule(moduleFor(release)), '', { initResult: 1 });
    assert.match(linesOf(result)[0] ?? '', new RegExp(`^${caller}: 'm'->init suspiciously returned 1,`));
  }
});

test('symbols that outlive init, and what is kept about them', () => {
  const entries = (release: string): string[] =>
    load(release)
      .layout.regions.flatMap(({ sections }) => sections.map(({ name }) => name))
      .filter(name => /sym|str|tab|kall/.test(name) && !name.startsWith('.rodata'));
  assert.deepEqual(entries('2.6.32'), ['.symtab', '.strtab']);
  assert.deepEqual(entries('3.10'), ['<core symtab>', '<core strtab>', '.symtab', '.strtab']);
  assert.deepEqual(entries('4.8'), ['<core symtab>', '<core strtab>', '.symtab', '.strtab', '<mod_kallsyms>']);
  assert.ok(entries('5.2').includes('<core typetab>'));
});

test('what older tools left in a module', () => {
  const section = { name: '__obsparm', flags: 2, data: bytes(0, 0, 0, 0) };
  assert.deepEqual(answer(load('2.6.24', { sections: [section] })), [null, 'm: Ignoring obsolete parameters']);
  const percpu = (name: string): Partial<ClassicModule> => ({
    sections: [{ name, flags: 3, data: new Uint8Array(8) }],
  });
  const on: Kernel = { config: { SMP: 'y' } };
  const hasPercpu = (release: string, name: string): boolean =>
    load(release, percpu(name), on).layout.regions.some(region => region.name === 'percpu');
  assert.ok(hasPercpu('2.6.32', '.data.percpu') && !hasPercpu('2.6.32', '.data..percpu'));
  assert.ok(hasPercpu('2.6.39', '.data..percpu') && !hasPercpu('2.6.39', '.data.percpu'));
});
