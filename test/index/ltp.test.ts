// The errno tables of the Linux Test Project for init_module, finit_module and delete_module: one line for each of its
// cases. Its test module has a string parameter `status` and an init that returns -EINVAL for "invalid".
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type InsmodOptions } from '../../src/index';
import { factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../support/recorded';

/** How a case is put to the engine, or why it cannot be. */
type Question = ((generation: Generation) => { readonly errnoName: string | null }) | { readonly undecided: string };

interface LtpCase {
  readonly call: 'init_module01' | 'init_module02' | 'finit_module01' | 'finit_module02' | 'delete_module';
  readonly name: string;
  readonly errno: string | null;
  readonly ask: Question;
}

const ENFORCED = 'module.sig_enforce=1';

interface Ask {
  readonly cmdline?: string;
  readonly args?: string;
  readonly twice?: boolean;
  readonly bytes?: Uint8Array;
  readonly options?: InsmodOptions;
}

const load =
  (
    syscall: 'init_module' | 'finit_module',
    { cmdline = '', args = '', twice = false, bytes, options = {} }: Ask = {},
  ) =>
  (generation: Generation) => {
    const system = new System(factsOf(generation), { cmdline });
    const file = moduleFile(fixture(generation, 'paramkinds'));
    const wanted = bytes ? { ...file, bytes } : file;
    if (twice) system.insmod(wanted, args, { ...options, syscall });
    return system.insmod(wanted, args, { ...options, syscall });
  };

const remove =
  (name: string, loaded: readonly string[] = [], cmdline = '') =>
  (generation: Generation) => {
    const system = new System(factsOf(generation), { cmdline });
    for (const module of loaded) assert.equal(system.insmod(moduleFile(fixture(generation, module))).errno, 0);
    return system.rmmod(name);
  };

const POINTER = 'a pointer of the caller: user memory is not simulated';
const DESCRIPTOR = 'a property of the file descriptor: the engine is given bytes';

const CASES: readonly LtpCase[] = [
  { call: 'init_module01', name: 'loads', errno: null, ask: load('init_module', { args: 'p_string=valid' }) },
  {
    call: 'init_module01',
    name: 'enforced',
    errno: 'EKEYREJECTED',
    ask: load('init_module', { cmdline: ENFORCED, args: 'p_string=valid' }),
  },
  { call: 'init_module02', name: 'NULL-buffer', errno: 'EFAULT', ask: { undecided: POINTER } },
  { call: 'init_module02', name: 'faulty-buffer', errno: 'EFAULT', ask: { undecided: POINTER } },
  { call: 'init_module02', name: 'null-param', errno: 'EFAULT', ask: { undecided: POINTER } },
  { call: 'init_module02', name: 'zero-size', errno: 'ENOEXEC', ask: load('init_module', { bytes: new Uint8Array() }) },
  {
    // Decided by the init of the module, which is never run: the caller says what it returns.
    call: 'init_module02',
    name: 'invalid_param',
    errno: 'EINVAL',
    ask: load('init_module', { args: 'p_string=invalid', options: { initResult: -22 } }),
  },
  // Capabilities are not simulated; the other half of the same test, modules_disabled, is.
  { call: 'init_module02', name: 'no-perm', errno: 'EPERM', ask: load('init_module', { cmdline: 'nomodule' }) },
  { call: 'init_module02', name: 'module-exists', errno: 'EEXIST', ask: load('init_module', { twice: true }) },
  {
    call: 'init_module02',
    name: 'module-unsigned',
    errno: 'EKEYREJECTED',
    ask: load('init_module', { cmdline: ENFORCED }),
  },
  { call: 'finit_module01', name: 'loads', errno: null, ask: load('finit_module', { args: 'p_string=valid' }) },
  { call: 'finit_module02', name: 'invalid-fd', errno: 'EBADF', ask: { undecided: DESCRIPTOR } },
  { call: 'finit_module02', name: 'zero-fd', errno: 'EINVAL', ask: { undecided: DESCRIPTOR } },
  { call: 'finit_module02', name: 'null-param', errno: 'EFAULT', ask: { undecided: POINTER } },
  {
    call: 'finit_module02',
    name: 'invalid-param',
    errno: 'EINVAL',
    ask: load('finit_module', { args: 'p_string=invalid', options: { initResult: -22 } }),
  },
  {
    call: 'finit_module02',
    name: 'invalid-flags',
    errno: 'EINVAL',
    ask: load('finit_module', { options: { flags: -1 } }),
  },
  { call: 'finit_module02', name: 'no-perm', errno: 'EPERM', ask: load('finit_module', { cmdline: 'nomodule' }) },
  { call: 'finit_module02', name: 'module-exists', errno: 'EEXIST', ask: load('finit_module', { twice: true }) },
  {
    call: 'finit_module02',
    name: 'module-unsigned',
    errno: 'EKEYREJECTED',
    ask: load('finit_module', { cmdline: ENFORCED }),
  },
  { call: 'finit_module02', name: 'file-not-readable', errno: 'EBADF', ask: { undecided: DESCRIPTOR } },
  { call: 'finit_module02', name: 'file-readwrite', errno: 'ETXTBSY', ask: { undecided: DESCRIPTOR } },
  { call: 'finit_module02', name: 'directory', errno: 'EINVAL', ask: { undecided: DESCRIPTOR } },
  { call: 'delete_module', name: 'loaded and unused', errno: null, ask: remove('minimal', ['minimal']) },
  { call: 'delete_module', name: 'nonexistent name', errno: 'ENOENT', ask: remove('dummy_4711') },
  { call: 'delete_module', name: 'empty name', errno: 'ENOENT', ask: remove('') },
  { call: 'delete_module', name: 'bad pointer', errno: 'EFAULT', ask: { undecided: POINTER } },
  { call: 'delete_module', name: 'long name', errno: 'ENOENT', ask: remove('m'.repeat(55)) },
  { call: 'delete_module', name: 'not root', errno: 'EPERM', ask: remove('minimal', [], 'nomodule') },
  { call: 'delete_module', name: 'used by another', errno: 'EAGAIN', ask: remove('exporter', ['exporter', 'chain']) },
];

for (const { call, name, errno, ask } of CASES) {
  test(`${call} ${name}: ${errno ?? 'success'}`, t => {
    if (typeof ask !== 'function') {
      assert.ok(ask.undecided.length > 0);
      t.diagnostic(`not decided by the engine: ${ask.undecided}`);
      return;
    }
    for (const generation of GENERATIONS) assert.equal(ask(generation).errnoName, errno, generation);
  });
}

test('the table holds every case, and names those the engine does not decide', () => {
  const undecided = CASES.filter(({ ask }) => typeof ask !== 'function').map(({ call, name }) => `${call} ${name}`);
  assert.equal(CASES.length, 29);
  assert.deepEqual(undecided, [
    'init_module02 NULL-buffer',
    'init_module02 faulty-buffer',
    'init_module02 null-param',
    'finit_module02 invalid-fd',
    'finit_module02 zero-fd',
    'finit_module02 null-param',
    'finit_module02 file-not-readable',
    'finit_module02 file-readwrite',
    'finit_module02 directory',
    'delete_module bad pointer',
  ]);
});

test('the order behind the table: permission, flags, contents, signature, name, symbols', () => {
  const garbage = new Uint8Array([1, 2, 3]);
  for (const generation of GENERATIONS) {
    const all = { bytes: garbage, cmdline: `nomodule ${ENFORCED}`, options: { flags: -1 } };
    assert.equal(load('finit_module', all)(generation).errnoName, 'EPERM');
    assert.equal(load('finit_module', { ...all, cmdline: ENFORCED })(generation).errnoName, 'EINVAL');
    // The signature is looked at before the file is known to be ELF.
    assert.equal(load('finit_module', { bytes: garbage, cmdline: ENFORCED })(generation).errnoName, 'EKEYREJECTED');
    assert.equal(load('finit_module', { bytes: garbage })(generation).errnoName, 'ENOEXEC');
    // A name that is taken is noticed before symbols are.
    const system = new System(factsOf(generation));
    const exporter = fixture(generation, 'exporter');
    const chain = moduleFile(fixture(generation, 'chain'));
    system.insmod(moduleFile(exporter));
    assert.equal(system.insmod(chain).errno, 0);
    const broken = moduleFile(fixture(generation, 'chain'), [
      ...fixture(generation, 'chain')
        .symbols.filter(symbol => symbol.name === 'suite_plain')
        .map(symbol => fixture(generation, 'chain').setSymbol(symbol.index, 'st_name', 0)),
    ]);
    assert.equal(system.insmod(broken).errnoName, 'EEXIST');
    system.rmmod('chain');
    assert.equal(system.insmod(broken).errnoName, 'ENOENT');
  }
});
